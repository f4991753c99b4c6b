//! Structs: open for new fields, silent about secrets, patient with `null` lists.

use quote::quote;
use syn::{Attribute, Field, Fields, Item, ItemStruct, Meta, parse_quote};

use super::requests::first_argument;
use crate::lower::Model;

/// Refines every struct and enum of `types`.
pub(super) fn refine(types: &mut Vec<Item>, model: &Model, runtime: &syn::Path) {
    let mut refined = Vec::with_capacity(types.len());
    for mut item in types.drain(..) {
        let mut debug = None;
        match &mut item {
            Item::Struct(of) => {
                of.attrs.insert(0, parse_quote! { #[non_exhaustive] });
                derive_schema(&mut of.attrs);
                accept_null_lists(of, runtime);
                debug = redact(of, model);
            }
            Item::Enum(of) => {
                of.attrs.insert(0, parse_quote! { #[non_exhaustive] });
                derive_schema(&mut of.attrs);
            }
            _ => {}
        }
        refined.push(item);
        refined.extend(debug);
    }
    *types = refined;
}

fn derive_schema(attributes: &mut Vec<Attribute>) {
    attributes.push(parse_quote! {
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    });
}

/// A Go server says `null` for an empty list or map.
fn accept_null_lists(of: &mut ItemStruct, runtime: &syn::Path) {
    let path = quote!(#runtime::null_as_default)
        .to_string()
        .replace(' ', "");
    for field in &mut of.fields {
        let flattened = field.attrs.iter().any(|attribute| {
            is_serde(attribute) && quote!(#attribute).to_string().contains("flatten")
        });
        if is_collection(&field.ty) && field.ident.is_some() && !flattened {
            field
                .attrs
                .push(parse_quote! { #[serde(deserialize_with = #path)] });
        }
    }
}

/// Whether a type is a list or a map.
fn is_collection(of: &syn::Type) -> bool {
    matches!(
        last_segment(of).as_deref(),
        Some("Vec" | "BTreeMap" | "Map")
    )
}

/// The last word of a path type.
pub(super) fn last_segment(of: &syn::Type) -> Option<String> {
    match of {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// Replaces `derive(Debug)` where a field is secret.
fn redact(of: &mut ItemStruct, model: &Model) -> Option<Item> {
    let name = of.ident.to_string();
    let secrets = model.secrets.get(&name);
    let all = model.secret_types.contains(&name);
    if secrets.is_none() && !all {
        return None;
    }
    for attribute in &mut of.attrs {
        retain_derives(attribute, |derived| derived != "Debug");
    }
    let ident = &of.ident;
    let body = match &of.fields {
        Fields::Named(fields) => {
            let shown = fields.named.iter().filter_map(|field| {
                let ident = field.ident.as_ref()?;
                let secret = all || secrets.is_some_and(|names| names.contains(&wire_name(field)));
                let label = ident.to_string();
                Some(if secret {
                    quote! { .field(#label, &::std::format_args!("[redacted]")) }
                } else {
                    quote! { .field(#label, &self.#ident) }
                })
            });
            quote! { f.debug_struct(#name) #(#shown)* .finish() }
        }
        _ => quote! { f.debug_tuple(#name).field(&::std::format_args!("[redacted]")).finish() },
    };
    Some(parse_quote! {
        impl ::std::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { #body }
        }
    })
}

/// The name of a field in JSON.
pub(super) fn wire_name(field: &Field) -> String {
    let mut name = field
        .ident
        .as_ref()
        .map(|ident| ident.to_string().trim_start_matches("r#").to_owned())
        .unwrap_or_default();
    for attribute in field.attrs.iter().filter(|attribute| is_serde(attribute)) {
        // Other arguments have values of their own, which have to be read past.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = meta.value()?.parse::<syn::LitStr>()?.value();
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    name
}

pub(super) fn is_serde(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde")
}

/// Drops names from a `derive`.
pub(super) fn retain_derives(attribute: &mut Attribute, keep: impl Fn(&str) -> bool) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let Meta::List(list) = &attribute.meta else {
        return;
    };
    let parser = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
    let Ok(paths) = list.parse_args_with(parser) else {
        return;
    };
    let kept = paths.iter().filter(|path| {
        path.segments
            .last()
            .is_none_or(|last| keep(&last.ident.to_string()))
    });
    *attribute = parse_quote! { #[derive(#(#kept),*)] };
}

/// `T` of `Option<T>`.
pub(super) fn optional(of: &syn::Type) -> Option<syn::Type> {
    (last_segment(of).as_deref() == Some("Option"))
        .then(|| first_argument(of))
        .flatten()
}

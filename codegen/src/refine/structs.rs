//! Structs: open for new fields, without secrets in `Debug`.

use quote::quote;
use syn::{Attribute, Field, Fields, Item, ItemStruct, Meta, parse_quote};

use super::definition::Definition;
use super::requests::first_argument;
use crate::lower::Model;

/// Refines every struct of `types`.
pub(super) fn refine(types: &mut [Definition], model: &Model) {
    for definition in types {
        if let Item::Struct(of) = &mut definition.item {
            of.attrs.insert(0, parse_quote! { #[non_exhaustive] });
            derive_schema(&mut of.attrs);
            restore_names(of, model);
            state_absence(of, model);
            tell_null_from_absence(of, model);
            let debug = redact(of, model);
            definition.implementations.extend(debug);
        }
    }
}

fn derive_schema(attributes: &mut Vec<Attribute>) {
    attributes.push(parse_quote! {
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    });
}

/// Restores the names of properties in the document.
fn restore_names(of: &mut ItemStruct, model: &Model) {
    let Some(names) = model.fields.get(&of.ident.to_string()) else {
        return;
    };
    for field in &mut of.fields {
        let given = wire_name(field);
        let Some(name) = names.get(&given) else {
            continue;
        };
        for attribute in &mut field.attrs {
            retain_serde_arguments(attribute, "rename");
        }
        field.attrs.push(parse_quote! { #[serde(rename = #name)] });
    }
}

/// Removes an argument from `#[serde(…)]`.
fn retain_serde_arguments(attribute: &mut Attribute, dropped: &str) {
    if !attribute.path().is_ident("serde") {
        return;
    }
    let Meta::List(list) = &attribute.meta else {
        return;
    };
    let parser = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
    let Ok(arguments) = list.parse_args_with(parser) else {
        return;
    };
    let kept = arguments
        .iter()
        .filter(|argument| !argument.path().is_ident(dropped));
    *attribute = parse_quote! { #[serde(#(#kept),*)] };
}

/// States which fields may be absent. typify leaves this open for fields of recursive types.
fn state_absence(of: &mut ItemStruct, model: &Model) {
    let Some(required) = model.required.get(&of.ident.to_string()) else {
        return;
    };
    for field in &mut of.fields {
        if is_flattened(field) || optional(&field.ty).is_none() {
            continue;
        }
        for attribute in &mut field.attrs {
            retain_serde_arguments(attribute, "default");
            retain_serde_arguments(attribute, "skip_serializing_if");
        }
        if !required.contains(&wire_name(field)) {
            field.attrs.push(parse_quote! {
                #[serde(default, skip_serializing_if = "::std::option::Option::is_none")]
            });
        }
        field.attrs.retain(|attribute| !is_empty(attribute));
    }
}

/// Returns whether an attribute is `#[serde()]`.
fn is_empty(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("serde") && list.tokens.is_empty())
}

/// Makes a field `Option<Option<T>>`: absent is `None`, `null` is `Some(None)`.
fn tell_null_from_absence(of: &mut ItemStruct, model: &Model) {
    let Some(names) = model.nullable.get(&of.ident.to_string()) else {
        return;
    };
    for field in &mut of.fields {
        if names.contains(&wire_name(field)) && optional(&field.ty).is_some() {
            let inner = &field.ty;
            field.ty = parse_quote! { ::std::option::Option<#inner> };
        }
    }
}

/// Returns whether a type is a list or a map, and not a component of the same name.
pub(super) fn is_collection(of: &syn::Type) -> bool {
    let is_foreign = matches!(of, syn::Type::Path(path) if path.path.leading_colon.is_some());
    is_foreign
        && matches!(
            last_segment(of).as_deref(),
            Some("Vec" | "BTreeMap" | "Map")
        )
}

/// Returns the last segment of a path type.
pub(crate) fn last_segment(of: &syn::Type) -> Option<String> {
    match of {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// Replaces `derive(Debug)` if a field is secret.
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
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { #body }
        }
    })
}

/// Returns the arguments of the `#[serde(…)]` of a field or type, with their value if it is a text.
pub(super) fn serde_arguments(attributes: &[Attribute]) -> Vec<(String, Option<String>)> {
    let mut arguments = Vec::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("serde")) {
        // An attribute that cannot be parsed was not written by typify.
        let _ = attribute.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(ToString::to_string);
            let mut value = None;
            if meta.input.peek(syn::Token![=]) {
                let expression: syn::Expr = meta.value()?.parse()?;
                if let syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) = expression
                {
                    value = Some(text.value());
                }
            }
            arguments.extend(name.map(|name| (name, value)));
            Ok(())
        });
    }
    arguments
}

pub(super) fn has_serde_argument(attributes: &[Attribute], name: &str) -> bool {
    serde_arguments(attributes)
        .iter()
        .any(|(argument, _)| argument == name)
}

/// Returns whether a field represents several properties of the JSON.
pub(crate) fn is_flattened(field: &Field) -> bool {
    has_serde_argument(&field.attrs, "flatten")
}

/// Returns the name of a field in JSON.
pub(crate) fn wire_name(field: &Field) -> String {
    let renamed = serde_arguments(&field.attrs)
        .into_iter()
        .find_map(|(name, value)| value.filter(|_| name == "rename"));
    renamed.unwrap_or_else(|| {
        let ident = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        ident.trim_start_matches("r#").to_owned()
    })
}

/// Returns whether a type derives a trait.
pub(crate) fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .filter_map(derived)
        .flatten()
        .any(|path| path.segments.last().is_some_and(|last| last.ident == name))
}

type Derived = syn::punctuated::Punctuated<syn::Path, syn::Token![,]>;

fn derived(attribute: &Attribute) -> Option<Derived> {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("derive") => {
            list.parse_args_with(Derived::parse_terminated).ok()
        }
        _ => None,
    }
}

/// Removes names from a `derive`.
pub(super) fn retain_derives(attribute: &mut Attribute, keep: impl Fn(&str) -> bool) {
    let Some(paths) = derived(attribute) else {
        return;
    };
    let kept = paths.iter().filter(|path| {
        path.segments
            .last()
            .is_none_or(|last| keep(&last.ident.to_string()))
    });
    *attribute = parse_quote! { #[derive(#(#kept),*)] };
}

/// Returns `T` of `Option<T>`.
pub(super) fn optional(of: &syn::Type) -> Option<syn::Type> {
    (last_segment(of).as_deref() == Some("Option"))
        .then(|| first_argument(of))
        .flatten()
}

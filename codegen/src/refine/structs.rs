//! Structs: open for new fields, without secrets in `Debug`.

use quote::quote;
use syn::{Attribute, Fields, Item, ItemStruct, Meta, parse_quote};

use super::attributes::{is_flattened, retain_serde_arguments, wire_name};
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
    }
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

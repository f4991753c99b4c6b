//! Unions: enums that select the variant themselves and keep values that match none.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, ItemStruct, Type, parse_quote};

use super::definition::Definition;
use super::placeholders;
use super::requests::first_argument;
use super::structs::last_segment;
use super::tokens::shape_kind;
use crate::error::Error;
use crate::lower::{Model, Shape, Union, UnionVariant};

/// Replaces the structs that represent unions. The impls of typify do not apply to the union.
pub(super) fn open(
    types: &mut [Definition],
    model: &Model,
    runtime: &syn::Path,
) -> Result<(), Error> {
    placeholders::replace(types, &model.unions, |placeholder, of| {
        union_of(placeholder, of, model, runtime)
    })
}

fn union_of(
    placeholder: &ItemStruct,
    union: &Union,
    model: &Model,
    runtime: &syn::Path,
) -> Result<(Item, Vec<Item>), Error> {
    let ident = &placeholder.ident;
    let name = ident.to_string();
    let fields: BTreeMap<String, &Type> = placeholder
        .fields
        .iter()
        .filter_map(|field| Some((field.ident.as_ref()?.to_string(), &field.ty)))
        .collect();
    let mut types = Vec::new();
    for index in 0..union.branches.len() {
        let of = fields.get(&format!("b{index:03}"));
        types.push(*of.ok_or_else(|| {
            Error::Refine(format!("`{name}` has no field for its branch {index}"))
        })?);
    }

    let doc = match union.description.as_str() {
        "" => format!("`{ident}`"),
        text => text.to_owned(),
    };
    let variants = union.branches.iter().zip(&types).map(|(branch, of)| {
        let variant = format_ident!("{}", branch.variant);
        let about = branch_tokens(branch, union);
        quote! { #variant(#of) = #about, }
    });
    let is_secret = model.secret_types.contains(&name) || model.secrets.contains_key(&name);
    let debug = (!is_secret).then(|| quote! { #[derive(Debug)] });
    let item = parse_quote! {
        #runtime::open_union! {
            #[doc = #doc]
            #debug
            pub enum #ident { #(#variants)* }
        }
    };
    let mut implementations = conversions(ident, union, &types, model, runtime);
    if is_secret {
        implementations.push(parse_quote! {
            impl ::std::fmt::Debug for #ident {
                #[inline]
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_tuple(#name).field(&::std::format_args!("[redacted]")).finish()
                }
            }
        });
    }
    Ok((item, implementations))
}

/// Returns the expression for the `Branch` of the runtime.
fn branch_tokens(branch: &UnionVariant, union: &Union) -> TokenStream {
    let shapes = branch.shapes.iter().map(shape_tokens);
    let shapes = quote! { &[#(#shapes),*] };
    let made = match &union.property {
        Some(property) if branch.writes_tag => {
            let tags = &branch.tags;
            quote! { Branch::tagged(#property, &[#(#tags),*], #shapes) }
        }
        _ => quote! { Branch::of(#shapes) },
    };
    let made = match &union.property {
        Some(property) if branch.is_default => quote! { #made.default_for(#property) },
        _ => made,
    };
    if branch.responses.is_empty() {
        return made;
    }
    let responses = branch.responses.iter();
    let responses = responses.map(|(status, media_type)| quote! { (#status, #media_type) });
    quote! { #made.of_responses(&[#(#responses),*]) }
}

fn shape_tokens(shape: &Shape) -> TokenStream {
    let kind = shape_kind(shape.kind);
    let mut parts = Vec::new();
    for (name, values) in [
        ("required", &shape.required),
        ("optional", &shape.optional),
        ("texts", &shape.texts),
    ] {
        if !values.is_empty() {
            let name = format_ident!("{name}");
            parts.push(quote! { #name: &[#(#values),*] });
        }
    }
    if !shape.constants.is_empty() {
        let constants = shape
            .constants
            .iter()
            .map(|(name, values)| quote! { (#name, &[#(#values),*]) });
        parts.push(quote! { constants: &[#(#constants),*] });
    }
    if parts.is_empty() {
        quote! { Shape::#kind }
    } else {
        quote! { Shape { #(#parts,)* ..Shape::#kind } }
    }
}

/// Emits `From` each type that only one variant has, and from JSON.
fn conversions(
    ident: &syn::Ident,
    union: &Union,
    types: &[&Type],
    model: &Model,
    runtime: &syn::Path,
) -> Vec<Item> {
    // Two aliases may be one type.
    let is_alias = |of: &Type| {
        last_segment(of)
            .is_some_and(|name| model.tuples.contains(&name) || model.nulls.contains(&name))
    };
    let inner = |of: &Type| match last_segment(of).as_deref() {
        Some("Box") => first_argument(of).unwrap_or_else(|| of.clone()),
        _ => of.clone(),
    };
    let inners: Vec<Type> = types.iter().map(|of| inner(of)).collect();
    let words: Vec<String> = inners
        .iter()
        .map(|of| quote!(#of).to_string().replace(' ', ""))
        .collect();
    let mut items = Vec::new();
    for ((branch, of), word) in union.branches.iter().zip(&inners).zip(&words) {
        if is_alias(of) || words.iter().filter(|other| *other == word).count() > 1 {
            continue;
        }
        let variant = format_ident!("{}", branch.variant);
        items.push(parse_quote! {
            impl ::std::convert::From<#of> for #ident {
                #[inline]
                fn from(value: #of) -> Self { Self::#variant(value.into()) }
            }
        });
        if word == "::std::string::String" {
            items.push(parse_quote! {
                impl ::std::convert::From<&str> for #ident {
                    #[inline]
                    fn from(value: &str) -> Self { Self::#variant(value.into()) }
                }
            });
        }
    }
    if !words.iter().any(|word| word == "::serde_json::Value") {
        items.push(parse_quote! {
            impl ::std::convert::From<::serde_json::Value> for #ident {
                #[inline]
                fn from(value: ::serde_json::Value) -> Self { #runtime::from_json(value) }
            }
        });
    }
    items
}

//! Enumerations stay open: a value that the document does not list is kept, not refused.

use std::collections::BTreeSet;

use quote::{format_ident, quote};
use syn::{Item, ItemEnum, ItemImpl, Type, parse_quote};

use super::structs::{has_serde_argument, retain_derives};
use crate::error::Error;
use crate::lower::Model;

/// Replaces the strings that stand for enumerations, and opens the unions.
pub(super) fn open(types: &mut Vec<Item>, model: &Model, runtime: &syn::Path) -> Result<(), Error> {
    let mut missing: BTreeSet<&String> = model.enums.keys().collect();
    let mut opened = Vec::with_capacity(types.len());
    for item in types.drain(..) {
        match &item {
            Item::Struct(placeholder) => {
                let name = placeholder.ident.to_string();
                missing.remove(&name);
                match model.enums.get(&name) {
                    Some(values) => opened.push(enumeration(&placeholder.ident, values, runtime)),
                    None => opened.push(item),
                }
            }
            Item::Impl(block) if is_placeholder(block, model) => {}
            _ => opened.push(item),
        }
    }
    *types = opened;
    open_unions(types);
    match missing.first() {
        None => Ok(()),
        Some(name) => Err(Error::Refine(format!("progenitor made no type `{name}`"))),
    }
}

/// Whether an `impl` belongs to the string that stood for an enumeration.
fn is_placeholder(block: &ItemImpl, model: &Model) -> bool {
    let is_enum = |of: &Type| name(of).is_some_and(|name| model.enums.contains_key(&name));
    if is_enum(&block.self_ty) {
        return true;
    }
    // `impl From<Placeholder> for String`, but not `impl From<Placeholder> for SomeUnion`.
    let from = block
        .trait_
        .as_ref()
        .and_then(|(_, path, _)| super::requests::first_argument(&parse_quote! { #path }));
    let on_string = matches!(&*block.self_ty, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "String"));
    on_string && from.is_some_and(|from| is_enum(&from))
}

/// The name of a type that is a single word.
pub(super) fn name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

fn enumeration(ident: &syn::Ident, of: &crate::lower::Enum, runtime: &syn::Path) -> Item {
    let doc = match of.description.as_str() {
        "" => format!("`{ident}`"),
        text => text.to_owned(),
    };
    let variants = of.values.iter().map(|(value, variant)| {
        let variant = format_ident!("{variant}");
        quote! { #variant = #value, }
    });
    parse_quote! {
        #runtime::open_enum! {
            #[doc = #doc]
            pub enum #ident { #(#variants)* }
        }
    }
}

/// Gives each untagged union a last variant that keeps whatever fits no other.
fn open_unions(types: &mut [Item]) {
    let mut opened: BTreeSet<String> = BTreeSet::new();
    for item in types.iter_mut() {
        if let Item::Enum(union) = item
            && is_untagged(union)
        {
            union.attrs.iter_mut().for_each(|attribute| {
                retain_derives(attribute, |name| {
                    !matches!(name, "Copy" | "Ord" | "PartialOrd")
                });
            });
            let unknown = unknown(union);
            union.variants.push(parse_quote! {
                /// A value that fits none of the others, as it came.
                #unknown(::serde_json::Value)
            });
            opened.insert(union.ident.to_string());
        }
    }
    for item in types {
        if let Item::Impl(block) = item
            && name(&block.self_ty).is_some_and(|name| opened.contains(&name))
        {
            show_unknown(block);
        }
    }
}

fn is_untagged(union: &ItemEnum) -> bool {
    has_serde_argument(&union.attrs, "untagged")
}

/// `Unknown`, unless a branch has that name.
fn unknown(union: &ItemEnum) -> syn::Ident {
    let taken = |name: &str| union.variants.iter().any(|variant| variant.ident == name);
    if taken("Unknown") {
        format_ident!("UnknownValue")
    } else {
        format_ident!("Unknown")
    }
}

/// Adds the new variant to typify's `Display`.
fn show_unknown(block: &mut ItemImpl) {
    let is_display = block.trait_.as_ref().is_some_and(|(_, path, _)| {
        path.segments
            .last()
            .is_some_and(|last| last.ident == "Display")
    });
    if !is_display {
        return;
    }
    for item in &mut block.items {
        if let syn::ImplItem::Fn(function) = item {
            for statement in &mut function.block.stmts {
                if let syn::Stmt::Expr(syn::Expr::Match(choice), _) = statement {
                    choice.arms.push(parse_quote! { other => {
                        let text = ::serde_json::to_string(other).map_err(|_| ::std::fmt::Error)?;
                        f.write_str(&text)
                    } });
                }
            }
        }
    }
}

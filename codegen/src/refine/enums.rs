//! Enumerations stay open: a value that the document does not list is kept, not refused.

use quote::{format_ident, quote};
use syn::{Item, ItemImpl, Type, parse_quote};

use super::placeholders;
use crate::error::Error;
use crate::lower::Model;

/// Replaces the strings that stand for enumerations.
pub(super) fn open(types: &mut Vec<Item>, model: &Model, runtime: &syn::Path) -> Result<(), Error> {
    placeholders::replace(
        types,
        &model.enums,
        |block| is_placeholder(block, model),
        |placeholder, of| Ok(vec![enumeration(&placeholder.ident, of, runtime)]),
    )
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

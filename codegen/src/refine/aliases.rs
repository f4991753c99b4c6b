//! Types that Rust has already: tuples, and `()` for `null`.

use quote::quote;
use syn::{Attribute, Item, parse_quote};

use super::definition::Definition;
use crate::lower::Model;

/// Replaces the structs that represent tuples and `null` by aliases.
pub(super) fn replace(types: &mut [Definition], model: &Model) {
    for definition in types {
        let Item::Struct(of) = &definition.item else {
            continue;
        };
        let held = if model.nulls.contains(&definition.name) {
            quote! { () }
        } else if model.tuples.contains(&definition.name) {
            let elements = of.fields.iter().map(|field| &field.ty);
            quote! { (#(#elements,)*) }
        } else {
            continue;
        };
        let ident = &of.ident;
        let docs: Vec<&Attribute> = of
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc"))
            .collect();
        definition.item = parse_quote! { #(#docs)* pub type #ident = #held; };
        definition.implementations.clear();
    }
}

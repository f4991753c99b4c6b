//! Enumerations stay open: a value that the document does not list is kept, not rejected.

use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::definition::Definition;
use super::placeholders;
use crate::error::Error;
use crate::lower::Model;

/// Replaces the strings that represent enumerations.
pub(super) fn open(
    types: &mut [Definition],
    model: &Model,
    runtime: &syn::Path,
) -> Result<(), Error> {
    placeholders::replace(types, &model.enums, |placeholder, of| {
        Ok((enumeration(&placeholder.ident, of, runtime), Vec::new()))
    })
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

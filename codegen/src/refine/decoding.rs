//! How structs are decoded: the runtime's `decodes!` writes less code than serde's derive, and knows `null` lists.

use quote::quote;
use syn::{Field, Fields, Item, ItemStruct, parse_quote};

use super::definition::Definition;
use super::structs::{
    derives, has_serde_argument, is_collection, is_flattened, optional, retain_derives, wire_name,
};

/// Replaces the derived `Deserialize` of structs with named fields.
pub(super) fn replace(types: &mut [Definition], runtime: &syn::Path) {
    for definition in types {
        if let Item::Struct(of) = &mut definition.item
            && matches!(of.fields, Fields::Named(_))
            && derives(&of.attrs, "Deserialize")
        {
            for attribute in &mut of.attrs {
                retain_derives(attribute, |derived| derived != "Deserialize");
            }
            definition.implementations.push(decodes(of, runtime));
        }
    }
}

fn decodes(of: &ItemStruct, runtime: &syn::Path) -> Item {
    let ident = &of.ident;
    let (rest, members): (Vec<&Field>, Vec<&Field>) =
        of.fields.iter().partition(|field| is_flattened(field));
    let members = members.into_iter().map(|field| {
        let (name, wire) = (&field.ident, wire_name(field));
        let inner = optional(&field.ty);
        let read = if inner.as_ref().and_then(optional).is_some() {
            quote! { nullable }
        } else if is_collection(&field.ty) {
            quote! { list }
        } else {
            quote! { value }
        };
        let made = if inner.is_some() || has_serde_argument(&field.attrs, "default") {
            quote! { optional }
        } else {
            quote! { required }
        };
        quote! { #wire => #name: #read, #made; }
    });
    let rest = rest.iter().map(|field| {
        let name = &field.ident;
        quote! { ..#name }
    });
    parse_quote! {
        #runtime::decodes! { #ident { #(#members)* #(#rest)* } }
    }
}

//! Emits how structs are deserialized: less code than serde's derive, which also accepts a sequence
//! for a struct.

use quote::{format_ident, quote};
use syn::{Field, Fields, Item, ItemStruct, parse_quote};

use super::definition::Definition;
use super::structs::{
    derives, has_serde_argument, is_collection, is_flattened, optional, retain_derives, wire_name,
};
use crate::names::Taken;

/// Replaces the derived `Deserialize` of structs with named fields.
pub(super) fn replace(types: &mut [Definition]) {
    for definition in types {
        if let Item::Struct(of) = &mut definition.item
            && matches!(of.fields, Fields::Named(_))
            && derives(&of.attrs, "Deserialize")
        {
            for attribute in &mut of.attrs {
                retain_derives(attribute, |derived| derived != "Deserialize");
            }
            definition.deserialize = implementations(of);
        }
    }
}

fn implementations(of: &ItemStruct) -> Vec<Item> {
    let ident = &of.ident;
    let (rest, members): (Vec<&Field>, Vec<&Field>) =
        of.fields.iter().partition(|field| is_flattened(field));
    // Fields are variables here, so the other variables have names that no field has.
    let fields = of.fields.iter().filter_map(|field| field.ident.as_ref());
    let mut taken = Taken::with(fields.map(ToString::to_string));
    let properties = format_ident!("{}", taken.unique("properties"));
    let property = format_ident!("{}", taken.unique("property"));

    let label = ident.to_string();
    let names = members.iter().map(|field| wire_name(field));
    let variables = members.iter().map(|field| {
        let name = &field.ident;
        quote! { let mut #name = ::std::option::Option::None; }
    });
    let rest_variables = rest.iter().map(|field| {
        let name = &field.ident;
        quote! { let mut #name = ::std::default::Default::default(); }
    });
    let arms = members.iter().map(|field| {
        let (name, wire, read) = (&field.ident, wire_name(field), read(field));
        quote! { #wire => deserialize::#read(&mut #properties, &mut #name)?, }
    });
    let other = match rest.first() {
        Some(field) => {
            let name = &field.ident;
            quote! { deserialize::keep(&mut #properties, #property, &mut #name)? }
        }
        None => quote! { deserialize::skip(&mut #properties)? },
    };
    let built = members.iter().map(|field| {
        let (name, wire) = (&field.ident, wire_name(field));
        if is_optional(field) {
            quote! { #name: #name.unwrap_or_default(), }
        } else {
            quote! { #name: deserialize::required(#name, #wire)?, }
        }
    });
    let rest_built = rest.iter().map(|field| &field.ident);
    let implementation = parse_quote! {
        impl<'de> deserialize::Object<'de> for types::#ident {
            const NAME: &'static str = #label;
            const PROPERTIES: &'static [&'static str] = &[#(#names),*];

            fn read<A: MapAccess<'de>>(mut #properties: A) -> ::std::result::Result<Self, A::Error> {
                #(#variables)*
                #(#rest_variables)*
                while let ::std::option::Option::Some(#property) = deserialize::name(&mut #properties)? {
                    match &*#property {
                        #(#arms)*
                        _ => #other,
                    }
                }
                ::std::result::Result::Ok(Self { #(#built)* #(#rest_built,)* })
            }
        }
    };
    let entry = parse_quote! {
        impl<'de> Deserialize<'de> for types::#ident {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                deserialize::object(deserializer)
            }
        }
    };
    vec![entry, implementation]
}

/// The function of the runtime's `deserialize` that reads the value of a property.
fn read(field: &Field) -> syn::Ident {
    let inner = optional(&field.ty);
    let is_optional = is_optional(field);
    format_ident!(
        "{}",
        if inner.as_ref().and_then(optional).is_some() {
            "nullable"
        } else if is_collection(inner.as_ref().unwrap_or(&field.ty)) {
            if is_optional { "optional_list" } else { "list" }
        } else if is_optional {
            "optional"
        } else {
            "value"
        }
    )
}

fn is_optional(field: &Field) -> bool {
    optional(&field.ty).is_some() || has_serde_argument(&field.attrs, "default")
}

//! Emits how structs are deserialized: less code than serde's derive, which also accepts a sequence
//! for a struct.

use quote::{format_ident, quote};
use syn::{Field, Fields, Item, ItemStruct, parse_quote};

use super::attributes::{has_serde_argument, is_flattened, wire_name};
use super::definition::Definition;
use super::structs::{derives, is_collection, last_segment, optional, retain_derives};
use crate::lower::Model;
use crate::names::Taken;

/// Replaces the derived `Deserialize`.
pub(super) fn replace(types: &mut [Definition], model: &Model) {
    for definition in types {
        if let Item::Struct(of) = &mut definition.item
            && derives(&of.attrs, "Deserialize")
        {
            for attribute in &mut of.attrs {
                retain_derives(attribute, |derived| derived != "Deserialize");
            }
            definition.deserialize = match &of.fields {
                Fields::Named(_) => implementations(of, model),
                _ => vec![of_newtype(of)],
            };
        }
    }
}

fn of_newtype(of: &ItemStruct) -> Item {
    let ident = &of.ident;
    parse_quote! {
        impl<'de> Deserialize<'de> for types::#ident {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                Deserialize::deserialize(deserializer).map(Self)
            }
        }
    }
}

fn implementations(of: &ItemStruct, model: &Model) -> Vec<Item> {
    let ident = &of.ident;
    let (rest, members): (Vec<&Field>, Vec<&Field>) =
        of.fields.iter().partition(|field| is_flattened(field));
    // Fields are variables here, so the other variables have names that no field has.
    let fields = of.fields.iter().filter_map(|field| field.ident.as_ref());
    let mut taken = Taken::with(fields.map(ToString::to_string));
    let properties = format_ident!("{}", taken.unique("properties"));
    let property = format_ident!("{}", taken.unique("property"));
    // One `?` for all properties is less to compile than one for each.
    let read = format_ident!("{}", taken.unique("read"));

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
        let (name, wire, read) = (&field.ident, wire_name(field), reader(field, model));
        quote! { #wire => deserialize::#read(&mut #properties, &mut #name), }
    });
    let other = match rest.first() {
        Some(field) => {
            let name = &field.ident;
            quote! { deserialize::keep(&mut #properties, #property, &mut #name) }
        }
        None => quote! { deserialize::skip(&mut #properties, Self::NAME, &#property) },
    };
    let built = members.iter().map(|field| {
        let (name, wire) = (&field.ident, wire_name(field));
        if has_serde_argument(&field.attrs, "default") {
            quote! { #name: #name.unwrap_or_default(), }
        } else if optional(&field.ty).is_some() {
            quote! { #name: deserialize::required_or_null(#name), }
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
                    let #read = match &*#property {
                        #(#arms)*
                        _ => #other,
                    };
                    #read?;
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
fn reader(field: &Field, model: &Model) -> syn::Ident {
    let inner = optional(&field.ty);
    let is_optional = has_serde_argument(&field.attrs, "default");
    // Here `null` is a value, and not the absence of one.
    let is_null = |of: &syn::Type| {
        let is_json = matches!(of, syn::Type::Path(path) if path.path.leading_colon.is_some())
            && last_segment(of).as_deref() == Some("Value");
        is_json || last_segment(of).is_some_and(|name| model.nulls.contains(&name))
    };
    format_ident!(
        "{}",
        if inner
            .as_ref()
            .is_some_and(|inner| optional(inner).is_some() || is_null(inner))
        {
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

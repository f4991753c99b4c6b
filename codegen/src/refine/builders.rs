//! Builders: how a struct is made that may get new optional fields.
//!
//! typify has builders of its own; these accept `&str` for an optional string and any iterator for
//! a list, say all that is wrong by the name of the field, and are a quarter of the size.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{
    Attribute, Field, Fields, GenericArgument, Item, ItemStruct, PathArguments, Type, parse_quote,
};

use super::structs::{
    derives, has_serde_argument, is_collection, last_segment, optional, wire_name,
};
use crate::lower::Model;

/// Adds a `builder` module, and `builder()` to each struct with named fields.
pub(super) fn add(types: &mut Vec<Item>, model: &Model, runtime: &syn::Path) {
    let names = names(types);
    let mut builders = Vec::new();
    let mut constructors: Vec<Item> = Vec::new();
    for item in types.iter() {
        let Item::Struct(of) = item else { continue };
        if !matches!(of.fields, Fields::Named(_)) {
            continue;
        }
        builders.push(builder(of, &names, model));
        let ident = &of.ident;
        let doc = format!("Starts a [`{ident}`]; `build` makes it.");
        constructors.push(parse_quote! {
            impl #ident {
                #[doc = #doc]
                pub fn builder() -> builder::#ident { ::std::default::Default::default() }
            }
        });
    }
    if builders.is_empty() {
        return;
    }
    types.append(&mut constructors);
    types.push(parse_quote! {
        /// Builders of the types with fields.
        ///
        /// A setter converts what it is given; what cannot be converted, and a required field that
        /// was never set, is an error of `build` that names the field. A request takes a builder
        /// in place of what it builds.
        pub mod builder {
            use ::std::fmt::Display;

            use super::error::ConversionError;
            use #runtime::given;
            use #runtime::given::Given;

            #(#builders)*
        }
    });
}

/// Everything that `types` defines, which a module inside it reaches by `super`.
fn names(types: &[Item]) -> BTreeSet<String> {
    types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(of) => Some(of.ident.to_string()),
            Item::Enum(of) => Some(of.ident.to_string()),
            Item::Type(of) => Some(of.ident.to_string()),
            Item::Macro(of) => {
                let inner: syn::ItemEnum = syn::parse2(of.mac.tokens.clone()).ok()?;
                Some(inner.ident.to_string())
            }
            _ => None,
        })
        .collect()
}

/// Reaches the types of the parent module.
struct FromParent<'a>(&'a BTreeSet<String>);

impl VisitMut for FromParent<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        if let Some(ident) = path.get_ident()
            && self.0.contains(&ident.to_string())
        {
            *path = parse_quote! { super::#ident };
        }
    }
}

fn builder(of: &ItemStruct, names: &BTreeSet<String>, model: &Model) -> TokenStream {
    let ident = &of.ident;
    let label = ident.to_string();
    let doc = format!("Builder of [`{ident}`](super::{ident}).");
    let (mut fields, mut setters, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for field in &of.fields {
        let Some(name) = &field.ident else { continue };
        let mut whole = field.ty.clone();
        FromParent(names).visit_type_mut(&mut whole);
        let inner = optional(&whole);
        let constant = model
            .constants
            .get(&label)
            .and_then(|constants| constants.get(&wire_name(field)))
            .and_then(|value| constant(value, &whole));
        let nullable = inner.as_ref().and_then(optional);
        let held = inner.clone().unwrap_or_else(|| whole.clone());
        let docs: Vec<&Attribute> = field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc"))
            .collect();
        let setter = setter(name, &held, nullable.as_ref(), &docs, field);
        let label = format!("{label}.{}", wire_name(field));
        let value = if inner.is_some() {
            quote! { given::optional(#label, value.#name)? }
        } else if let Some(constant) = constant {
            quote! { given::optional(#label, value.#name)?.unwrap_or_else(|| #constant) }
        } else if has_default(field) {
            quote! { given::optional(#label, value.#name)?.unwrap_or_default() }
        } else {
            quote! { given::required(#label, value.#name)? }
        };
        fields.push(quote! { #name: Given<#held> });
        setters.push(setter);
        values.push(quote! { #name: #value });
    }
    // What streams cannot be cloned.
    let derives = if derives(&of.attrs, "Clone") {
        quote! { #[derive(Clone, Default)] }
    } else {
        quote! { #[derive(Default)] }
    };
    quote! {
        #[doc = #doc]
        #derives
        pub struct #ident { #(#fields,)* }

        impl #ident {
            #(#setters)*

            /// Makes the value.
            ///
            /// # Errors
            ///
            /// Names the field that is missing or could not be converted.
            #[inline]
            pub fn build(self) -> Result<super::#ident, ConversionError> {
                self.try_into()
            }
        }

        // A builder may hold a secret, so it shows nothing.
        impl ::std::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#label).finish_non_exhaustive()
            }
        }

        impl TryFrom<#ident> for super::#ident {
            type Error = ConversionError;

            #[inline]
            fn try_from(value: #ident) -> Result<Self, ConversionError> {
                Ok(Self { #(#values,)* })
            }
        }
    }
}

fn has_default(field: &Field) -> bool {
    has_serde_argument(&field.attrs, "default") || has_serde_argument(&field.attrs, "flatten")
}

/// The expression of a property's only value.
fn constant(value: &Value, of: &Type) -> Option<TokenStream> {
    match value {
        Value::String(text) => Some(quote! { #text.into() }),
        Value::Bool(value) => Some(quote! { #value }),
        // A literal without a suffix, so that it has the type of the field.
        Value::Number(number) if last_segment(of).as_deref() != Some("f64") => {
            syn::parse_str::<syn::Expr>(&number.to_string())
                .ok()
                .filter(|_| number.is_i64())
                .map(|literal| quote! { #literal })
        }
        _ => None,
    }
}

fn setter(
    name: &syn::Ident,
    held: &Type,
    nullable: Option<&Type>,
    docs: &[&Attribute],
    field: &Field,
) -> TokenStream {
    let doc = if docs.is_empty() {
        let text = format!("Sets `{}`.", wire_name(field));
        quote! { #[doc = #text] }
    } else {
        quote! { #(#docs)* }
    };
    let (argument, given) = match nullable {
        Some(inner) => (
            quote! { impl given::Nullable<#inner> },
            quote! { given::nullable },
        ),
        None => conversion(held),
    };
    // `build` makes the value.
    let setter = if name == "build" {
        quote::format_ident!("build_")
    } else {
        name.clone()
    };
    quote! {
        #doc
        #[must_use]
        pub fn #setter(mut self, value: #argument) -> Self {
            self.#name = #given(value);
            self
        }
    }
}

/// The type of a setter's argument, and the function that makes it `Given`.
pub(crate) fn conversion(held: &Type) -> (TokenStream, TokenStream) {
    let arguments = if is_collection(held) {
        generic_arguments(held)
    } else {
        Vec::new()
    };
    match (last_segment(held).as_deref(), arguments.as_slice()) {
        (Some("Vec"), [item]) => (
            quote! { impl IntoIterator<Item: TryInto<#item, Error: Display>> },
            quote! { given::list },
        ),
        (Some("Map" | "BTreeMap"), [key, item]) => (
            quote! { impl IntoIterator<Item = (impl Into<#key>, impl TryInto<#item, Error: Display>)> },
            quote! { given::map },
        ),
        _ => (
            quote! { impl TryInto<#held, Error: Display> },
            quote! { given::value },
        ),
    }
}

fn generic_arguments(of: &Type) -> Vec<Type> {
    let Type::Path(path) = of else {
        return Vec::new();
    };
    match path.path.segments.last().map(|last| &last.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(argument) => Some(argument.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

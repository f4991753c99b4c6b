//! Gives each struct a builder, since a struct may get new optional fields.
//!
//! typify has builders too; these accept `&str` for an optional string and any iterator for a list,
//! and report every problem by the name of the field.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{
    Attribute, Field, Fields, GenericArgument, Ident, Item, ItemStruct, PathArguments, Type,
    parse_quote,
};

use super::attributes::{has_serde_argument, wire_name};
use super::definition::Definition;
use super::structs::{derives, is_collection, last_segment, optional};
use crate::lower::Model;
use crate::names::Taken;

/// Gives each struct with named fields a builder. `names` holds the names of all types.
pub(super) fn add(types: &mut [Definition], names: &Taken, model: &Model) {
    for definition in types {
        if let Item::Struct(of) = &definition.item
            && matches!(of.fields, Fields::Named(_))
        {
            definition.builder = builder(of, names, model);
        }
    }
}

/// Returns the name of the builder of a type, which no type has.
pub(crate) fn builder_name(of: &str, names: &Taken) -> String {
    let mut name = format!("{of}Builder");
    let mut number = 2;
    while names.contains(&name) {
        name = format!("{of}Builder{number}");
        number += 1;
    }
    name
}

/// Emits the method that applies a setter, such as `setter`, only if there is a value.
pub(crate) fn maybe(setter: &Ident) -> TokenStream {
    let doc = format!(
        "Applies a setter if there is a value: \
         `.maybe(value, |it, value| it.{setter}(value))`."
    );
    quote! {
        #[doc = #doc]
        pub fn maybe<V>(
            self,
            value: ::std::option::Option<V>,
            set: impl FnOnce(Self, V) -> Self,
        ) -> Self {
            match value {
                ::std::option::Option::Some(value) => set(self, value),
                ::std::option::Option::None => self,
            }
        }
    }
}

/// One field of a builder.
struct Part {
    /// The builder's field.
    field: TokenStream,
    setter: TokenStream,
    /// The field in the struct that `build` returns.
    built: TokenStream,
}

fn builder(of: &ItemStruct, names: &Taken, model: &Model) -> Vec<Item> {
    let ident = &of.ident;
    let name = format_ident!("{}", builder_name(&ident.to_string(), names));
    let parts: Vec<Part> = of
        .fields
        .iter()
        .filter_map(|field| part(of, field, model))
        .collect();
    let fields = parts.iter().map(|part| &part.field);
    let setters = parts.iter().map(|part| &part.setter);
    let built = parts.iter().map(|part| &part.built);
    let optional = of.fields.iter().find(|field| has_default(field));
    let optional = optional.and_then(|field| field.ident.as_ref());
    let is_free = of
        .fields
        .iter()
        .all(|field| field.ident.as_ref().is_none_or(|it| it != "maybe"));
    let maybe = optional.filter(|_| is_free).map(maybe);
    // A stream cannot be cloned.
    let clone = derives(&of.attrs, "Clone").then(|| quote! { Clone, });
    let starts = format!("Returns a builder; [`build`]({name}::build) makes the [`{ident}`].");
    let about = format!("Builds a [`{ident}`].");
    let label = name.to_string();
    vec![
        parse_quote! {
            impl #ident {
                #[doc = #starts]
                #[inline]
                pub fn builder() -> #name {
                    ::std::default::Default::default()
                }
            }
        },
        parse_quote! {
            #[doc = #about]
            #[derive(#clone Default)]
            #[must_use]
            pub struct #name { #(#fields)* }
        },
        parse_quote! {
            impl #name {
                #(#setters)*

                #maybe

                /// Makes the value.
                ///
                /// # Errors
                ///
                /// Names the field that is missing or could not be converted.
                #[inline]
                pub fn build(self) -> ::std::result::Result<#ident, error::ConversionError> {
                    ::std::result::Result::Ok(#ident { #(#built)* })
                }
            }
        },
        // A builder may hold a secret, so it shows nothing.
        parse_quote! {
            impl ::std::fmt::Debug for #name {
                #[inline]
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct(#label).finish_non_exhaustive()
                }
            }
        },
        parse_quote! {
            impl ::std::convert::TryFrom<#name> for #ident {
                type Error = error::ConversionError;

                #[inline]
                fn try_from(value: #name) -> ::std::result::Result<Self, error::ConversionError> {
                    value.build()
                }
            }
        },
    ]
}

fn part(of: &ItemStruct, field: &Field, model: &Model) -> Option<Part> {
    let name = field.ident.as_ref()?;
    let wire = wire_name(field);
    let is_required = !has_default(field);
    // `None` says that the setter was not called, except where `null` must be said.
    let inner = optional(&field.ty).filter(|_| !is_required);
    let nullable = inner.as_ref().map_or_else(|| optional(&field.ty), optional);
    let constant = model
        .constants
        .get(&of.ident.to_string())
        .and_then(|constants| constants.get(&wire))
        .and_then(|value| constant(value, inner.as_ref().unwrap_or(&field.ty)));
    let label = format!("{}.{wire}", of.ident);
    let held = inner.clone().unwrap_or_else(|| field.ty.clone());
    let (argument, convert) = match nullable {
        Some(of) => (
            quote! { impl setter::Nullable<#of> },
            quote! { setter::nullable },
        ),
        None => conversion(&held),
    };
    let built = if inner.is_some() {
        match constant {
            Some(constant) => {
                quote! { ::std::option::Option::Some(setter::or(#label, self.#name, || #constant)?) }
            }
            None => quote! { setter::optional(#label, self.#name)? },
        }
    } else if let Some(constant) = constant {
        quote! { setter::or(#label, self.#name, || #constant)? }
    } else if has_default(field) {
        quote! { setter::or_default(#label, self.#name)? }
    } else {
        quote! { setter::required(#label, self.#name)? }
    };
    let docs = docs(field, &wire);
    // `build` creates the value.
    let method = if name == "build" {
        format_ident!("build_")
    } else {
        name.clone()
    };
    Some(Part {
        field: quote! { #name: setter::Given<#held>, },
        setter: quote! {
            #(#docs)*
            #[inline]
            pub fn #method(mut self, value: #argument) -> Self {
                self.#name = #convert(value);
                self
            }
        },
        built: quote! { #name: #built, },
    })
}

/// The documentation of a setter is that of its field.
fn docs(field: &Field, wire: &str) -> Vec<Attribute> {
    let docs = field.attrs.iter().filter(|it| it.path().is_ident("doc"));
    let docs: Vec<Attribute> = docs.cloned().collect();
    if docs.is_empty() {
        let text = format!("Sets `{wire}`.");
        return vec![parse_quote! { #[doc = #text] }];
    }
    docs
}

fn has_default(field: &Field) -> bool {
    has_serde_argument(&field.attrs, "default") || has_serde_argument(&field.attrs, "flatten")
}

/// Returns the expression of a property's only value.
fn constant(value: &Value, of: &Type) -> Option<TokenStream> {
    match value {
        Value::String(text) if takes_text(of) => Some(quote! { #text.into() }),
        Value::Bool(value) if last_segment(of).as_deref() == Some("bool") => {
            Some(quote! { #value })
        }
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

/// Returns whether a type consists of text: discriminator values are text, whatever the type of the
/// property.
fn takes_text(of: &Type) -> bool {
    let is_component = matches!(of, Type::Path(path)
        if path.path.leading_colon.is_none() && path.path.segments.len() == 1)
        && !is_primitive(of);
    is_component || matches!(last_segment(of).as_deref(), Some("String" | "Value"))
}

fn is_primitive(of: &Type) -> bool {
    last_segment(of).is_some_and(|name| name.starts_with(char::is_lowercase))
}

/// The type of a setter's argument, and the function of the runtime that converts it.
pub(crate) fn conversion(held: &Type) -> (TokenStream, TokenStream) {
    let arguments = if is_collection(held) {
        generic_arguments(held)
    } else {
        Vec::new()
    };
    match (last_segment(held).as_deref(), arguments.as_slice()) {
        (Some("Vec"), [item]) if is_scalar(item) => (
            quote! { impl IntoIterator<Item: scalar::Scalar<#item>> },
            quote! { scalar::scalars },
        ),
        (Some("Vec"), [item]) => (
            quote! { impl IntoIterator<Item: TryInto<#item, Error: ::std::fmt::Display>> },
            quote! { setter::list },
        ),
        (Some("Map" | "BTreeMap"), [key, item]) => (
            quote! { impl IntoIterator<Item = (impl Into<#key>, impl TryInto<#item, Error: ::std::fmt::Display>)> },
            quote! { setter::map },
        ),
        _ if is_scalar(held) => (
            quote! { impl scalar::Scalar<#held> },
            quote! { scalar::scalar },
        ),
        _ => (
            quote! { impl TryInto<#held, Error: ::std::fmt::Display> },
            quote! { setter::value },
        ),
    }
}

/// Returns whether a type is one of the types from other crates that setters take as text as well.
fn is_scalar(of: &Type) -> bool {
    let is_foreign = matches!(of, Type::Path(path) if path.path.segments.len() > 1);
    is_foreign
        && matches!(
            last_segment(of).as_deref(),
            Some("Uuid" | "DateTime" | "NaiveDate")
        )
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

//! Builders: how a struct is made that may get new optional fields.
//!
//! typify has builders of its own; these accept `&str` for an optional string and any iterator for
//! a list, and say all that is wrong by the name of the field. The runtime's `type_builder!` writes them out.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{TokenStreamExt, quote};
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{
    Field, Fields, GenericArgument, Item, ItemStruct, MacroDelimiter, PathArguments, Type,
    parse_quote,
};

use super::definition::Definition;
use super::structs::{
    derives, has_serde_argument, is_collection, last_segment, optional, wire_name,
};
use crate::lower::Model;

/// Gives each struct with named fields a builder. `names` is everything that the module `types` defines.
pub(super) fn add(
    types: &mut [Definition],
    names: &BTreeSet<String>,
    model: &Model,
    runtime: &syn::Path,
) {
    for definition in types {
        if let Item::Struct(of) = &definition.item
            && matches!(of.fields, Fields::Named(_))
        {
            definition.builder = Some(builder(of, names, model, runtime));
        }
    }
}

/// What the builders use.
pub(crate) fn uses(runtime: &syn::Path) -> Vec<Item> {
    vec![
        parse_quote! {
            #[allow(unused_imports)]
            use ::std::fmt::Display;
        },
        parse_quote! {
            #[allow(unused_imports)]
            use #runtime::given;
        },
    ]
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

fn builder(of: &ItemStruct, names: &BTreeSet<String>, model: &Model, runtime: &syn::Path) -> Item {
    let ident = &of.ident;
    let constants = model.constants.get(&ident.to_string());
    let lines = of.fields.iter().filter_map(|field| {
        let name = field.ident.as_ref()?;
        let wire = wire_name(field);
        let mut whole = field.ty.clone();
        FromParent(names).visit_type_mut(&mut whole);
        let inner = optional(&whole);
        let made = if inner.is_some() {
            quote! { optional }
        } else if let Some(constant) = constants
            .and_then(|constants| constants.get(&wire))
            .and_then(|value| constant(value, &whole))
        {
            quote! { or(#constant) }
        } else if has_default(field) {
            quote! { or_default }
        } else {
            quote! { required }
        };
        let nullable = inner.as_ref().and_then(optional);
        let held = inner.unwrap_or(whole);
        let (argument, given) = match nullable {
            Some(of) => (quote! { impl given::Nullable<#of> }, quote! { nullable }),
            None => conversion(&held),
        };
        let mut docs = field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc"))
            .peekable();
        let docs = if docs.peek().is_some() {
            quote! { #(#docs)* }
        } else {
            let text = format!("Sets `{wire}`.");
            quote! { #[doc = #text] }
        };
        // `build` makes the value.
        let setter = if name == "build" {
            quote::format_ident!("build_")
        } else {
            name.clone()
        };
        Some(quote! { #docs #setter(#argument) = #given => #name: #held, #wire, #made; })
    });
    // What streams cannot be cloned.
    let clone = derives(&of.attrs, "Clone").then(|| quote! { #[derive(Clone)] });
    let mut tokens = quote! { #clone pub struct #ident };
    tokens.append(Group::new(Delimiter::Brace, lines.collect()));
    Item::Macro(syn::ItemMacro {
        attrs: Vec::new(),
        ident: None,
        mac: syn::Macro {
            path: parse_quote! { #runtime::type_builder },
            bang_token: Default::default(),
            delimiter: MacroDelimiter::Brace(Default::default()),
            tokens,
        },
        semi_token: None,
    })
}

fn has_default(field: &Field) -> bool {
    has_serde_argument(&field.attrs, "default") || has_serde_argument(&field.attrs, "flatten")
}

/// The expression of a property's only value.
fn constant(value: &Value, of: &Type) -> Option<TokenStream> {
    match value {
        Value::String(text) if takes_text(of) => Some(quote! { #text.into() }),
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

/// Whether a type is made of text: a discriminator has text as its values, whatever the type of its property.
fn takes_text(of: &Type) -> bool {
    let is_component = matches!(of, Type::Path(path)
        if path.path.segments.first().is_some_and(|first| first.ident == "super"));
    is_component || matches!(last_segment(of).as_deref(), Some("String" | "Value"))
}

/// The type of a setter's argument, and the function of the runtime's `given` that converts it.
pub(crate) fn conversion(held: &Type) -> (TokenStream, TokenStream) {
    let arguments = if is_collection(held) {
        generic_arguments(held)
    } else {
        Vec::new()
    };
    match (last_segment(held).as_deref(), arguments.as_slice()) {
        (Some("Vec"), [item]) => (
            quote! { impl IntoIterator<Item: TryInto<#item, Error: Display>> },
            quote! { list },
        ),
        (Some("Map" | "BTreeMap"), [key, item]) => (
            quote! { impl IntoIterator<Item = (impl Into<#key>, impl TryInto<#item, Error: Display>)> },
            quote! { map },
        ),
        _ => (
            quote! { impl TryInto<#held, Error: Display> },
            quote! { value },
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

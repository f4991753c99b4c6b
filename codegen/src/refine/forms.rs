//! Multipart forms: structs with files as parts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Field, Fields, Item, ItemStruct, Type, parse_quote};

use super::attributes::{has_serde_argument, wire_name};
use super::definition::Definition;
use super::structs::{is_collection, optional, retain_derives};
use super::tokens;
use crate::lower::{Form, Model};

/// Replaces the strings that represent files by parts. A type with a part can be neither cloned nor
/// compared, and has no JSON form.
pub(super) fn take_parts(types: &mut [Definition], model: &Model, runtime: &syn::Path) {
    for (of, form, _) in forms(types, model) {
        for attribute in &mut of.attrs {
            retain_derives(attribute, |derived| derived == "Debug");
        }
        // The names of the document are not restored yet.
        let names = model.fields.get(&of.ident.to_string());
        for field in &mut of.fields {
            let given = wire_name(field);
            let name = names.and_then(|names| names.get(&given)).unwrap_or(&given);
            let is_part = form.fields.get(name).is_some_and(|it| it.is_part);
            if is_part {
                ToPart(runtime).visit_type_mut(&mut field.ty);
            }
        }
    }
}

/// Makes each form convert into the form of the runtime. The builder determines which fields may be
/// absent.
pub(super) fn finish(types: &mut [Definition], model: &Model, runtime: &syn::Path) {
    for (of, form, implementations) in forms(types, model) {
        let is_of_serde = |attribute: &syn::Attribute| {
            attribute.path().is_ident("serde") || attribute.path().is_ident("cfg_attr")
        };
        implementations.push(conversion(of, form, runtime));
        of.attrs.retain(|attribute| !is_of_serde(attribute));
        for field in &mut of.fields {
            field.attrs.retain(|attribute| !is_of_serde(attribute));
        }
    }
}

/// Returns the structs that are forms, with their facts and impls.
fn forms<'a>(
    types: &'a mut [Definition],
    model: &'a Model,
) -> impl Iterator<Item = (&'a mut ItemStruct, &'a Form, &'a mut Vec<Item>)> {
    types.iter_mut().filter_map(|definition| {
        let form = model.forms.get(&definition.name)?;
        match &mut definition.item {
            Item::Struct(of) if matches!(of.fields, Fields::Named(_)) => {
                Some((of, form, &mut definition.implementations))
            }
            _ => None,
        }
    })
}

/// Replaces `String`, however it is wrapped.
struct ToPart<'a>(&'a syn::Path);

impl VisitMut for ToPart<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        if path
            .segments
            .last()
            .is_some_and(|last| last.ident == "String")
        {
            let runtime = self.0;
            *path = parse_quote! { #runtime::Part };
        }
    }
}

fn conversion(of: &ItemStruct, form: &Form, runtime: &syn::Path) -> Item {
    let ident = &of.ident;
    let place = |field: &&Field| {
        let described = form.fields.get(&wire_name(field));
        described.map_or(usize::MAX, |field| field.place)
    };
    let mut fields: Vec<&Field> = of.fields.iter().collect();
    fields.sort_by_key(place);
    let fields = fields.into_iter().map(|field| add(field, form, runtime));
    parse_quote! {
        impl ::std::convert::From<#ident> for #runtime::Form {
            #[inline]
            fn from(value: #ident) -> Self {
                let mut form = Self::new();
                #(#fields)*
                form
            }
        }
    }
}

/// Returns the statement that adds a field to the form.
fn add(field: &Field, form: &Form, runtime: &syn::Path) -> TokenStream {
    let ident = &field.ident;
    if has_serde_argument(&field.attrs, "flatten") {
        return quote! { form.fields(&value.#ident); };
    }
    let name = wire_name(field);
    let described = form.fields.get(&name).cloned().unwrap_or_default();
    let media_type = tokens::optional(described.content_type.as_ref());
    let headers = described.headers.iter().map(|(header, text)| {
        quote! { form.header(#name, #header, #text); }
    });
    let headers = quote! { #(#headers)* };
    let added = if described.is_part {
        let parts = parts(&field.ty, quote! { value.#ident });
        match (described.is_file, described.may_be_text) {
            (true, false) => quote! { form.files(#name, #media_type, #parts); },
            (true, true) => quote! { form.files_or_texts(#name, #media_type, #parts); },
            (false, _) => quote! { form.parts(#name, #media_type, #parts); },
        }
    } else if let Some(serialization) = described.serialization {
        let style = tokens::style(serialization.style, runtime);
        quote! { form.styled(#name, #style, &value.#ident); }
    } else {
        quote! { form.field(#name, #media_type, &value.#ident); }
    };
    quote! { #added #headers }
}

/// Returns the parts of a field, one after another.
fn parts(of: &Type, value: TokenStream) -> TokenStream {
    match optional(of) {
        Some(inner) if is_collection(&inner) => quote! { #value.into_iter().flatten() },
        None if !is_collection(of) => quote! { [#value] },
        _ => value,
    }
}

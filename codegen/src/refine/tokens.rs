//! Turns values of the model into expressions of the runtime's types.

use std::fmt::Debug;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::Ident;

use crate::lower::{
    PaginationStyle, ResponseKind, SecuritySchemeKind, Serialization, ShapeKind, Style,
};

/// Returns `Some(value)` or `None` as an expression.
pub(crate) fn optional(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote! { Some(#value) },
        None => quote! { None },
    }
}

/// Returns the name of a variant without fields, which the runtime's enum has as well.
pub(crate) fn variant(value: &impl Debug) -> Ident {
    format_ident!("{}", format!("{value:?}"))
}

/// Returns the runtime's `Style`.
pub(crate) fn style(style: Style, runtime: &syn::Path) -> TokenStream {
    let style = match style {
        Style::Simple { explode } => quote! { Simple { explode: #explode } },
        Style::Label { explode } => quote! { Label { explode: #explode } },
        Style::Matrix { explode } => quote! { Matrix { explode: #explode } },
        Style::Form { explode } => quote! { Form { explode: #explode } },
        Style::SpaceDelimited => quote! { SpaceDelimited },
        Style::PipeDelimited => quote! { PipeDelimited },
        Style::DeepObject => quote! { DeepObject },
        Style::Json => quote! { Json },
    };
    quote! { #runtime::Style::#style }
}

/// Returns the runtime's `Escape`.
pub(crate) fn escape(serialization: Serialization, runtime: &syn::Path) -> TokenStream {
    let escape = serialization.escape;
    let escape = format_ident!("{escape:?}");
    quote! { #runtime::Escape::#escape }
}

/// Returns the variant of the runtime's `ResponseKind`.
pub(crate) fn response_kind(response: ResponseKind) -> Ident {
    format_ident!("{response:?}")
}

/// Returns the variant of the runtime's `PageStyle`.
pub(crate) fn page_style(style: PaginationStyle) -> Ident {
    format_ident!("{style:?}")
}

/// Returns the constant of the runtime's `Shape`.
pub(super) fn shape_kind(kind: ShapeKind) -> Ident {
    format_ident!("{}", format!("{kind:?}").to_uppercase())
}

/// Returns the variant of the runtime's `SecuritySchemeKind`.
pub(crate) fn security_scheme_kind(kind: &SecuritySchemeKind) -> TokenStream {
    match kind {
        SecuritySchemeKind::Header(name) => quote! { Header(#name) },
        SecuritySchemeKind::Query(name) => quote! { Query(#name) },
        SecuritySchemeKind::Cookie(name) => quote! { Cookie(#name) },
        SecuritySchemeKind::Basic => quote! { Basic },
        SecuritySchemeKind::Bearer => quote! { Bearer },
        SecuritySchemeKind::Authorization(word) => quote! { Authorization(#word) },
        SecuritySchemeKind::MutualTls => quote! { MutualTls },
    }
}

/// Returns the runtime's `Requirements`.
pub(crate) fn requirements(requirements: &[Vec<String>]) -> TokenStream {
    let alternatives = requirements.iter().map(|names| quote! { &[#(#names),*] });
    quote! { &[#(#alternatives),*] }
}

//! An argument of a request: as the user passes it, and as the request holds it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type, parse_quote};

use crate::lower::{Body, BodyKind, Location, Model, Parameter, Serialization};
use crate::refine::conversion;
use crate::refine::requests::first_argument;

/// An argument of a request, and how the user passes it.
pub(super) struct Argument {
    /// The name of the field and of the setter or method argument.
    pub(super) ident: Ident,
    /// The name in the document.
    pub(super) label: String,
    pub(super) description: String,
    /// The type that the request holds.
    pub(super) held: Type,
    pub(super) optional: bool,
    /// `true` for a body of bytes, which may be a stream.
    pub(super) is_bytes: bool,
    pub(super) sent: Sent,
    /// The fields of a whole query that have another serialization than the default.
    pub(super) fields: Vec<(String, Serialization)>,
}

/// The code that puts an argument into the request.
#[derive(Debug, Clone)]
pub(super) enum Sent {
    Parameter(Location, Serialization),
    Json,
    JsonLines,
    UrlEncoded(Vec<(String, Serialization)>),
    /// As it is: bytes or text.
    Unchanged,
    Multipart,
}

impl Argument {
    /// A parameter that progenitor takes as `of`.
    pub(super) fn parameter(parameter: &Parameter, of: &Type, name: &str) -> Self {
        let (held, optional) = shape(of);
        Self {
            ident: format_ident!("{name}"),
            label: parameter.name.clone(),
            description: parameter.description.clone(),
            held,
            optional,
            is_bytes: false,
            sent: Sent::Parameter(parameter.location, parameter.serialization),
            fields: parameter.fields.clone(),
        }
    }

    /// The body that progenitor takes as `of`.
    pub(super) fn body(body: &Body, of: &Type, model: &Model, runtime: &syn::Path) -> Self {
        let (mut held, optional) = shape(of);
        let sent = match &body.kind {
            BodyKind::Json => Sent::Json,
            BodyKind::JsonLines => Sent::JsonLines,
            BodyKind::Bytes => Sent::Unchanged,
            BodyKind::Text => {
                held = parse_quote! { ::std::string::String };
                Sent::Unchanged
            }
            BodyKind::UrlEncoded(encodings) => Sent::UrlEncoded(encodings.clone()),
            BodyKind::Multipart { form } => {
                let is_described = form
                    .as_ref()
                    .is_some_and(|form| model.forms.contains_key(form));
                if !is_described {
                    held = parse_quote! { #runtime::Form };
                }
                Sent::Multipart
            }
        };
        Self {
            ident: format_ident!("body"),
            label: "body".to_owned(),
            description: body.description.clone(),
            held,
            optional: optional || !body.required,
            is_bytes: matches!(body.kind, BodyKind::Bytes),
            sent,
            fields: Vec::new(),
        }
    }

    /// Returns whether the value can be cloned. Bytes and the parts of a form may be streams.
    pub(super) fn can_clone(&self) -> bool {
        !self.is_bytes && !matches!(self.sent, Sent::Multipart)
    }

    pub(super) fn in_path(&self) -> bool {
        matches!(self.sent, Sent::Parameter(Location::Path, _))
    }

    /// Returns the type of the user's argument.
    pub(super) fn argument(&self) -> TokenStream {
        match self.is_bytes {
            true => quote! { impl Into<::reqwest::Body> },
            false => conversion(&self.held).0,
        }
    }

    /// Returns the function that converts the user's argument.
    pub(super) fn given(&self) -> TokenStream {
        match self.is_bytes {
            true => quote! { setter::value::<::reqwest::Body> },
            false => conversion(&self.held).1,
        }
    }

    pub(super) fn setter(&self) -> TokenStream {
        let (ident, of, given) = (&self.ident, self.argument(), self.given());
        let doc = if self.description.trim().is_empty() {
            format!("Sets `{}`.", self.label)
        } else {
            self.description.clone()
        };
        quote! {
            #[doc = #doc]
            pub fn #ident(mut self, #ident: #of) -> Self {
                self.#ident = #given(#ident);
                self
            }
        }
    }
}

/// Returns what a request holds for an argument of progenitor's function: the owned type, and
/// whether it may be absent.
fn shape(of: &Type) -> (Type, bool) {
    let is = |of: &Type, name: &str| {
        matches!(of, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == name))
    };
    if is(of, "Option")
        && let Some(inner) = first_argument(of)
    {
        return (shape(&inner).0, true);
    }
    match of {
        Type::Reference(reference) if is(&reference.elem, "str") => {
            (parse_quote! { ::std::string::String }, false)
        }
        Type::Reference(reference) => ((*reference.elem).clone(), false),
        // The type parameter of a function that takes a body of bytes.
        other if is(other, "B") => (parse_quote! { ::reqwest::Body }, false),
        other => (other.clone(), false),
    }
}

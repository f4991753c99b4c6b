//! An argument of a request: as the user passes it, as the request holds it, and as progenitor
//! takes it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type, parse_quote};

use crate::lower::{Body, BodyKind, Location, Model, Parameter, Serialization};
use crate::refine::conversion;
use crate::refine::requests::first_argument;

/// An argument of progenitor's function, and how the user passes it.
pub(super) struct Argument {
    /// The name of the field and of the setter or method argument.
    pub(super) ident: Ident,
    /// The name in the document.
    pub(super) label: String,
    pub(super) description: String,
    /// The type that the request holds.
    pub(super) held: Type,
    pub(super) optional: bool,
    passed: Passed,
    pub(super) sent: Sent,
    /// The fields of a whole query that have another serialization than the default.
    pub(super) fields: Vec<(String, Serialization)>,
}

/// The code that puts an argument into the request.
#[derive(Debug, Clone)]
pub(super) enum Sent {
    /// progenitor's function.
    Passed,
    Parameter(Location, Serialization),
    Json,
    JsonLines,
    UrlEncoded(Vec<(String, Serialization)>),
    Text,
    Multipart,
}

/// How progenitor's function takes an argument.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passed {
    Str,
    Reference,
    Value,
    Bytes,
}

impl Argument {
    /// A parameter that progenitor takes as `of`.
    pub(super) fn parameter(parameter: &Parameter, of: &Type, name: &str) -> Self {
        let (held, optional, passed) = shape(of);
        Self {
            ident: format_ident!("{name}"),
            label: parameter.name.clone(),
            description: parameter.description.clone(),
            held,
            optional,
            passed,
            sent: Sent::Parameter(parameter.location, parameter.serialization),
            fields: parameter.fields.clone(),
        }
    }

    /// The body that progenitor takes as `of`.
    pub(super) fn body(body: &Body, of: &Type, model: &Model, runtime: &syn::Path) -> Self {
        let (mut held, optional, passed) = shape(of);
        let sent = match &body.kind {
            BodyKind::Json => Sent::Json,
            BodyKind::JsonLines => Sent::JsonLines,
            BodyKind::Bytes => Sent::Passed,
            BodyKind::Text => {
                held = parse_quote! { ::std::string::String };
                Sent::Text
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
            passed,
            sent,
            fields: Vec::new(),
        }
    }

    /// How progenitor's function takes the argument.
    pub(super) fn passing(&self) -> Passed {
        self.passed
    }

    /// Returns whether the value can be cloned. Bytes and the parts of a form may be streams.
    pub(super) fn can_clone(&self) -> bool {
        self.passed != Passed::Bytes && !matches!(self.sent, Sent::Multipart)
    }

    pub(super) fn in_path(&self) -> bool {
        matches!(self.sent, Sent::Parameter(Location::Path, _))
    }

    /// Returns the type of the user's argument.
    pub(super) fn argument(&self) -> TokenStream {
        match self.passed {
            Passed::Bytes => quote! { impl Into<::reqwest::Body> },
            _ => conversion(&self.held).0,
        }
    }

    /// Returns the function that converts the user's argument.
    pub(super) fn given(&self) -> TokenStream {
        match self.passed {
            Passed::Bytes => quote! { setter::value::<::reqwest::Body> },
            _ => conversion(&self.held).1,
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

    /// Returns the expression with which progenitor's function is called.
    pub(super) fn passed(&self) -> TokenStream {
        let ident = &self.ident;
        match (self.passed, self.optional) {
            (Passed::Str, true) => quote! { #ident.as_deref() },
            (Passed::Reference, true) => quote! { #ident.as_ref() },
            (Passed::Str | Passed::Reference, false) => quote! { &#ident },
            (Passed::Value | Passed::Bytes, _) => quote! { #ident },
        }
    }
}

/// Returns what a request holds for an argument of progenitor's function: the owned type, whether
/// it may be absent, and how it is passed.
fn shape(of: &Type) -> (Type, bool, Passed) {
    let is = |of: &Type, name: &str| {
        matches!(of, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == name))
    };
    if is(of, "Option")
        && let Some(inner) = first_argument(of)
    {
        let (held, _, passed) = shape(&inner);
        return (held, true, passed);
    }
    match of {
        Type::Reference(reference) if is(&reference.elem, "str") => {
            (parse_quote! { ::std::string::String }, false, Passed::Str)
        }
        Type::Reference(reference) => ((*reference.elem).clone(), false, Passed::Reference),
        // The type parameter of a function that takes a body of bytes.
        other if is(other, "B") => (parse_quote! { ::reqwest::Body }, false, Passed::Bytes),
        other => (other.clone(), false, Passed::Value),
    }
}

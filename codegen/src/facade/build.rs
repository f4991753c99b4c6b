//! Emits the code that builds a request: validates values, and adds them to the request.

use proc_macro2::TokenStream;
use quote::quote;

use super::argument::{Argument, Sent};
use super::request::{Request, open_headers};
use crate::lower::{Location, Serialization};
use crate::openapi::media_type::essence;
use crate::openapi::path_template::{Piece, pieces};
use crate::refine::tokens::{escape, style};

impl Request<'_> {
    /// Emits the function that builds the `reqwest::Request`.
    pub(super) fn build(&self, runtime: &syn::Path) -> TokenStream {
        let values = self
            .arguments
            .iter()
            .map(|argument| value(argument, runtime));
        // An operation without arguments cannot receive invalid ones.
        let is_fallible = !self.arguments.is_empty() || !open_headers(self.operation).is_empty();
        let invalid = is_fallible.then(|| {
            quote! { let invalid = |problem| #runtime::Error::invalid_request(Self::OPERATION, problem); }
        });
        let pieces = self.pieces();
        let changes: Vec<TokenStream> = self.changes(runtime).collect();
        let mutable = (!changes.is_empty()).then(|| quote! { mut });
        quote! {
            #[inline]
            pub(crate) fn build_request(self) -> Result<::reqwest::Request, #runtime::Error> {
                #invalid
                #(#values)*
                let #mutable request =
                    #runtime::path::request(self.client, Self::OPERATION, &[#(#pieces),*])?;
                #(#changes)*
                Ok(request)
            }
        }
    }

    /// Emits the pieces of the path template, with values between them.
    fn pieces(&self) -> Vec<TokenStream> {
        let mut path = self.operation.path.clone();
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        let pieces = pieces(&path).into_iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(quote! { #text }),
            Piece::Parameter(name) => {
                let argument = self
                    .arguments
                    .iter()
                    .find(|argument| argument.in_path() && argument.label == name)?;
                let ident = &argument.ident;
                Some(quote! { &#ident })
            }
        });
        pieces.collect()
    }

    /// Emits the statements that complete the request.
    fn changes(&self, runtime: &syn::Path) -> impl Iterator<Item = TokenStream> {
        let added = self
            .arguments
            .iter()
            .filter_map(|argument| self.added(argument, runtime));
        added.chain(self.content_type()).chain(self.accept())
    }

    /// Emits the statement that adds an argument, unless the argument is part of the path.
    fn added(&self, argument: &Argument, runtime: &syn::Path) -> Option<TokenStream> {
        let (ident, label) = (&argument.ident, &argument.label);
        let operation = self.operation;
        let added = match &argument.sent {
            Sent::Parameter(Location::Path, _) => return None,
            Sent::Parameter(location, serialization) => {
                let style = style(serialization.style, runtime);
                match location {
                    Location::Query | Location::Path => {
                        let escape = escape(*serialization, runtime);
                        quote! { #runtime::parameter::query(&mut request, #label, #style, #escape, &#ident) }
                    }
                    Location::Header => {
                        quote! { #runtime::parameter::header(&mut request, #label, #style, &#ident) }
                    }
                    Location::Cookie => {
                        let escape = escape(*serialization, runtime);
                        quote! { #runtime::parameter::cookie(&mut request, #label, #style, #escape, &#ident) }
                    }
                    Location::Querystring => {
                        let encodings = encodings_of(&argument.fields, runtime);
                        quote! { #runtime::parameter::querystring(&mut request, #label, #style, #encodings, &#ident) }
                    }
                }
            }
            Sent::Json | Sent::JsonLines => {
                let body = match argument.sent {
                    Sent::JsonLines if self.is_json_sequence() => {
                        quote! { #runtime::json::sequence(&mut request, &body) }
                    }
                    Sent::JsonLines => quote! { #runtime::json::lines(&mut request, &body) },
                    _ => quote! { #runtime::json::body(&mut request, &body) },
                };
                // A required body that may be `null` is sent as `null` if the caller sets none.
                let is_null = matches!(argument.sent, Sent::Json)
                    && operation.body.as_ref().is_some_and(|body| body.required);
                if argument.optional && !is_null {
                    quote! { body.map_or(Ok(()), |body| #body) }
                } else {
                    body
                }
            }
            Sent::UrlEncoded(encodings) => {
                let encodings = encodings_of(encodings, runtime);
                let body = quote! {
                    #runtime::urlencoded::body(&mut request, #encodings, &body)
                };
                if argument.optional {
                    quote! { body.map_or(Ok(()), |body| #body) }
                } else {
                    body
                }
            }
            Sent::Unchanged => {
                let set = quote! {
                    *request.body_mut() = ::std::option::Option::Some(body.into());
                };
                return Some(if argument.optional {
                    quote! { if let Some(body) = body { #set } }
                } else {
                    set
                });
            }
            Sent::Multipart => {
                let media_type = operation
                    .body
                    .as_ref()
                    .and_then(|body| body.content_type.as_deref())
                    .and_then(|media_type| media_type.split(';').next())
                    .map_or("multipart/form-data", str::trim);
                let form = quote! {
                    #runtime::Form::from(body).apply(request, #media_type)
                };
                return Some(if argument.optional {
                    quote! {
                        if let Some(body) = body {
                            request = #form.map_err(invalid)?;
                        }
                    }
                } else {
                    quote! { request = #form.map_err(invalid)?; }
                });
            }
        };
        Some(quote! { #added.map_err(invalid)?; })
    }

    /// Returns whether the body is a JSON text sequence (RFC 7464) instead of lines.
    fn is_json_sequence(&self) -> bool {
        let body = self.operation.body.as_ref();
        let media_type = body.and_then(|body| body.content_type.as_deref());
        media_type.is_some_and(|media_type| essence(media_type).ends_with("json-seq"))
    }

    /// Emits the statement that sets the media types that the caller accepts.
    fn accept(&self) -> Option<TokenStream> {
        self.operation.accept_is_open.then(|| {
            quote! {
                if let Some(accept) = setter::optional("accept", self.accept).map_err(invalid)? {
                    request.headers_mut().insert(::reqwest::header::ACCEPT, accept);
                }
            }
        })
    }

    /// Emits the statement that sets the media type of the body, unless other code sets it.
    fn content_type(&self) -> Option<TokenStream> {
        let body = self.operation.body.as_ref()?;
        let body_argument = self.arguments.iter().find(|it| it.ident == "body")?;
        if matches!(body_argument.sent, Sent::Multipart) {
            return None;
        }
        let media_type = body
            .content_type
            .as_ref()
            .filter(|text| text.bytes().all(|byte| (0x20..0x7f).contains(&byte)))?;
        let default = quote! { ::reqwest::header::HeaderValue::from_static(#media_type) };
        let value = if body.content_type_is_open {
            quote! {
                setter::optional("content_type", self.content_type)
                    .map_err(invalid)?
                    .unwrap_or(#default)
            }
        } else {
            default
        };
        let insert = quote! {
            request.headers_mut().insert(::reqwest::header::CONTENT_TYPE, #value);
        };
        Some(if body_argument.optional {
            quote! { if request.body().is_some() { #insert } }
        } else {
            insert
        })
    }
}

/// Emits how the fields of a form are serialized.
fn encodings_of(fields: &[(String, Serialization)], runtime: &syn::Path) -> TokenStream {
    let encodings = fields.iter().map(|(field, serialization)| {
        let (style, escape) = (
            style(serialization.style, runtime),
            escape(*serialization, runtime),
        );
        quote! {
            #runtime::urlencoded::Encoding { field: #field, style: #style, escape: #escape }
        }
    });
    quote! { &[#(#encodings),*] }
}

/// Emits the statement that turns an argument into a value or an error.
fn value(argument: &Argument, runtime: &syn::Path) -> TokenStream {
    let (ident, label) = (&argument.ident, &argument.label);
    let written = match &argument.sent {
        Sent::Parameter(Location::Path, serialization) => {
            let (style, escape) = (
                style(serialization.style, runtime),
                escape(*serialization, runtime),
            );
            Some(quote! {
                let #ident = #runtime::path::value(Self::OPERATION, #label, #style, #escape, &#ident)?;
            })
        }
        _ => None,
    };
    let unwrap = if argument.optional {
        quote! { optional }
    } else {
        quote! { required }
    };
    quote! {
        let #ident = setter::#unwrap(#label, self.#ident).map_err(invalid)?;
        #written
    }
}

//! Emits one request: a struct that is configured and awaited.

mod docs;
mod send;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, Type};

use super::argument::Argument;
use super::paging::Paged;
use crate::error::Error;
use crate::lower::{Model, Operation, Parameter, placeholder_index};
use crate::names::{Taken, snake};
use crate::openapi::path_template;
use crate::refine::maybe;
use crate::refine::requests::Function;

/// The names of the methods and variables of every request, which no parameter may have.
const RESERVED: &[&str] = &[
    "send",
    "send_as",
    "send_stream",
    "to_request",
    "into_future",
    "build_request",
    "client",
    "body",
    "invalid",
    "maybe",
    "request",
];

/// The parts of a request.
pub(super) struct Request<'a> {
    index: usize,
    pub(super) operation: &'a Operation,
    success: &'a Type,
    name: Ident,
    pub(super) arguments: Vec<Argument>,
    paged: Option<Paged>,
}

/// A header with a media type that the document leaves to the caller.
pub(super) struct OpenHeader {
    /// The name of the field and of the setter.
    pub(super) field: &'static str,
    about: &'static str,
    /// The value without the caller's choice.
    default: String,
}

/// Returns the headers of the operation that the caller may set.
pub(super) fn open_headers(operation: &Operation) -> Vec<OpenHeader> {
    let mut headers = Vec::new();
    let body = operation.body.as_ref();
    if let Some(body) = body.filter(|body| body.content_type_is_open) {
        headers.push(OpenHeader {
            field: "content_type",
            about: "Sets the media type of the body",
            default: body.content_type.clone().unwrap_or_default(),
        });
    }
    if operation.accept_is_open {
        let accept = operation.accept.as_deref();
        headers.push(OpenHeader {
            field: "accept",
            about: "Sets the media types to accept",
            default: accept
                .or(operation.response.accept())
                .unwrap_or_default()
                .to_owned(),
        });
    }
    headers
}

impl OpenHeader {
    /// Emits the setter.
    fn setter(&self) -> TokenStream {
        let field = format_ident!("{}", self.field);
        let doc = format!("{}; `{}` otherwise.", self.about, self.default);
        quote! {
            #[doc = #doc]
            pub fn #field(
                mut self,
                media_type: impl TryInto<::reqwest::header::HeaderValue, Error: Display>,
            ) -> Self {
                self.#field = setter::value(media_type);
                self
            }
        }
    }
}

impl<'a> Request<'a> {
    pub(super) fn new(
        index: usize,
        operation: &'a Operation,
        function: &'a Function,
        name: Ident,
        paged: Option<Paged>,
        model: &Model,
        runtime: &syn::Path,
    ) -> Result<Self, Error> {
        let mut taken = Taken::with(RESERVED);
        if paged.is_some() {
            taken.unique("pages");
            taken.unique("items");
            taken.unique("items_as");
        }
        for header in open_headers(operation) {
            taken.unique(header.field);
        }
        let names = argument_names(operation, &mut taken);
        let mut arguments = Vec::new();
        for (ident, of) in &function.arguments {
            let index = placeholder_index(&ident.to_string());
            let parameter = index.and_then(|index| operation.parameters.get(index));
            arguments.push(match (parameter.zip(index), &operation.body) {
                (Some((parameter, index)), _) => {
                    let name = names.get(&index).map_or("argument", String::as_str);
                    Argument::parameter(parameter, of, name)
                }
                (None, Some(body)) if ident == "body" => Argument::body(body, of, model, runtime),
                _ => {
                    return Err(Error::Refine(format!(
                        "`{}` takes `{ident}`, which is no parameter of {}",
                        operation.function, operation.pointer
                    )));
                }
            });
        }
        Ok(Self {
            index,
            operation,
            success: &function.success,
            name,
            arguments,
            paged,
        })
    }

    /// Returns the required arguments in the order of the method's parameters: those of the path as
    /// the path template has them, the others by name, and the body last. The order of the document
    /// does not matter, since a vendor may change it without notice.
    pub(super) fn required(&self) -> impl Iterator<Item = &Argument> {
        let template = path_template::names(&self.operation.path);
        let rank = |argument: &Argument| {
            let place = template.iter().position(|name| *name == argument.label);
            (
                argument.ident == "body",
                !argument.in_path(),
                place.filter(|_| argument.in_path()),
                argument.ident.to_string(),
            )
        };
        let required = self.arguments.iter().filter(|argument| !argument.optional);
        let mut required: Vec<&Argument> = required.collect();
        required.sort_by_key(|argument| rank(argument));
        required.into_iter()
    }

    /// Emits the method of the tag's handle.
    pub(super) fn method(&self, example: Option<&str>) -> TokenStream {
        let doc = self.doc(example);
        let (method, name) = (format_ident!("{}", self.operation.method), &self.name);
        let parameters = self.required().map(|argument| {
            let (ident, of) = (&argument.ident, argument.argument());
            quote! { #ident: #of }
        });
        let fields = self.arguments.iter().map(|argument| {
            let ident = &argument.ident;
            if argument.optional {
                quote! { #ident: None }
            } else {
                let given = argument.given();
                quote! { #ident: #given(#ident) }
            }
        });
        let headers = open_headers(self.operation);
        let headers = headers.iter().map(|it| format_ident!("{}", it.field));
        let headers = quote! { #(#headers: None,)* };
        let deprecated = self.operation.deprecated.then(|| quote! { #[deprecated] });
        quote! {
            #[doc = #doc]
            #deprecated
            #[inline]
            pub fn #method(&self, #(#parameters),*) -> #name<'c> {
                #name { client: self.client, #headers #(#fields),* }
            }
        }
    }

    /// Returns the types of the parameters and the body.
    pub(super) fn sent(&self) -> TokenStream {
        self.arguments
            .iter()
            .map(|it| it.held.to_token_stream())
            .collect()
    }

    /// Emits the struct, its setters, and the methods that send it.
    ///
    /// `#[inline]` leaves machine code to the crates that call an operation. Compiling the decoding
    /// of all responses here would take more than half of the build time.
    pub(super) fn item(&self, runtime: &syn::Path) -> TokenStream {
        let name = &self.name;
        let doc = format!(
            "`{} {}`, to be awaited. `into_future()` makes a future for `try_join!` and `join_all`.",
            self.operation.method_token(),
            self.operation.path
        );
        let index = self.index;
        let fields = self.arguments.iter().map(|argument| {
            let (ident, held) = (&argument.ident, &argument.held);
            quote! { #ident: Given<#held> }
        });
        let setters = self
            .arguments
            .iter()
            .filter(|argument| argument.optional)
            .map(Argument::setter);
        let headers = open_headers(self.operation);
        let header_setters = headers.iter().map(OpenHeader::setter);
        let headers = headers.iter().map(|it| format_ident!("{}", it.field));
        let headers = quote! { #(#headers: Given<::reqwest::header::HeaderValue>,)* };
        let can_clone = self.arguments.iter().all(Argument::can_clone);
        let clone = can_clone.then(|| quote! { #[derive(Clone)] });
        let build = self.build(runtime);
        let optional = self.arguments.iter().find(|argument| argument.optional);
        let maybe = optional.map(|argument| maybe(&argument.ident));
        let send = self.send(runtime);
        let pages = self.pages(runtime);
        quote! {
            #[doc = #doc]
            #[must_use = "a request does nothing until it is awaited"]
            #clone
            pub struct #name<'c> { client: &'c #runtime::Client, #headers #(#fields),* }

            impl<'c> #name<'c> {
                pub(crate) const OPERATION: &'static #runtime::Operation = &super::super::OPERATIONS[#index];

                #(#setters)*

                #(#header_setters)*

                #maybe

                #build
            }

            #send

            #pages
        }
    }
}

/// Names the arguments by the index of their parameters. Two parameters may have one name in Rust:
/// which of them gets a number depends on location and name, not on the order of the document.
fn argument_names(operation: &Operation, taken: &mut Taken) -> BTreeMap<usize, String> {
    let mut parameters: Vec<_> = operation.parameters.iter().enumerate().collect();
    parameters.sort_by_key(|(_, parameter)| (parameter.location, &parameter.name));
    let name =
        |(index, parameter): (usize, &Parameter)| (index, taken.unique(&snake(&parameter.name)));
    parameters.into_iter().map(name).collect()
}

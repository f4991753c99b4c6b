//! Emits one request: a struct that is configured and awaited.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::argument::Argument;
use super::paging::Paged;
use crate::error::Error;
use crate::lower::{EventForm, Model, Operation, Parameter, ResponseKind, placeholder_index};
use crate::names::{Taken, snake};
use crate::openapi::path_template;
use crate::refine::requests::Function;

/// The names of the methods and variables of every request, which no parameter may have.
const RESERVED: &[&str] = &[
    "send",
    "send_as",
    "send_stream",
    "into_future",
    "build_request",
    "client",
    "body",
    "invalid",
    "request",
    "requests",
    "url",
];

/// The parts of a request.
pub(super) struct Request<'a> {
    index: usize,
    pub(super) operation: &'a Operation,
    success: &'a Type,
    name: Ident,
    pub(super) arguments: Vec<Argument>,
    pub(super) function: Ident,
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
            function: format_ident!("{}", operation.function),
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
            pub fn #method(&self, #(#parameters),*) -> #name<'c> {
                #name { client: self.client, #headers #(#fields),* }
            }
        }
    }

    fn doc(&self, example: Option<&str>) -> String {
        let operation = self.operation;
        let mut doc = String::new();
        let mut paragraph = |text: &str| {
            if !text.trim().is_empty() {
                doc.push_str(text.trim());
                doc.push_str("\n\n");
            }
        };
        paragraph(&operation.summary);
        if operation.description.trim() != operation.summary.trim() {
            paragraph(&operation.description);
        }
        let method = operation.method_token();
        paragraph(&format!("`{method} {}`", operation.path));
        paragraph(match operation.response {
            ResponseKind::EventStream => "The response is an event stream (`text/event-stream`).",
            ResponseKind::JsonLines => "The response is a stream of JSON values.",
            ResponseKind::Bytes => "The response comes as a stream of bytes.",
            ResponseKind::Text => "The response is text.",
            ResponseKind::Json | ResponseKind::Empty => "",
        });
        let mut list = String::new();
        for argument in self
            .required()
            .chain(self.arguments.iter().filter(|one| one.optional))
        {
            let text = argument
                .description
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let kind = if argument.optional { " (optional)" } else { "" };
            let colon = if text.is_empty() { "" } else { ": " };
            list.push_str(&format!("- `{}`{kind}{colon}{text}\n", argument.ident));
        }
        if !list.is_empty() {
            paragraph(&format!("# Parameters\n\n{list}"));
        }
        if let Some(example) = example {
            paragraph(&format!("# Example\n\n```no_run\n{example}\n```"));
        }
        if let Some(reference) = &operation.reference {
            paragraph(&format!("[Reference](<{reference}>)"));
        }
        doc.trim_end().to_owned()
    }

    /// Emits the struct, its setters, and the methods that send it.
    ///
    /// `#[inline]` leaves machine code to the crates that call an operation. Compiling the decoding
    /// of all responses here would take more than half of the build time.
    pub(super) fn item(&self, runtime: &syn::Path) -> TokenStream {
        let name = &self.name;
        let doc = format!(
            "`{} {}`, to be awaited.",
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
        let build = self.build(runtime);
        let send = self.send(runtime);
        let pages = self.pages(runtime);
        quote! {
            #[doc = #doc]
            #[must_use = "a request does nothing until it is awaited"]
            pub struct #name<'c> { client: &'c #runtime::Client, #headers #(#fields),* }

            impl<'c> #name<'c> {
                pub(crate) const OPERATION: &'static #runtime::Operation = &super::super::OPERATIONS[#index];

                #(#setters)*

                #(#header_setters)*

                #build
            }

            #send

            #pages
        }
    }

    /// Emits the methods that read page by page.
    fn pages(&self, runtime: &syn::Path) -> Option<TokenStream> {
        let Paged { item, paging } = self.paged.as_ref()?;
        let (name, page) = (&self.name, self.success);
        Some(quote! {
            impl<'c> #name<'c> {
                /// All pages, each requested when needed.
                #[inline]
                pub fn pages(self) -> #runtime::Pages<#page, #item> {
                    let paging: #runtime::pages::Paging<#page, #item> = #paging;
                    let client = self.client;
                    #runtime::Pages::new(client, Self::OPERATION, self.build_request(), paging)
                }

                /// The items of all pages; a page is requested when one of its items is needed.
                #[inline]
                pub fn items(self) -> #runtime::Items<#page, #item> {
                    #runtime::Items::new(self.pages())
                }
            }
        })
    }

    /// Emits the methods that send the request.
    fn send(&self, runtime: &syn::Path) -> TokenStream {
        let (name, success) = (&self.name, self.success);
        let (success, call) = match self.operation.response {
            ResponseKind::Json => (
                quote! { #success },
                quote! { execute(Self::OPERATION, request) },
            ),
            ResponseKind::Empty => (quote! { () }, quote! { execute(Self::OPERATION, request) }),
            ResponseKind::EventStream => (
                match self.operation.event_form {
                    Some(_) => quote! { #runtime::EventStream<#success> },
                    None => quote! { #runtime::EventStream },
                },
                quote! { execute_events(Self::OPERATION, request, ::std::option::Option::None) },
            ),
            ResponseKind::JsonLines => (
                quote! { #runtime::JsonLines<#success> },
                quote! { execute_lines(Self::OPERATION, request) },
            ),
            ResponseKind::Text => (
                quote! { ::std::string::String },
                quote! { execute_text(Self::OPERATION, request) },
            ),
            ResponseKind::Bytes => (
                quote! { #runtime::ByteStream },
                quote! { execute_as::<#runtime::ByteStream>(Self::OPERATION, request) },
            ),
        };
        let typed = self.operation.event_form.map(|form| match form {
            EventForm::Data => {
                quote! { .map(|response| response.map(#runtime::EventStream::with_data)) }
            }
            EventForm::Whole => {
                quote! { .map(|response| response.map(#runtime::EventStream::with_event)) }
            }
        });
        let is_decoded = matches!(
            self.operation.response,
            ResponseKind::Json | ResponseKind::Empty
        );
        let send_as = is_decoded.then(|| {
            quote! {
                /// Sends the request and decodes the response body as a type of your own;
                /// `serde_json::Value` takes any JSON.
                ///
                /// # Errors
                ///
                /// Returns the errors of `send`, and an error if the response body does not fit
                /// `T`.
                pub async fn send_as<T: #runtime::serde::de::DeserializeOwned>(
                    self,
                ) -> ::std::result::Result<T, #runtime::Error> {
                    let client = self.client;
                    let request = self.build_request()?;
                    let response = #runtime::CallRunner::new(client).execute::<T>(Self::OPERATION, request).await?;
                    ::std::result::Result::Ok(response.into_inner())
                }
            }
        });
        let is_text = self.operation.response == ResponseKind::Text;
        let send_stream = is_text.then(|| {
            quote! {
                /// Sends the request and returns the text as it arrives, without a limit of size.
                ///
                /// # Errors
                ///
                /// Returns the errors of `send`.
                pub async fn send_stream(
                    self,
                ) -> ::std::result::Result<#runtime::Response<#runtime::ByteStream>, #runtime::Error> {
                    let client = self.client;
                    let request = self.build_request()?;
                    #runtime::CallRunner::new(client).execute_as::<#runtime::ByteStream>(Self::OPERATION, request).await
                }
            }
        });
        let label = name.to_string();
        quote! {
            impl<'c> #name<'c> {
                /// Sends the request and returns the response with its status and headers.
                ///
                /// # Errors
                ///
                /// Returns an error if an argument is invalid, no response arrives, the server
                /// responds with an error, or the response body does not decode.
                pub async fn send(
                    self,
                ) -> ::std::result::Result<#runtime::Response<#success>, #runtime::Error> {
                    let client = self.client;
                    let request = self.build_request()?;
                    #runtime::CallRunner::new(client).#call.await #typed
                }

                #send_as

                #send_stream
            }

            impl<'c> ::std::future::IntoFuture for #name<'c> {
                type Output = ::std::result::Result<#success, #runtime::Error>;
                type IntoFuture = #runtime::BoxFuture<'c, Self::Output>;

                #[inline]
                fn into_future(self) -> Self::IntoFuture {
                    ::std::boxed::Box::pin(async move {
                        ::std::result::Result::Ok(self.send().await?.into_inner())
                    })
                }
            }

            // Parameters may be secret.
            impl ::std::fmt::Debug for #name<'_> {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct(#label).finish_non_exhaustive()
                }
            }
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

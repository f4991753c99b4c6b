//! Emits the methods that send a request, once or page by page.

use proc_macro2::TokenStream;
use quote::quote;

use super::Request;
use crate::facade::paging::Paged;
use crate::lower::{EventForm, ResponseKind};

impl Request<'_> {
    /// Emits the methods that read page by page.
    pub(super) fn pages(&self, runtime: &syn::Path) -> Option<TokenStream> {
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

                /// The items of all pages, each decoded as a type of your own.
                #[inline]
                pub fn items_as<I: #runtime::serde::de::DeserializeOwned>(
                    self,
                ) -> #runtime::ItemsAs<#page, #item, I> {
                    self.items().decode_as()
                }
            }
        })
    }

    /// Returns the type of a response body, and the call of the runtime that returns the body: its
    /// name, and its last argument.
    fn response(&self, runtime: &syn::Path) -> (TokenStream, TokenStream, Option<TokenStream>) {
        let success = self.success;
        let events = quote! { #runtime::EventStream };
        let typed_events = quote! { #events<#success> };
        match (self.operation.response, self.operation.event_form) {
            (ResponseKind::Json, _) => (quote! { #success }, quote! { execute_whole }, None),
            (ResponseKind::Empty, _) => (quote! { () }, quote! { execute_whole }, None),
            (ResponseKind::EventStream, Some(EventForm::Data)) => {
                let last = quote! { , #events::with_data };
                (typed_events, quote! { execute_typed_events }, Some(last))
            }
            (ResponseKind::EventStream, Some(EventForm::Whole)) => {
                let last = quote! { , #events::with_event };
                (typed_events, quote! { execute_typed_events }, Some(last))
            }
            (ResponseKind::EventStream, None) => {
                let last = quote! { , ::std::option::Option::None };
                (events, quote! { execute_events }, Some(last))
            }
            (ResponseKind::JsonLines, _) => {
                let lines = quote! { #runtime::JsonLines<#success> };
                (lines, quote! { execute_lines }, None)
            }
            (ResponseKind::Text, _) => {
                let text = quote! { ::std::string::String };
                (text, quote! { execute_text }, None)
            }
            (ResponseKind::Bytes, _) => {
                let bytes = quote! { #runtime::ByteStream };
                (bytes, quote! { execute_as }, None)
            }
        }
    }

    /// Emits the methods that send the request.
    pub(super) fn send(&self, runtime: &syn::Path) -> TokenStream {
        let name = &self.name;
        let (success, call, last) = self.response(runtime);
        let is_decoded = matches!(
            self.operation.response,
            ResponseKind::Json | ResponseKind::Empty
        );
        let future = match is_decoded {
            true => quote! {
                #runtime::CallRunner::new(self.client).execute(Self::OPERATION, self.build_request())
            },
            false => quote! { #runtime::value_of(self.send()) },
        };
        let send_as = is_decoded.then(|| {
            quote! {
                /// Sends the request and decodes the response body as a type of your own;
                /// `serde_json::Value` takes any JSON.
                ///
                /// # Errors
                ///
                /// Returns the errors of `send`, and an error if the response body does not fit
                /// `T`.
                #[inline]
                pub fn send_as<T: #runtime::serde::de::DeserializeOwned>(
                    self,
                ) -> #runtime::SendAs<'c, T> {
                    #runtime::CallRunner::new(self.client).execute_typed(Self::OPERATION, self.build_request())
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
                #[inline]
                pub fn send_stream(
                    self,
                ) -> #runtime::BoxFuture<
                    'c,
                    ::std::result::Result<#runtime::Response<#runtime::ByteStream>, #runtime::Error>,
                > {
                    #runtime::CallRunner::new(self.client).execute_as(Self::OPERATION, self.build_request())
                }
            }
        });
        let label = name.to_string();
        let is_in_memory = matches!(
            self.operation.response,
            ResponseKind::Json | ResponseKind::Empty | ResponseKind::Text
        );
        quote! {
            impl<'c> #name<'c> {
                /// Returns the request as it would be sent, without credentials. Nothing is sent.
                ///
                /// # Errors
                ///
                /// Returns an error if an argument is invalid.
                #[allow(clippy::wrong_self_convention)]
                #[inline]
                pub fn to_request(
                    self,
                ) -> ::std::result::Result<#runtime::PreparedRequest, #runtime::Error> {
                    #runtime::CallRunner::new(self.client).dry_run(
                        Self::OPERATION,
                        self.build_request(),
                        #is_in_memory,
                    )
                }

                /// Sends the request and returns the response with its status and headers.
                ///
                /// # Errors
                ///
                /// Returns an error if an argument is invalid, no response arrives, the server
                /// responds with an error, or the response body does not decode.
                #[inline]
                pub fn send(
                    self,
                ) -> #runtime::BoxFuture<
                    'c,
                    ::std::result::Result<#runtime::Response<#success>, #runtime::Error>,
                > {
                    #runtime::CallRunner::new(self.client).#call(
                        Self::OPERATION,
                        self.build_request()
                        #last
                    )
                }

                #send_as

                #send_stream
            }

            impl<'c> ::std::future::IntoFuture for #name<'c> {
                type Output = ::std::result::Result<#success, #runtime::Error>;
                type IntoFuture = #runtime::BoxFuture<'c, Self::Output>;

                #[inline]
                fn into_future(self) -> Self::IntoFuture {
                    #future
                }
            }

            // Parameters may be secret.
            impl ::std::fmt::Debug for #name<'_> {
                #[inline]
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct(#label).finish_non_exhaustive()
                }
            }
        }
    }
}

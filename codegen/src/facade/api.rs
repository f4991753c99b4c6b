//! The static `API`: what the runtime is told of the document as a whole.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::lower::Api;

pub(super) fn item(api: &Api, runtime: &syn::Path) -> TokenStream {
    let Api {
        title,
        version,
        server,
        error_body,
    } = api;
    let server = server.as_ref().map(|url| quote! { .default_server(#url) });
    let error_body = error_body.as_ref().map(|shape| {
        let lists = [
            ("code", &shape.code),
            ("message", &shape.message),
            ("id", &shape.id),
            ("known_codes", &shape.known_codes),
        ];
        let setters = lists.into_iter().filter_map(|(name, list)| {
            let (setter, list) = (format_ident!("{name}"), list.as_ref()?);
            Some(quote! { .#setter(&[#(#list),*]) })
        });
        quote! { .error_body(#runtime::ErrorBody::new() #(#setters)*) }
    });
    quote! {
        /// This API, as the runtime knows it.
        pub static API: #runtime::Api = #runtime::Api::new(env!("CARGO_PKG_NAME"), #title, #version)
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            #server
            .operations(OPERATIONS)
            #error_body;
    }
}

//! Emits the calls of tests: each operation once, with values from the document.

use proc_macro2::TokenStream;
use quote::quote;

use super::Examples;
use crate::facade::request::Request;

/// The calls of all operations.
#[derive(Default)]
pub(crate) struct Calls {
    entries: Vec<TokenStream>,
    /// The operations for which no call can be written down.
    missing: Vec<String>,
}

impl Calls {
    pub(crate) fn add(&mut self, examples: &Examples<'_>, request: &Request<'_>) {
        let operation = request.operation;
        let name = format!("{}.{}", operation.accessor, operation.method);
        let Some(call) = examples.call(request) else {
            self.missing.push(name);
            return;
        };
        let body = examples.optional_body(request);
        let body = body.map(|body| quote! { .body(#body) });
        self.entries.push(quote! {
            (#name, |client| {
                Box::pin(async move {
                    let _ = #call #body.await?;
                    Ok(())
                })
            })
        });
    }

    /// Returns a Rust file for `include!` in a test of the generated crate.
    pub(crate) fn file(self, examples: &Examples<'_>) -> String {
        let (root, Self { entries, missing }) = (&examples.root, self);
        let tokens = quote! {
            #[allow(unused_imports)]
            use #root::{serde_json::json, types};

            /// Calls a method with sample values.
            pub type Call = fn(
                #root::Client,
            ) -> ::std::pin::Pin<Box<
                dyn ::std::future::Future<
                    Output = Result<(), Box<dyn ::std::error::Error>>,
                >,
            >>;

            /// A call of each method, by the name of the operation.
            pub const CALLS: &[(&str, Call)] = &[#(#entries),*];

            /// The operations whose arguments have no sample that can be written as Rust.
            pub const WITHOUT_CALL: &[&str] = &[#(#missing),*];
        };
        let file = syn::parse2(tokens).map(|file| prettyplease::unparse(&file));
        file.unwrap_or_default()
    }
}

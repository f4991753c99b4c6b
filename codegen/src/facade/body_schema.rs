//! Emits the function that returns the JSON Schema of a request body (feature `schemars`).

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::argument::Sent;
use super::request::Request;

/// The arms of the function, one for each operation with a JSON body.
#[derive(Default)]
pub(super) struct BodySchemas(Vec<TokenStream>);

impl BodySchemas {
    /// Adds an operation, whose tag is compiled under a condition.
    pub(super) fn add(&mut self, request: &Request<'_>, condition: Option<&TokenStream>) {
        let mut arguments = request.arguments.iter();
        let Some(body) = arguments.find(|argument| matches!(argument.sent, Sent::Json)) else {
            return;
        };
        let operation = request.operation;
        let (name, of) = (
            format!("{}.{}", operation.accessor, operation.method),
            &body.held,
        );
        self.0.push(quote! {
            #condition
            #name => ::std::option::Option::Some(::schemars::schema_for!(#of)),
        });
    }

    /// Emits the function, if an operation has a JSON body.
    pub(super) fn item(&self) -> Option<TokenStream> {
        let arms = &self.0;
        // The module above that of the tags, of which one may be called `runtime`.
        let generated = format_ident!("super");
        (!arms.is_empty()).then(|| {
            quote! {
                /// Returns the JSON Schema of the request body of an operation; `None` if the body
                /// is not JSON, or if there is none.
                ///
                /// With the table of operations, the schema is enough for the tool list of an
                /// agent. The types of the bodies make the schema, so that the binary holds none.
                #[cfg(feature = "schemars")]
                pub fn body_schema(
                    operation: &#generated::runtime::Operation,
                ) -> ::std::option::Option<::schemars::Schema> {
                    #[allow(unused_imports)]
                    use #generated::types;
                    match operation.name {
                        #(#arms)*
                        _ => ::std::option::Option::None,
                    }
                }
            }
        })
    }
}

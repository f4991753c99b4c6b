//! Chooses the call of the example of the client.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Examples;
use crate::facade::request::Request;
use crate::lower::{Api, Requirements, SecuritySchemeKind};

/// The simplest call so far: preferably a `GET`, with few arguments.
#[derive(Default)]
pub(crate) struct Usage<'a> {
    best: Option<(Rank, TokenStream, &'a Requirements)>,
}

/// The order of preference: a `GET` before other methods, then the number of arguments.
type Rank = (bool, usize);

impl<'a> Usage<'a> {
    /// Considers a call. The first of equally simple calls wins.
    pub(crate) fn consider(&mut self, examples: &Examples<'_>, request: &Request<'a>) {
        let operation = request.operation;
        let rank = (operation.http_method != "get", request.required().count());
        let is_better = self.best.as_ref().is_none_or(|(best, ..)| rank < *best);
        if is_better && let Some(call) = examples.call(request) {
            self.best = Some((rank, call, &operation.security));
        }
    }

    /// Returns an example: a client with the credentials that the call requires, and the call.
    pub(crate) fn example(self, examples: &Examples<'_>, api: &Api) -> Option<String> {
        let (_, call, security) = self.best?;
        let root = &examples.root;
        let base_url = api
            .default_server()
            .is_none()
            .then(|| quote! { .base_url("https://api.example.com") });
        let required = security.first().map_or(&[][..], Vec::as_slice);
        let schemes = api.security_schemes.iter();
        let credentials = schemes
            .filter(|scheme| required.contains(&scheme.name))
            .filter_map(|scheme| {
                let setter = format_ident!("{}", scheme.setter);
                match scheme.kind {
                    SecuritySchemeKind::MutualTls => None,
                    SecuritySchemeKind::Basic => Some(quote! { .#setter("user", "password") }),
                    _ => Some(quote! { .#setter("secret") }),
                }
            });
        let statements = quote! {
            let client = #root::Client::builder()#base_url #(#credentials)*.build()?;
            let response = #call.await?;
        };
        examples.program(&statements, "")
    }
}

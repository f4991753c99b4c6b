//! The static `API`: what the runtime is told of the document as a whole.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::servers;
use crate::lower::Api;
use crate::refine::tokens::{requirements, security_scheme_kind};

pub(super) fn item(api: &Api, hint: &str, runtime: &syn::Path) -> TokenStream {
    let Api {
        title,
        version,
        security_schemes,
        security,
        error_body,
        ..
    } = api;
    let schemes = security_schemes.iter().map(|scheme| {
        let (name, setter) = (&scheme.name, &scheme.setter);
        let kind = security_scheme_kind(&scheme.kind);
        quote! { #runtime::SecurityScheme::new(#name, #setter, #runtime::SecuritySchemeKind::#kind) }
    });
    let schemes =
        (!security_schemes.is_empty()).then(|| quote! { .security_schemes(&[#(#schemes),*]) });
    let security = (!security.is_empty()).then(|| {
        let security = requirements(security);
        quote! { .security(#security) }
    });
    let server = api
        .default_server()
        .map(|url| quote! { .default_server(#url) });
    let servers = api.own_servers().iter().map(servers::constant);
    let servers =
        (!api.own_servers().is_empty()).then(|| quote! { .servers(&[#(&servers::#servers),*]) });
    let hint = (!hint.is_empty()).then(|| quote! { .credential_hint(#hint) });
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
            #servers
            .operations(OPERATIONS)
            #schemes
            #security
            #hint
            #error_body;
    }
}

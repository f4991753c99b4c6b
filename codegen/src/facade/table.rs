//! Emits the rows of `OPERATIONS`: what the runtime and generic callers know about an operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{paging, servers};
use crate::lower::{Api, Operation, Parameter, ValueKind};
use crate::refine::tokens;

/// Emits the row of an operation.
pub(super) fn row(
    operation: &Operation,
    api: &Api,
    is_paged: bool,
    runtime: &syn::Path,
) -> TokenStream {
    let Operation { id, path, tag, .. } = operation;
    let name = format!("{}.{}", operation.accessor, operation.method);
    let method = operation.method_token();
    let response = tokens::response_kind(operation.response);
    let mut row = quote! {
        #runtime::Operation::new(#id, #name, #method, #path)
            .tag(#tag)
            .response(#runtime::ResponseKind::#response)
    };
    row.extend(documentation(operation, runtime));
    let server = operation.server.and_then(|index| api.servers.get(index));
    if let Some(server) = server.map(servers::constant) {
        row.extend(quote! { .server(&servers::#server) });
    }
    if let Some(accept) = &operation.accept {
        row.extend(quote! { .accept(#accept) });
    }
    if !operation.security.is_empty() {
        let security = tokens::requirements(&operation.security);
        row.extend(quote! { .security(#security) });
    }
    for (is_set, setter) in [
        (operation.deprecated, "deprecated"),
        (operation.is_idempotent(), "idempotent"),
        (operation.sensitive, "sensitive"),
    ] {
        if is_set {
            let setter = format_ident!("{setter}");
            row.extend(quote! { .#setter(true) });
        }
    }
    if let Some(header) = operation.idempotency_key() {
        row.extend(quote! { .idempotency_key(#header) });
    }
    if let Some(declared) = operation.pagination.as_ref().filter(|_| is_paged) {
        let pagination = paging::table_row(declared, runtime);
        row.extend(quote! { .pagination(#pagination) });
    }
    if let Some(marker) = &operation.end_marker {
        row.extend(quote! { .end_marker(#marker) });
    }
    row
}

/// Emits the texts, the parameters and the body of an operation.
fn documentation(operation: &Operation, runtime: &syn::Path) -> TokenStream {
    let mut row = TokenStream::new();
    let summary = operation.summary.trim();
    let description = operation.description.trim();
    let description = if description == summary {
        ""
    } else {
        description
    };
    if !summary.is_empty() || !description.is_empty() {
        row.extend(quote! { .documentation(#summary, #description) });
    }
    if !operation.parameters.is_empty() {
        let parameters = operation.parameters.iter();
        let parameters = parameters.map(|parameter| self::parameter(parameter, runtime));
        row.extend(quote! { .parameters(&[#(#parameters),*]) });
    }
    if let Some(body) = &operation.body {
        let media_type = body.media_type();
        let (required, description) = (body.required, body.description.trim());
        row.extend(quote! {
            .body(#runtime::RequestBody::new(#media_type, #required, #description))
        });
    }
    row
}

fn parameter(parameter: &Parameter, runtime: &syn::Path) -> TokenStream {
    let name = &parameter.name;
    let location = tokens::variant(&parameter.location);
    let kind = value_kind(&parameter.kind, runtime);
    let mut row = quote! {
        #runtime::Parameter::new(#name, #runtime::ParameterLocation::#location, #kind)
    };
    if parameter.required {
        row.extend(quote! { .required() });
    }
    if !parameter.values.is_empty() {
        let values = &parameter.values;
        row.extend(quote! { .values(&[#(#values),*]) });
    }
    let description = parameter.description.trim();
    if !description.is_empty() {
        row.extend(quote! { .description(#description) });
    }
    row
}

/// Emits the runtime's `ValueKind`.
fn value_kind(kind: &ValueKind, runtime: &syn::Path) -> TokenStream {
    match kind {
        ValueKind::Array(items) => {
            let items = value_kind(items, runtime);
            quote! { #runtime::ValueKind::Array(&#items) }
        }
        kind => {
            let kind = tokens::variant(kind);
            quote! { #runtime::ValueKind::#kind }
        }
    }
}

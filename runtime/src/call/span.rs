//! The spans of a call and of its attempts.

use tracing::Span;

use crate::client::Client;
use crate::error::Error;
use crate::operation::Endpoint;

/// Records in a span how the call or the attempt failed.
pub(super) fn record(span: &Span, error: &Error) {
    if !span.is_disabled() {
        span.record("error.type", error_type(error));
        span.record("otel.status_code", "ERROR");
    }
}

/// Creates the span of a call, which holds the spans of its attempts and nothing that depends on
/// the caller's values.
pub(super) fn of_call(client: &Client, endpoint: &Endpoint) -> Span {
    tracing::info_span!(
        "call",
        api.name = client.settings().api.name,
        otel.kind = "internal",
        otel.name = endpoint.operation().map(|operation| operation.name),
        http.request.method = endpoint.method(),
        url.template = endpoint.operation().map(|operation| operation.path),
        "error.type" = tracing::field::Empty,
        otel.status_code = tracing::field::Empty,
    )
}

/// Creates the span of an attempt, named as in the OpenTelemetry semantic conventions for HTTP
/// clients. The span holds no header, query or body, and only the parts of the URL that do not
/// depend on the caller's values. `resends` is the number of attempts before.
pub(super) fn of_attempt(client: &Client, endpoint: &Endpoint, resends: u32) -> Span {
    let base = &client.settings().base;
    let method = endpoint.method();
    let template = endpoint.operation().map(|operation| operation.path);
    tracing::info_span!(
        "attempt",
        otel.kind = "client",
        otel.name = match template {
            Some(template) => format!("{method} {template}"),
            None => method.to_owned(),
        },
        http.request.method = method,
        http.request.resend_count = (resends > 0).then_some(resends),
        http.response.status_code = tracing::field::Empty,
        url.template = template,
        server.address = base.host(),
        server.port = base.port(),
        "error.type" = tracing::field::Empty,
        otel.status_code = tracing::field::Empty,
    )
}

/// Returns the value of the attribute `error.type`: the status, if the status is the failure.
pub(crate) fn error_type(error: &Error) -> String {
    match error.api() {
        Some(api) if !api.status().is_success() => api.status().as_str().to_owned(),
        _ => error.kind().as_str().to_owned(),
    }
}

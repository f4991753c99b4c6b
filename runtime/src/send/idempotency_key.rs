//! Idempotency keys: a header by which a server recognizes that two requests are one, so that a
//! retry is safe.

use reqwest::Request;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::call::context::Call;
use crate::operation::Operation;

/// The usual name (IETF draft `draft-ietf-httpapi-idempotency-key-header`), for paths that the
/// OpenAPI document lacks.
const USUAL: HeaderName = HeaderName::from_static("idempotency-key");

/// Adds a key to a request if the OpenAPI document declares one for the operation and the caller
/// set none.
pub(crate) fn ensure_key(operation: &Operation, headers: &mut HeaderMap) {
    let Some(name) = operation.idempotency_key else {
        return;
    };
    let key = HeaderValue::from_str(&Uuid::new_v4().to_string());
    if let (Ok(name), Ok(key)) = (HeaderName::try_from(name), key) {
        headers.entry(name).or_insert(key);
    }
}

/// Returns whether the request has a key. All attempts of a call share the key.
pub(crate) fn has_key(call: &Call, request: &Request) -> bool {
    let declared = call.endpoint.operation().map(|it| it.idempotency_key);
    match declared {
        Some(declared) => declared.is_some_and(|name| request.headers().contains_key(name)),
        None => request.headers().contains_key(USUAL),
    }
}

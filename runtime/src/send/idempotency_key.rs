//! The idempotency key: a header by which a server knows that two requests are one, so that repeating is harmless.

use reqwest::Request;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::call::context::Call;
use crate::operation::Operation;

/// The usual name (the IETF draft `draft-ietf-httpapi-idempotency-key-header`), for paths that the document lacks.
const USUAL: HeaderName = HeaderName::from_static("idempotency-key");

/// Gives a request a key if the document declares one for the operation and the caller set none.
pub(crate) fn ensure_key(operation: &Operation, headers: &mut HeaderMap) {
    let Some(name) = operation.idempotency_key else {
        return;
    };
    let key = HeaderValue::from_str(&Uuid::new_v4().to_string());
    if let (Ok(name), Ok(key)) = (HeaderName::try_from(name), key) {
        headers.entry(name).or_insert(key);
    }
}

/// Whether the request carries a key, which all its attempts share.
pub(crate) fn has_key(call: &Call, request: &Request) -> bool {
    let declared = call.endpoint.operation().map(|it| it.idempotency_key);
    match declared {
        Some(declared) => declared.is_some_and(|name| request.headers().contains_key(name)),
        None => request.headers().contains_key(USUAL),
    }
}

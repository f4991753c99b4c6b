//! Idempotency keys: a header by which a server recognizes that two requests are one, so that a
//! retry is safe.

use reqwest::Request;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::call::context::Call;
use crate::operation::Operation;
use crate::text::random_id;

/// The usual name (IETF draft `draft-ietf-httpapi-idempotency-key-header`), for paths that the
/// OpenAPI document lacks.
const USUAL: HeaderName = HeaderName::from_static("idempotency-key");

/// Adds a key to a request if the OpenAPI document declares one for the operation and the caller
/// set none.
///
/// # Errors
/// Fails if the system has no random bits.
pub(crate) fn ensure_key(operation: &Operation, headers: &mut HeaderMap) -> Result<(), String> {
    let name = operation.idempotency_key.map(HeaderName::try_from);
    if let Some(Ok(name)) = name
        && !headers.contains_key(&name)
    {
        let key = random_id::uuid().map_err(|why| format!("{name}: {why}"))?;
        let key = HeaderValue::try_from(key).map_err(|error| format!("{name}: {error}"))?;
        headers.insert(name, key);
    }
    Ok(())
}

/// Returns whether the request has a key. All attempts of a call share the key.
pub(crate) fn has_key(call: &Call, request: &Request) -> bool {
    let declared = call.endpoint.operation().map(|it| it.idempotency_key);
    match declared {
        Some(declared) => declared.is_some_and(|name| request.headers().contains_key(name)),
        None => request.headers().contains_key(USUAL),
    }
}

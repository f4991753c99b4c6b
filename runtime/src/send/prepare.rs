//! Prepares a request: everything that is the same for every attempt.

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, HeaderValue, USER_AGENT};
use reqwest::{Method, Request};

use super::idempotency_key;
use crate::call::context::Call;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, ResponseKind};
use crate::response::content_coding;

/// The maximum length of a URL in bytes that the HTTP library supports.
const URL_LIMIT: usize = u16::MAX as usize - 1;

/// Sets the headers that the runtime owns, and adds what the options of the call add. `encodable`
/// says whether a content coding of the response may be requested.
///
/// # Errors
/// Fails if the URL is not on the origin of the base URL, or is too long.
pub(super) fn prepare(
    client: &Client,
    call: &Call,
    request: &mut Request,
    encodable: bool,
) -> Result<(), Error> {
    if !client.settings().is_origin_of(request.url()) {
        let why = "the URL is not on the origin of the base URL";
        return Err(call.error(ErrorKind::InvalidRequest, why));
    }
    let extras = &call.options.extras;
    extras
        .apply(client.api(), request)
        .map_err(|why| call.error(ErrorKind::InvalidRequest, why))?;
    check_length(call, request)?;
    let has_no_body = request.body().is_none();
    let has_body_by_nature = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    let headers = request.headers_mut();
    headers.insert(USER_AGENT, client.settings().user_agent.clone());
    // Without the header, servers may send any content coding (RFC 9110 section 12.5.3).
    let codings = content_coding::ACCEPTED
        .filter(|_| encodable)
        .unwrap_or("identity");
    headers
        .entry(ACCEPT_ENCODING)
        .or_insert(HeaderValue::from_static(codings));
    if has_no_body && has_body_by_nature {
        // RFC 9110 section 8.6. Some servers respond 411 otherwise.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    match &call.endpoint {
        Endpoint::Operation(operation) => {
            // The caller may have chosen one of several media types.
            let accept = HeaderValue::from_static(operation.accept);
            headers.entry(ACCEPT).or_insert(accept);
            idempotency_key::ensure_key(operation, headers);
        }
        Endpoint::Path { .. } => {
            let accept = HeaderValue::from_static(ResponseKind::Json.accept());
            headers.entry(ACCEPT).or_insert(accept);
        }
    }
    Ok(())
}

/// Checks the length of the URL, which a credential in the query may have changed.
pub(super) fn check_length(call: &Call, request: &Request) -> Result<(), Error> {
    let length = request.url().as_str().len();
    if length <= URL_LIMIT {
        return Ok(());
    }
    let why = format!("the URL has {length} bytes, more than the {URL_LIMIT} that can be sent");
    Err(call.error(ErrorKind::InvalidRequest, why))
}

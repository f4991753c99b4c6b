//! Errors for fakes in unit tests, which make no call.

use hyper::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Map;

use super::error_responses::ErrorResponses;
use crate::client::{Api, RetryPolicy};
use crate::error::api_error::{ApiError, Hidden};
use crate::error::echo::Echo;
use crate::error::{Error, ErrorKind};

/// Returns the error of a call to which the server responded with this status and code, for a fake
/// that replaces the code that calls.
///
/// The error response has the shape of the API's own. A status that is not within 100 to 999 counts
/// as 500.
///
/// ```
/// # use neo_client_runtime::{Api, mock};
/// # static API: Api = Api::new("cats", "Cats", "1.0.0");
/// let error = mock::error(&API, 429, "too_many_cats");
/// assert_eq!(error.status().map(|it| it.as_u16()), Some(429));
/// assert_eq!(error.code(), Some("too_many_cats"));
/// assert!(error.is_retryable());
/// ```
#[must_use]
pub fn error(api: &'static Api, status: u16, code: &str) -> Error {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let responses = ErrorResponses::new(Map::new(), &api.error_body);
    let body = responses.response(status, code, "failed on purpose").body;
    let hidden = Hidden {
        secrets: &[],
        words: &[],
        echo: &Echo::default(),
    };
    let error = ApiError::new(&api.error_body, status, &HeaderMap::new(), &body, hidden);
    let is_listed = RetryPolicy::default().is_temporary(status);
    let is_temporary = error.is_temporary(is_listed, false);
    Error::api_error(error).temporary_if(is_temporary).after(1)
}

/// Returns the error of a call that failed in this way, for a fake that replaces the code that
/// calls. The error has no response; [`error`] returns one with a status and a code.
///
/// ```
/// # use neo_client_runtime::{ErrorKind, mock};
/// let error = mock::failure(ErrorKind::Timeout);
/// assert!(error.is_timeout() && error.is_retryable());
/// ```
#[must_use]
pub fn failure(kind: ErrorKind) -> Error {
    Error::new(kind, "failed on purpose (mock)").after(1)
}

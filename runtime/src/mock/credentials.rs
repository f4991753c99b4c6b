//! Checks whether a request has the credentials that its operation requires.

use hyper::header::{AUTHORIZATION, COOKIE, HeaderName, PROXY_AUTHORIZATION};
use hyper::http::request;

use crate::client::Api;
use crate::operation::Operation;

/// The credentials of an API. Any value that is not empty counts.
pub(super) struct ExpectedCredentials {
    headers: Vec<HeaderName>,
}

impl ExpectedCredentials {
    pub(super) fn of(_api: &'static Api) -> Self {
        let api_key = HeaderName::from_static("x-api-key");
        Self {
            headers: vec![AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, api_key],
        }
    }

    /// The headers that hold credentials.
    pub(super) fn headers(&self) -> &[HeaderName] {
        &self.headers
    }

    /// Returns whether a request has the credentials of its operation.
    pub(super) fn are_in(&self, request: &request::Parts, operation: &Operation) -> bool {
        let header = |name: &str| request.headers.get(name)?.to_str().ok();
        let bearer = header("authorization").and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token)
        });
        let mut values = header("x-api-key").into_iter().chain(bearer);
        !operation.authenticated || values.any(|value| !value.trim().is_empty())
    }
}

//! Requests that the mock server has received.

use std::fmt;

use bytes::Bytes;
use hyper::http::{Uri, request};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::credentials::ExpectedCredentials;
use super::routes::MockEndpoint;
use crate::operation::Operation;
use crate::text::query::{only_query, redact_in_query};

/// A request that a [`MockServer`](super::MockServer) has received.
///
/// `Debug` shows neither credentials nor the body, because both may hold secrets.
/// [`headers`](Self::headers) and [`body`](Self::body) return them.
///
/// ```
/// # use neo_client_runtime::{Method, mock::MockServer, serde_json::{self, Value}};
/// # fn show(server: &MockServer) -> Result<(), serde_json::Error> {
/// for request in server.requests() {
///     println!("{:?}: {}", request.operation().map(|it| it.name), request.path());
///     if *request.method() == Method::POST {
///         println!("{}", request.json::<Value>()?);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RecordedRequest {
    method: Method,
    path: String,
    query: Option<String>,
    /// The query without the values of credentials.
    shown_query: Option<String>,
    headers: HeaderMap,
    body: Bytes,
    operation: Option<&'static Operation>,
    /// The parameters of the path, decoded.
    parameters: Vec<(String, String)>,
}

impl RecordedRequest {
    pub(super) fn new(
        head: &request::Parts,
        body: Bytes,
        endpoint: Option<&MockEndpoint>,
        credentials: &ExpectedCredentials,
    ) -> Self {
        let mut headers = head.headers.clone();
        for (name, value) in &mut headers {
            // `Debug` hides sensitive values.
            value.set_sensitive(value.is_sensitive() || credentials.headers().contains(name));
        }
        let parameters = endpoint.map(|it| it.template.parameters(head.uri.path()));
        Self {
            method: head.method.clone(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            shown_query: shown_query(&head.uri, credentials),
            headers,
            body,
            operation: endpoint.and_then(|it| it.call_of(&head.headers)),
            parameters: parameters.unwrap_or_default(),
        }
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path, percent-encoded as received, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query without its question mark, percent-encoded as received.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// Returns the headers, credentials included.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body. It is empty if it had more than 16 MiB: then the response was 413.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Decodes the body as JSON.
    ///
    /// # Errors
    ///
    /// If the body is not JSON, or does not fit `T`.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }

    /// Returns the operation, whose [`name`](Operation::name) the methods of
    /// [`MockServer`](super::MockServer) take. Of two that share a path, `Accept` chooses.
    ///
    /// Returns `None` if the document has no operation for the method and path: then the response
    /// was 404 or 405, unless the test has added the path.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// Returns a parameter of the path by its name in the path template, percent-decoded.
    #[must_use]
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.parameters.iter().filter(|(of, _)| of == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Returns the first value of a query parameter, decoded.
    #[must_use]
    pub fn query_parameter(&self, name: &str) -> Option<String> {
        let url = only_query(Some(self.query.as_deref()?))?;
        let mut pairs = url.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

fn shown_query(uri: &Uri, credentials: &ExpectedCredentials) -> Option<String> {
    Some(redact_in_query(uri.query()?, credentials.queries()))
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.shown_query)
            .field("operation", &self.operation.map(|it| it.name))
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

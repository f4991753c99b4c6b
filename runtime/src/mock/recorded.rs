//! What the mock server remembers of a request.

use std::fmt;

use bytes::Bytes;
use hyper::http::request;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName};
use serde::de::DeserializeOwned;

/// A request that reached a [`MockServer`](super::MockServer), as it came over the wire.
///
/// `Debug` shows neither credentials nor the body, because both may hold secrets;
/// [`headers`](Self::headers) and [`body`](Self::body) give them.
#[derive(Clone)]
pub struct RecordedRequest {
    method: Method,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    body: Bytes,
    operation_id: Option<String>,
}

impl RecordedRequest {
    pub(super) fn new(
        mut head: request::Parts,
        body: Bytes,
        operation_id: Option<&str>,
        secret_headers: &[HeaderName],
    ) -> Self {
        for (name, value) in &mut head.headers {
            // Debug of a sensitive value does not show it.
            value.set_sensitive(value.is_sensitive() || secret_headers.contains(name));
        }
        Self {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            headers: head.headers,
            body,
            operation_id: operation_id.map(str::to_owned),
        }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, percent-encoded as it came, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query without its question mark, percent-encoded as it came.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The headers, credentials included.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body; empty when it was larger than the 16 MiB that the server keeps (the reply was
    /// 413).
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body read as JSON.
    ///
    /// # Errors
    ///
    /// The body is no JSON, or not that of a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }

    /// The `operationId` of the operation that the request reached. None when the document has none
    /// for its method and path (the reply was 404 or 405).
    #[must_use]
    pub fn operation_id(&self) -> Option<&str> {
        self.operation_id.as_deref()
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("operation_id", &self.operation_id)
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

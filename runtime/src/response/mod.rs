//! A successful response: the value with its status and headers.

pub(crate) mod byte_stream;
pub(crate) mod chunks;
pub(crate) mod content_coding;
pub(crate) mod decode;
#[cfg(feature = "__decompress")]
mod decompress;
pub(crate) mod event_stream;
pub(crate) mod read_body;
pub(crate) mod save_to_file;

use std::fmt;
use std::ops::Deref;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

pub use byte_stream::ByteStream;
pub use event_stream::{Event, EventStream, ResumeBy};
pub use save_to_file::SaveToFile;

/// The value of a 2xx response, with its status and headers.
///
/// A `Response` dereferences to the value: `response.available_credits` works.
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    value: T,
}

impl<T> Response<T> {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, value: T) -> Self {
        Self {
            status,
            headers,
            value,
        }
    }

    /// Returns the status, a 2xx.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers as the server sent them.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns a response with another value and the same status and headers.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response::new(self.status, self.headers, change(self.value))
    }

    /// Replaces the value by one that does not depend on it; see [`Response::map`].
    pub(crate) fn replace<U>(self, value: U) -> Response<U> {
        self.map(|_| value)
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for Response<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

/// Omits the headers, which may hold cookies.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

//! A successful response: the value with its status and headers.

pub(crate) mod byte_stream;
pub(crate) mod chunks;
pub(crate) mod content_coding;
pub(crate) mod decode;
#[cfg(feature = "__decompress")]
mod decompress;
pub(crate) mod drift_warnings;
#[cfg(feature = "event-streams")]
pub(crate) mod event_stream;
pub(crate) mod failure;
#[cfg(feature = "gzip")]
mod gzip_members;
#[cfg(feature = "event-streams")]
pub(crate) mod json_lines;
pub(crate) mod lenient_decode;
pub(crate) mod lost;
pub(crate) mod misfit;
pub(crate) mod partial_content;
mod partial_json;
pub(crate) mod read_body;
#[cfg(feature = "downloads")]
pub(crate) mod save_to_file;
pub(crate) mod text;

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::error::request_id::request_id;

pub use byte_stream::ByteStream;
#[cfg(feature = "event-streams")]
pub use event_stream::{Event, EventStream, ResumeBy, StreamEnd};
#[cfg(feature = "event-streams")]
pub use json_lines::JsonLines;
pub use lost::LostPart;
#[cfg(feature = "downloads")]
pub use save_to_file::SaveToFile;

/// The value of a 2xx response, with its status and headers.
///
/// A `Response` dereferences to the value: `response.available_credits` works.
///
/// ```no_run
/// # use neo_client_runtime::{Client, Error, Method};
/// # async fn show(client: Client) -> Result<(), Error> {
/// let response = client.request(Method::GET, "/v1/cats").send().await?;
/// println!("{}: {} bytes after {:?}", response.status(), response.len(), response.elapsed());
/// println!("{:?} calls are left", response.headers().get("x-ratelimit-remaining"));
/// let bytes = response.into_inner();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    lost: Vec<LostPart>,
    elapsed: Duration,
    value: T,
}

impl<T> Response<T> {
    /// `elapsed` is the time since the call began.
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, elapsed: Duration, value: T) -> Self {
        Self {
            status,
            headers,
            lost: Vec::new(),
            elapsed,
            value,
        }
    }

    /// Adds the parts that were left out.
    pub(crate) fn with_lost(mut self, lost: Vec<LostPart>) -> Self {
        self.lost = lost;
        self
    }

    /// Returns the status, a 2xx.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers as the server sent them.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the parts of the response that do not fit the OpenAPI document and were left out of
    /// the value. Usually there are none.
    ///
    /// ```
    /// # use neo_client_runtime::Response;
    /// fn check<T>(response: &Response<T>) {
    ///     for part in response.lost() {
    ///         eprintln!("{} was left out: {}", part.path(), part.reason());
    ///     }
    /// }
    /// ```
    pub fn lost(&self) -> &[LostPart] {
        &self.lost
    }

    /// Returns the id of the request that the server, or a proxy, put into a header such as
    /// `X-Request-Id`. Log the id: the operator of the API finds the request by it.
    ///
    /// ```
    /// # fn show<T>(response: &neo_client_runtime::Response<T>) {
    /// println!("{:?} took {:?}", response.request_id(), response.elapsed());
    /// # }
    /// ```
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Returns how long the call took, including all attempts and waits: until the body arrived, or
    /// until the headers arrived if the body is a stream.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns the value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns a response with another value and the same status and headers.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let value = change(self.value);
        let response = Response::new(self.status, self.headers, self.elapsed, value);
        response.with_lost(self.lost)
    }

    /// Returns the value, and the rest of the response.
    pub(crate) fn into_parts(self) -> (T, Response<()>) {
        let rest = Response::new(self.status, self.headers, self.elapsed, ());
        (self.value, rest.with_lost(self.lost))
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

//! Responses that a test makes for one request.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use super::error::{MockError, final_status};
use super::events::MockEvent;
use super::response::WholeResponse;

/// A response for [`MockServer::respond_with`](super::MockServer::respond_with). A pair of a status
/// and JSON is a response as well.
///
/// A response that cannot be sent, for example because its status is not within 200 to 599, becomes
/// an error response with status 500 that names the mistake.
///
/// ```
/// # use neo_client_runtime::{mock::MockResponse, serde_json::json};
/// let limited = MockResponse::json(429, json!({ "code": "slow_down" })).header("retry-after", "3");
/// ```
#[derive(Debug)]
#[must_use]
pub struct MockResponse {
    pub(super) content: Result<MockContent, MockError>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

/// The content of a response.
#[derive(Debug)]
pub(super) enum MockContent {
    Whole(WholeResponse),
    /// The events of a stream, and the pause before each.
    Events(Vec<MockEvent>, Duration),
    /// The response as if the test had set none.
    Sample,
}

impl MockResponse {
    /// Returns a response with this status and JSON body.
    pub fn json(status: u16, json: impl Serialize) -> Self {
        Self::new(json_response(status, json).map(MockContent::Whole))
    }

    /// Returns a response with this status and without content.
    pub fn empty(status: u16) -> Self {
        let status = final_status(status);
        Self::new(status.map(|status| MockContent::Whole(WholeResponse::empty(status))))
    }

    /// Returns a response with this status, media type and body.
    pub fn bytes(status: u16, media_type: &str, bytes: impl Into<Bytes>) -> Self {
        let response = bytes_response(status, media_type, bytes.into());
        Self::new(response.map(MockContent::Whole))
    }

    /// Returns an event stream as [`MockServer::respond_events`](super::MockServer::respond_events)
    /// sends it: these events, each after `pause`, and then the end marker of the operation.
    pub fn events<E: Into<MockEvent>>(
        events: impl IntoIterator<Item = E>,
        pause: Duration,
    ) -> Self {
        let events = events.into_iter().map(Into::into).collect();
        Self::new(Ok(MockContent::Events(events, pause)))
    }

    /// Returns the documented sample, as if the test had set no response.
    pub fn sample() -> Self {
        Self::new(Ok(MockContent::Sample))
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (name.parse(), value.parse()) {
            (Ok(name), Ok(value)) => self.headers.push((name, value)),
            _ => self.content = Err(MockError::Header),
        }
        self
    }

    fn new(content: Result<MockContent, MockError>) -> Self {
        Self {
            content,
            headers: Vec::new(),
        }
    }
}

impl From<(u16, Value)> for MockResponse {
    fn from((status, json): (u16, Value)) -> Self {
        Self::json(status, json)
    }
}

/// Returns a response with a JSON body.
pub(super) fn json_response(status: u16, json: impl Serialize) -> Result<WholeResponse, MockError> {
    let status = final_status(status)?;
    let json = serde_json::to_value(json).map_err(MockError::Json)?;
    Ok(WholeResponse::json(status, &json))
}

/// Returns a response with a body of any media type.
pub(super) fn bytes_response(
    status: u16,
    media_type: &str,
    body: Bytes,
) -> Result<WholeResponse, MockError> {
    HeaderValue::try_from(media_type).map_err(|_| MockError::MediaType)?;
    Ok(WholeResponse {
        status: final_status(status)?,
        media_type: media_type.to_owned(),
        body,
    })
}

//! Responses before they are sent.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;

use super::body::MockBody;
use super::media_type::essence;

/// A response whose body is complete.
#[derive(Debug, Clone)]
pub(super) struct WholeResponse {
    pub(super) status: StatusCode,
    /// The `Content-Type`; empty for a response without content.
    pub(super) media_type: String,
    pub(super) body: Bytes,
}

impl WholeResponse {
    /// Returns a response without content.
    pub(super) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            media_type: String::new(),
            body: Bytes::new(),
        }
    }

    /// Returns a response with a JSON body.
    pub(super) fn json(status: StatusCode, value: &Value) -> Self {
        Self {
            status,
            media_type: "application/json".to_owned(),
            body: Bytes::from(value.to_string()),
        }
    }

    /// Returns whether the body is JSON.
    pub(super) fn is_json(&self) -> bool {
        let essence = essence(&self.media_type);
        essence == "application/json" || essence.ends_with("+json")
    }

    /// Returns the response for hyper. Each event of an event stream is a frame of its own.
    pub(super) fn into_http(self) -> Response<MockBody> {
        let body = match essence(&self.media_type).as_str() {
            "text/event-stream" => MockBody::paced(events(&self.body), Duration::ZERO),
            _ => MockBody::whole(self.body),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        if let Ok(media_type) = HeaderValue::try_from(self.media_type)
            && !media_type.is_empty()
        {
            response.headers_mut().insert(CONTENT_TYPE, media_type);
        }
        response
    }
}

/// Returns a response of events, with a pause before each.
pub(super) fn event_stream(
    events: impl IntoIterator<Item = Bytes>,
    pause: Duration,
) -> Response<MockBody> {
    let mut response = Response::new(MockBody::paced(events, pause));
    let media_type = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

/// Splits the text of an event stream after each event.
fn events(text: &Bytes) -> Vec<Bytes> {
    let mut events = Vec::new();
    let mut rest = text.clone();
    while let Some(end) = memchr::memmem::find(&rest, b"\n\n") {
        events.push(rest.split_to(end + 2));
    }
    if !rest.is_empty() {
        events.push(rest);
    }
    events
}

//! Responses as they go out: JSON, errors, events.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use super::body::Body;
use super::media_type::essence;

/// A reply as it goes out.
#[derive(Clone)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// The `Content-Type`; empty for a reply without content.
    pub(super) media_type: String,
    pub(super) body: Bytes,
}

impl Reply {
    /// A reply without content.
    pub(super) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            media_type: String::new(),
            body: Bytes::new(),
        }
    }

    /// A reply that carries JSON.
    pub(super) fn json(status: StatusCode, value: &Value) -> Self {
        let body = Bytes::from(value.to_string());
        Self {
            status,
            media_type: "application/json".to_owned(),
            body,
        }
    }
}

/// An error in the shape of the document's `ErrorResponse`.
pub(super) fn problem(status: StatusCode, code: &str, message: &str) -> Reply {
    let kind = status.canonical_reason().unwrap_or_default().to_lowercase();
    let error = format!("{message} (neo-client mock server)");
    let message = format!("{kind}: {error}");
    Reply::json(
        status,
        &json!({ "code": code, "error": error, "kind": kind, "message": message }),
    )
}

pub(super) fn response(reply: Reply) -> Response<Body> {
    if essence(&reply.media_type) == "text/event-stream" {
        let mut response = stream(pieces(&reply.body), Duration::ZERO);
        *response.status_mut() = reply.status;
        return response;
    }
    let mut response = Response::new(Body::whole(reply.body));
    *response.status_mut() = reply.status;
    if let Ok(media_type) = HeaderValue::try_from(reply.media_type)
        && !media_type.is_empty()
    {
        response.headers_mut().insert(CONTENT_TYPE, media_type);
    }
    response
}

/// A reply of events that are written already.
pub(super) fn stream(events: impl IntoIterator<Item = Bytes>, pause: Duration) -> Response<Body> {
    let mut response = Response::new(Body::paced(events, pause));
    let media_type = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

/// The events that a text of the document holds.
pub(super) fn pieces(text: &Bytes) -> Vec<Bytes> {
    let mut pieces = Vec::new();
    let mut rest = text.clone();
    while let Some(end) = memchr::memmem::find(&rest, b"\n\n") {
        pieces.push(rest.split_to(end + 2));
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

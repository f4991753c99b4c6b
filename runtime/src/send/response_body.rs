//! The forms in which the body of a 2xx response is received.

use std::future::Future;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::call::context::Call;
use crate::error::reason::tells_failure;
use crate::error::{Error, ErrorKind};
use crate::operation::ResponseKind;
use crate::response::byte_stream::ByteStream;
use crate::response::event_stream::EventStream;
use crate::response::read_body;
use crate::text::one_line::{EXCERPT_CHARS, showable};
use crate::text::redact::redact;

/// A form in which the body of a 2xx response is received: read completely, or handed on as it
/// arrives.
pub trait ResponseBody: Send + Sized + 'static {
    /// `true` if a content coding may be requested. A body that is handed on keeps its length, and
    /// events are not delayed.
    const ENCODABLE: bool;

    /// Receives the body of a 2xx response. Its headers were taken out of `response`.
    fn receive(
        call: &Call,
        response: reqwest::Response,
        headers: &HeaderMap,
    ) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl ResponseBody for Bytes {
    const ENCODABLE: bool = true;

    fn receive(
        call: &Call,
        response: reqwest::Response,
        headers: &HeaderMap,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        read_body::whole(call, response, headers)
    }
}

impl ResponseBody for ByteStream {
    const ENCODABLE: bool = false;

    async fn receive(
        call: &Call,
        response: reqwest::Response,
        headers: &HeaderMap,
    ) -> Result<Self, Error> {
        let bytes = ByteStream::decoded_if_possible(response, headers, call.clone())?;
        match is_json_unexpected(call, headers) {
            true => bytes.unless_failure().await,
            false => Ok(bytes),
        }
    }
}

impl ResponseBody for EventStream {
    const ENCODABLE: bool = false;

    async fn receive(
        call: &Call,
        response: reqwest::Response,
        headers: &HeaderMap,
    ) -> Result<Self, Error> {
        // "No more": section 9.2.3 of the specification.
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(EventStream::without_events(call));
        }
        match other_media_type(headers) {
            None => EventStream::new(response, headers, call),
            Some(media_type) => Err(no_events(call, response, headers, &media_type).await),
        }
    }
}

/// Returns whether a response is JSON, which the document of its operation does not list.
fn is_json_unexpected(call: &Call, headers: &HeaderMap) -> bool {
    let accept = call.endpoint.operation().map(|operation| operation.accept);
    let is_listed = accept.is_none_or(|it| it.contains("json") || it.contains('*'));
    let media_type = headers.get(CONTENT_TYPE).map(|value| value.as_bytes());
    let essence = media_type.and_then(|it| it.split(|byte| *byte == b';').next());
    let essence = essence.unwrap_or_default().trim_ascii();
    !is_listed && (essence.ends_with(b"/json") || essence.ends_with(b"+json"))
}

/// Returns the media type of a response that is not an event stream.
fn other_media_type(headers: &HeaderMap) -> Option<String> {
    let media_type = headers
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_events = essence.eq_ignore_ascii_case(ResponseKind::EventStream.accept());
    (!is_events).then(|| media_type.into_owned())
}

/// Returns the error for a response in place of an event stream: the error that its JSON tells, or
/// one that quotes the response as far as it may be shown.
async fn no_events(
    call: &Call,
    response: reqwest::Response,
    headers: &HeaderMap,
    media_type: &str,
) -> Error {
    let status = response.status();
    let body = read_body::beginning(call, response, headers).await;
    if let Some(error) = call.failure_in(status, headers, &body, tells_failure) {
        return error;
    }
    let secrets = call.secrets();
    let start = match call.endpoint.is_quotable() {
        true => redact(&body, &secrets, 4 * EXCERPT_CHARS),
        false => Vec::new(),
    };
    let start = String::from_utf8_lossy(&start);
    let separator = if start.trim().is_empty() { "" } else { ": " };
    let what = format!(
        "{status} with content type `{media_type}` where an event stream was expected{separator}{start}"
    );
    let what = showable(&what, &secrets);
    call.error(ErrorKind::Decode, what)
        .status_is(status)
        .advised("check the base URL, and what responds there")
}

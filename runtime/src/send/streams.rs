//! Calls whose responses are read piece by piece: events and sequences of JSON values.

use futures_core::future::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Request, StatusCode};
use serde::de::DeserializeOwned;

use super::response_body::ResponseBody;
use super::runner::CallRunner;
use crate::call::context::Call;
use crate::error::reason::tells_failure;
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, ResponseKind};
use crate::response::byte_stream::ByteStream;
use crate::response::event_stream::EventStream;
use crate::response::{JsonLines, Response, json_lines, read_body};
use crate::text::one_line::{EXCERPT_CHARS, showable};
use crate::text::redact::redact;

impl<'c> CallRunner<'c> {
    /// Sends a request, if it could be built, and returns the JSON values of the body as they
    /// arrive.
    pub fn execute_lines<T: DeserializeOwned + 'static>(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
    ) -> BoxFuture<'c, Result<Response<JsonLines<T>>, Error>> {
        let response = self.execute_as::<ByteStream>(endpoint, request);
        Box::pin(async move {
            let response = response.await?;
            let separator = json_lines::separator(response.headers());
            Ok(response.map(|bytes| JsonLines::new(bytes, separator)))
        })
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

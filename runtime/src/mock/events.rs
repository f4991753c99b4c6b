//! Events that a test sets: with names and ids, and from where a client left off.

use std::time::Duration;

use bytes::Bytes;
use hyper::Response;
use hyper::header::{HeaderMap, HeaderValue};

use super::body::MockBody;
use super::response::event_stream;

/// An event for [`MockServer::respond_events`](super::MockServer::respond_events). A string is an
/// event with data only.
///
/// ```
/// # use neo_client_runtime::mock::MockEvent;
/// let event = MockEvent::new(r#"{"type": "text"}"#).id("7").name("chunk");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct MockEvent {
    data: String,
    id: Option<String>,
    name: Option<String>,
    retry: Option<Duration>,
}

impl MockEvent {
    /// Creates an event with this data, which may have several lines.
    pub fn new(data: impl Into<String>) -> Self {
        Self {
            data: data.into(),
            id: None,
            name: None,
            retry: None,
        }
    }

    /// Sets the id of the event. A client can ask for the events after this id.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the name of the event (`event:`).
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the time that the client waits before it reconnects (`retry:`), in whole milliseconds.
    pub fn retry(mut self, wait: Duration) -> Self {
        self.retry = Some(wait);
        self
    }

    /// Returns the lines of the event. Line breaks in a name or id become spaces, because they
    /// would end it.
    fn lines(&self) -> Bytes {
        let mut text = String::new();
        let mut line = |field: &str, value: &str| {
            text.push_str(&format!("{field}: {}\n", value.replace(['\r', '\n'], " ")));
        };
        if let Some(name) = &self.name {
            line("event", name);
        }
        if let Some(id) = &self.id {
            line("id", id);
        }
        if let Some(wait) = self.retry {
            line("retry", &wait.as_millis().to_string());
        }
        let data = self.data.replace("\r\n", "\n");
        for part in data.split(['\r', '\n']) {
            line("data", part);
        }
        text.push('\n');
        text.into()
    }
}

impl<S: AsRef<str> + ?Sized> From<&S> for MockEvent {
    fn from(data: &S) -> Self {
        Self::new(data.as_ref())
    }
}

impl From<String> for MockEvent {
    fn from(data: String) -> Self {
        Self::new(data)
    }
}

/// Returns the event that ends a stream, with the declared data or `[DONE]`.
pub(super) fn end(marker: Option<&str>) -> MockEvent {
    MockEvent::new(marker.unwrap_or("[DONE]"))
}

/// Returns the event stream for a request with these headers.
pub(super) fn response(
    events: &[MockEvent],
    pause: Duration,
    request: &HeaderMap,
) -> Response<MockBody> {
    let last = request.get("last-event-id").map(HeaderValue::as_bytes);
    let is_last =
        |event: &MockEvent| last.is_some() && event.id.as_ref().map(String::as_bytes) == last;
    let begin = events
        .iter()
        .rposition(is_last)
        .map_or(0, |index| index + 1);
    let rest = events.iter().skip(begin).map(MockEvent::lines);
    event_stream(rest.collect::<Vec<_>>(), pause)
}

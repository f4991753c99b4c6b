//! Event streams of the owner's: events with names and ids, at a pace, from where a client left off.

use std::time::Duration;

use bytes::Bytes;
use hyper::Response;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

use super::body::Body;
use super::server::Scripted;
use super::{MockError, MockServer};

/// An event for [`MockServer::respond_events`]. A text is one that has data only.
///
/// ```
/// use neo_client::mock::MockEvent;
///
/// let event = MockEvent::new(r#"{"type": "text-delta"}"#).id("17").name("chunk");
/// # drop(event);
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
    /// An event with this data, which may have several lines.
    pub fn new(data: impl Into<String>) -> Self {
        Self {
            data: data.into(),
            id: None,
            name: None,
            retry: None,
        }
    }

    /// Gives the event an id, by which a client can ask for what comes after it.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Names the event (`event:`).
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Asks the client to wait before it connects again (`retry:`), in whole milliseconds.
    pub fn retry(mut self, wait: Duration) -> Self {
        self.retry = Some(wait);
        self
    }

    /// The lines of the event. Line breaks in a name or id would end it: they are spaces.
    fn written(&self) -> Bytes {
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

impl MockServer {
    /// Lets an operation reply with an event stream from now on: these events, each after `pause`, and then the event
    /// `[DONE]`. A request with the header `Last-Event-ID` gets those that come after the last one with that id.
    ///
    /// [`Fault::CutAfterEvents`](super::Fault::CutAfterEvents) and [`Fault::CutAtByte`](super::Fault::CutAtByte) cut it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use neo_client::{TaskEvent, types::TaskCreateRequest};
    /// use std::time::Duration;
    ///
    /// # let server = neo_client::mock::MockServer::start().await?;
    /// let call = r#"{"type": "tool-call", "payload": {"toolCallId": "c1"}}"#;
    /// server.respond_events("tasks.create_task_stream", [call], Duration::from_millis(5))?;
    ///
    /// let task = TaskCreateRequest::builder().task("scan example.com");
    /// let mut events = server.client().tasks().create_task_stream(task).await?;
    /// while let Some(event) = events.next_event().await {
    ///     assert_eq!(event?.data_as::<TaskEvent>()?.tool_call_id(), Some("c1"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation.
    pub fn respond_events<E: Into<MockEvent>>(
        &self,
        operation: &str,
        events: impl IntoIterator<Item = E>,
        pause: Duration,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        let mut events: Vec<MockEvent> = events.into_iter().map(Into::into).collect();
        events.push(MockEvent::new("[DONE]"));
        let reply = Scripted::Events(events, pause);
        self.running.shared.override_reply(id, reply);
        Ok(())
    }
}

/// The reply of events, to a request with these headers.
pub(super) fn response(
    events: &[MockEvent],
    pause: Duration,
    request: &HeaderMap,
) -> Response<Body> {
    let last = request.get("last-event-id").map(HeaderValue::as_bytes);
    let is_last =
        |event: &MockEvent| last.is_some() && event.id.as_ref().map(String::as_bytes) == last;
    let begin = events
        .iter()
        .rposition(is_last)
        .map_or(0, |place| place + 1);
    let rest = events.iter().skip(begin).map(MockEvent::written);
    stream(rest.collect::<Vec<_>>(), pause)
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

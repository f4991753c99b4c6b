//! Event streams (`text/event-stream`): responses that are read event by event.

mod event;
pub(crate) mod parser;
mod resume;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_core::future::BoxFuture;
use reqwest::StatusCode;

use crate::call::context::Call;
use crate::error::{Error, ErrorKind};
use crate::operation::Endpoint;
use crate::response::byte_stream::ByteStream;

pub use event::Event;
use parser::{Parser, TooLarge};
pub use resume::ResumeBy;

/// The data of the event with which many servers end a stream.
const DONE: &str = "[DONE]";

/// A way to ask a server for the rest of an event stream.
pub(crate) trait Reconnect: Send + Sync {
    /// Returns the stream of what comes after the event with this id. `asked`: the wait that the
    /// server asked for.
    fn reconnect<'a>(
        &'a mut self,
        last_event_id: &'a str,
        asked: Option<Duration>,
    ) -> BoxFuture<'a, Result<EventStream, Error>>;

    /// Returns whether an event was not yielded before the connection was lost. `had_id` says
    /// whether the event has an id of its own.
    fn is_new(&mut self, event: &Event, had_id: bool) -> bool;
}

/// The events of a response, as they arrive.
///
/// The stream follows the [event stream
/// format](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
/// It ends with the response, or with an event whose data is `[DONE]`, which is not yielded. An
/// incomplete event at the end of the stream is discarded. The stream ends after an error;
/// [`reconnect`](EventStream::reconnect) continues it if the server can send the rest.
///
/// Only one event is held at a time, and the server cannot send faster than events are taken.
/// Dropping the stream closes the connection. A stream may stay open for hours: the timeouts apply
/// only until the headers arrive. Set
/// [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout) to fail when nothing arrives for
/// a while.
///
/// ```no_run
/// # async fn show(client: neo_client_runtime::Client) -> Result<(), neo_client_runtime::Error> {
/// use neo_client_runtime::Method;
///
/// let mut events = client.request(Method::GET, "/v1/events").events().await?.into_inner();
/// while let Some(event) = events.next_event().await {
///     println!("{}", event?.data);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "the response is read as the stream is polled"]
pub struct EventStream {
    /// `None` at the end, so that the connection is closed even if the stream is kept.
    bytes: Option<ByteStream>,
    /// Bytes that arrived and are not parsed yet.
    input: Bytes,
    parser: Parser,
    limit: usize,
    /// The endpoint of the call, for errors without a connection.
    endpoint: Endpoint,
    /// `[DONE]` arrived: nothing is left to request.
    is_done: bool,
    /// How to request the rest, if that is known.
    resumption: Option<Box<dyn Reconnect>>,
}

impl EventStream {
    pub(crate) fn new(response: reqwest::Response, call: &Call) -> Result<Self, Error> {
        let limit = call.options.event_limit;
        Ok(Self {
            bytes: Some(ByteStream::new(response, call.clone())?),
            input: Bytes::new(),
            parser: Parser::new(limit),
            limit,
            endpoint: call.endpoint.clone(),
            is_done: false,
            resumption: None,
        })
    }

    pub(crate) fn resumed_by(mut self, resumption: Option<Box<dyn Reconnect>>) -> Self {
        self.resumption = resumption;
        self
    }

    /// Returns the next event, or `None` at the end. Equivalent to polling the [`Stream`], without
    /// an import.
    ///
    /// # Errors
    /// Fails if the connection breaks, if nothing arrives for the duration of the idle timeout, or
    /// if an event exceeds the limit. [`Error::last_event_id`] returns the last id before the
    /// failure.
    pub async fn next_event(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the id of the last event that had one; `None` if no event had an id.
    pub fn last_event_id(&self) -> Option<&str> {
        Some(self.parser.last_event_id()).filter(|id| !id.is_empty())
    }

    /// Connects again and requests the events after [`last_event_id`](EventStream::last_event_id),
    /// after an error or at any time. The stream then continues. Every event is yielded once; an
    /// incomplete event is requested again.
    ///
    /// `reconnect` needs [`RawRequest::resume`](crate::RawRequest::resume), and relies on the
    /// server to respect the id. Events that the server sends again are skipped: events with the
    /// last id, and events without an id that came after it. If no event was yielded yet, the
    /// stream starts from the beginning. After `[DONE]` there is nothing to request, and a 204
    /// response means the same.
    ///
    /// `reconnect` waits for as long as the server asked with `retry`, at most
    /// [`RetryPolicy::max_retry_after`](crate::RetryPolicy::max_retry_after) (60 seconds by
    /// default), and for as long as the policy says if the last connection yielded no event.
    ///
    /// ```no_run
    /// # async fn show(client: neo_client_runtime::Client) -> Result<(), neo_client_runtime::Error> {
    /// use neo_client_runtime::{Method, ResumeBy};
    ///
    /// let request = client.request(Method::GET, "/v1/events");
    /// let mut events = request.resume(ResumeBy::LAST_EVENT_ID).events().await?.into_inner();
    /// while let Some(event) = events.next_event().await {
    ///     match event {
    ///         Ok(event) => println!("{}", event.data),
    ///         Err(error) if error.is_retryable() => events.reconnect().await?,
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if it is unknown how to resume, if the server sent events without ids, if more than
    /// 4096 events without an id followed the last id, or if the call fails. You may call
    /// `reconnect` again.
    pub async fn reconnect(&mut self) -> Result<(), Error> {
        if self.is_done {
            return Ok(());
        }
        (self.bytes, self.input) = (None, Bytes::new());
        let again = self.ask_again().await;
        let events = match again {
            Ok(events) => events,
            // "No more": section 9.2.3 of the specification.
            Err(error) if error.status() == Some(StatusCode::NO_CONTENT) => return Ok(()),
            Err(error) => return Err(self.fail(error)),
        };
        self.parser.restart();
        self.bytes = events.bytes;
        Ok(())
    }

    async fn ask_again(&mut self) -> Result<EventStream, Error> {
        let Some(resumption) = &mut self.resumption else {
            let why = "the document does not say how this event stream is resumed: call the operation again, or declare \
                       it with `RawRequest::resume` on a request to its path";
            let error = Error::new(ErrorKind::InvalidRequest, why);
            return Err(error.at(self.endpoint.clone()));
        };
        let asked = self.parser.reconnection_time();
        resumption
            .reconnect(self.parser.last_event_id(), asked)
            .await
    }

    /// Returns the next event of the bytes that arrived, unless it was yielded before.
    fn next_new(&mut self) -> Option<Result<Event, Error>> {
        loop {
            let event = self.parse()?;
            let is_new = match (&event, &mut self.resumption) {
                (Ok(event), Some(resumption)) => {
                    event.data == DONE || resumption.is_new(event, self.parser.had_id())
                }
                _ => true,
            };
            if is_new {
                return Some(event);
            }
        }
    }

    /// Returns the next event of the bytes that arrived.
    fn parse(&mut self) -> Option<Result<Event, Error>> {
        match self.parser.next(&mut self.input) {
            Ok(event) => event.map(Ok),
            Err(TooLarge) => {
                let what = format!(
                    "an event of more than {} bytes, the client's `event_limit`",
                    self.limit
                );
                let error = match &self.bytes {
                    Some(bytes) => bytes.error(ErrorKind::ResponseTooLarge, what),
                    None => Error::new(ErrorKind::ResponseTooLarge, what),
                };
                Some(Err(error))
            }
        }
    }

    fn fail(&self, error: Error) -> Error {
        match self.last_event_id() {
            Some(id) => error.after_event(id),
            None => error,
        }
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let next = loop {
            if this.bytes.is_none() {
                return Poll::Ready(None);
            }
            if let Some(event) = this.next_new() {
                break Some(event);
            }
            let Some(bytes) = &mut this.bytes else {
                return Poll::Ready(None);
            };
            match ready!(Pin::new(bytes).poll_next(context)) {
                Some(Ok(piece)) => this.input = piece,
                Some(Err(error)) => break Some(Err(error)),
                None => break None,
            }
        };
        match next {
            Some(Ok(event)) if event.data != DONE => Poll::Ready(Some(Ok(event))),
            end => {
                this.is_done = matches!(end, Some(Ok(_)));
                let error = end.and_then(Result::err).map(|error| this.fail(error));
                (this.bytes, this.input) = (None, Bytes::new());
                Poll::Ready(error.map(Err))
            }
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("EventStream");
        if let Some(id) = self.last_event_id() {
            // The server chose the id, which may contain anything.
            fields.field("last_event_id", &format_args!("{} bytes", id.len()));
        }
        fields.finish_non_exhaustive()
    }
}

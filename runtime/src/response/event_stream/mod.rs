//! Event streams (`text/event-stream`): responses that are read event by event.

mod end;
mod event;
pub(in crate::response) mod event_error;
pub(crate) mod parser;
mod reconnect;
mod resume;
mod typed;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::HeaderMap;

use crate::call::context::Call;
use crate::error::{Error, ErrorKind};
use crate::operation::Endpoint;
use crate::response::byte_stream::ByteStream;

pub use end::StreamEnd;
pub use event::Event;
use event_error::reports_error;
use parser::{Parser, TooLarge};
pub(crate) use reconnect::Reconnect;
pub use resume::ResumeBy;

/// The end marker of a stream whose operation declares none: many servers send it.
const DONE: &str = "[DONE]";

/// The events of a response, as they arrive.
///
/// The stream follows the [event stream
/// format](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
/// It ends with its end marker, an event that is not yielded: the declared
/// [`end_marker`](crate::Operation::end_marker), or `[DONE]`. If the operation declares a marker, a
/// stream that ends without the marker is an error; otherwise the stream ends with the response,
/// and [`ended`](EventStream::ended) tells both ends apart. An incomplete event at the end of the
/// stream is discarded. The stream ends after an error; [`reconnect`](EventStream::reconnect)
/// continues it if the server can send the rest.
///
/// # Errors that the server reports
///
/// An event that reports an error is yielded as an [`Error`] of kind [`Api`](ErrorKind::Api) with
/// the text of the server, and the stream continues if the server goes on. These events count:
/// events named `error`, data that is a JSON object with `"type":"error"` or `"object":"error"`,
/// and data that is an object without `type` whose `error` is an object or whose errors are the
/// only content. [`CallOptions::event_errors`](crate::CallOptions::event_errors) returns them as
/// events instead.
///
/// If the OpenAPI document describes the events, the stream yields values of that type, decoded
/// from the data as JSON. An event that does not decode is an error, and the stream goes on behind
/// it. [`untyped`](EventStream::untyped) gives the events as they came.
///
/// Only one event is held at a time, and the server cannot send faster than events are taken.
/// Dropping the stream closes the connection. A stream may stay open for hours: the timeouts apply
/// only until the headers arrive. From then on
/// [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout) limits silence, 5 minutes by
/// default.
///
/// ```no_run
/// # use neo_client_runtime::Method;
/// # async fn show(client: neo_client_runtime::Client) -> Result<(), neo_client_runtime::Error> {
/// let mut events = client.request(Method::GET, "/v1/events").events().await?.into_inner();
/// while let Some(event) = events.next_event().await {
///     println!("{}", event?.data);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "the response is read as the stream is polled"]
pub struct EventStream<T = Event> {
    /// `None` at the end, so that the connection is closed even if the stream is kept.
    bytes: Option<ByteStream>,
    /// Bytes that arrived and are not parsed yet.
    input: Bytes,
    parser: Parser,
    limit: usize,
    /// The endpoint of the call, for errors without a connection.
    endpoint: Endpoint,
    /// The state without a connection; `None` while connected.
    rest: Option<Rest>,
    /// The last event reported an error.
    has_failed: bool,
    /// How to request the rest, if that is known.
    resumption: Option<Box<dyn Reconnect>>,
    /// Turns an event into the described type.
    decode: fn(Event) -> Result<T, Error>,
}

/// The state of a stream without a connection.
#[derive(Clone, Copy)]
enum Rest {
    /// A reconnect failed or was cancelled, which the next read reports.
    Lost,
    Ended(StreamEnd),
}

impl EventStream {
    /// Returns the events of a response, whose headers were taken out of it.
    pub(crate) fn new(
        response: reqwest::Response,
        headers: &HeaderMap,
        call: &Call,
    ) -> Result<Self, Error> {
        let bytes = ByteStream::new(response, headers, call.clone())?;
        Ok(Self::of(Some(bytes), None, call))
    }

    /// Returns a stream that has no events.
    pub(crate) fn without_events(call: &Call) -> Self {
        Self::of(None, Some(Rest::Ended(StreamEnd::Complete)), call)
    }

    fn of(bytes: Option<ByteStream>, rest: Option<Rest>, call: &Call) -> Self {
        let limit = call.options.event_limit;
        Self {
            bytes,
            input: Bytes::new(),
            parser: Parser::new(limit),
            limit,
            endpoint: call.endpoint.clone(),
            rest,
            has_failed: false,
            resumption: None,
            decode: Ok,
        }
    }

    pub(crate) fn resumed_by(mut self, resumption: Option<Box<dyn Reconnect>>) -> Self {
        self.resumption = resumption;
        self
    }
}

impl<T> EventStream<T> {
    /// Returns the next event, or `None` at the end. Equivalent to polling the [`Stream`], without
    /// an import.
    ///
    /// # Errors
    /// Fails if the connection breaks, if the stream ends without its declared end marker, if
    /// nothing arrives for the duration of the idle timeout, if an event exceeds the limit or
    /// reports an error, or after a [`reconnect`](EventStream::reconnect) that failed or was
    /// cancelled. [`Error::last_event_id`] returns the last id before the failure.
    pub async fn next_event(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns how the stream ended; `None` before its end.
    ///
    /// ```no_run
    /// # use neo_client_runtime::{Method, StreamEnd};
    /// # async fn show(client: neo_client_runtime::Client) -> Result<(), neo_client_runtime::Error> {
    /// let mut events = client.request(Method::GET, "/v1/events").events().await?.into_inner();
    /// while let Some(event) = events.next_event().await {
    ///     println!("{}", event?.data);
    /// }
    /// if events.ended() != Some(StreamEnd::Complete) {
    ///     eprintln!("the server may have stopped early");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn ended(&self) -> Option<StreamEnd> {
        match self.rest? {
            Rest::Lost => Some(StreamEnd::Failed),
            Rest::Ended(end) => Some(end),
        }
    }

    /// Returns the id of the last event that had one; `None` if no event had an id.
    pub fn last_event_id(&self) -> Option<&str> {
        Some(self.parser.last_event_id()).filter(|id| !id.is_empty())
    }

    /// Closes the connection.
    fn close(&mut self, rest: Rest) {
        (self.bytes, self.input, self.rest) = (None, Bytes::new(), Some(rest));
    }

    /// Returns whether the data of an event ends the stream.
    fn is_end(&self, data: &str) -> bool {
        data.trim() == self.endpoint.end_marker().unwrap_or(DONE)
    }

    /// Returns the next event of the bytes that arrived, unless it was yielded before.
    fn next_new(&mut self) -> Option<Result<Event, Error>> {
        loop {
            let event = self.parse()?;
            let is_end = matches!(&event, Ok(event) if self.is_end(&event.data));
            let is_new = match (&event, &mut self.resumption) {
                (Ok(event), Some(resumption)) => {
                    is_end || resumption.is_new(event, self.parser.had_id())
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

    /// Returns what an event that arrived is for the caller; `None` for the end marker.
    fn take(&mut self, event: Result<Event, Error>) -> Option<Result<Event, Error>> {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                self.close(Rest::Ended(StreamEnd::Failed));
                return Some(Err(self.fail(error)));
            }
        };
        if self.is_end(&event.data) {
            self.complete();
            return None;
        }
        let reported = match &self.bytes {
            Some(bytes) if bytes.options().event_errors && reports_error(&event) => {
                Some(bytes.reported_error(event.data.as_bytes()))
            }
            _ => None,
        };
        self.has_failed = reported.is_some();
        Some(match reported {
            Some(error) => Err(self.fail(error)),
            None => Ok(event),
        })
    }

    /// Returns the error that the last bytes of the response report, if they are no event.
    fn last_error(&self, last: Option<Event>) -> Option<Error> {
        let bytes = self.bytes.as_ref()?;
        if let Some(stray) = self.parser.stray_json() {
            return bytes.failure_in(stray);
        }
        let last = last.filter(|last| bytes.options().event_errors && reports_error(last))?;
        Some(bytes.reported_error(last.data.as_bytes()))
    }

    /// Ends the stream with its end marker.
    fn complete(&mut self) {
        self.close(Rest::Ended(match self.has_failed {
            true => StreamEnd::Failed,
            false => StreamEnd::Complete,
        }));
    }

    /// Ends the stream with its response. Returns an error if the end marker is missing.
    ///
    /// Some servers send no empty line after the marker or after an error, and some send the error
    /// as the only line, which is no event.
    fn end(&mut self) -> Option<Error> {
        let last = self.parser.clone().unfinished();
        if last.as_ref().is_some_and(|last| self.is_end(&last.data)) {
            self.complete();
            return None;
        }
        if let Some(error) = self.last_error(last) {
            self.close(Rest::Ended(StreamEnd::Failed));
            return Some(self.fail(error));
        }
        let marker = self.endpoint.end_marker();
        let missing = match (&self.bytes, marker) {
            // The server said already why the stream ends.
            (Some(bytes), Some(marker)) if !self.has_failed => {
                let what = format!("the event stream ended without `{marker}`, its end marker");
                Some(bytes.error(ErrorKind::Transport, what))
            }
            _ => None,
        };
        let end = match missing.is_some() || self.has_failed {
            true => StreamEnd::Failed,
            false => StreamEnd::Unmarked,
        };
        self.close(Rest::Ended(end));
        missing.map(|error| self.fail(error))
    }

    fn fail(&self, error: Error) -> Error {
        match self.last_event_id() {
            Some(id) => error.after_event(id),
            None => error,
        }
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.bytes.is_some()
                && let Some(event) = this.next_new()
            {
                let event = this.take(event);
                return Poll::Ready(event.map(|event| this.decoded(event?)));
            }
            let Some(bytes) = &mut this.bytes else {
                return Poll::Ready(this.without_connection().map(Err));
            };
            match ready!(Pin::new(bytes).poll_next(context)) {
                Some(Ok(piece)) => this.input = piece,
                Some(Err(error)) => {
                    let event = this.take(Err(error));
                    return Poll::Ready(event.map(|event| this.decoded(event?)));
                }
                None => return Poll::Ready(this.end().map(Err)),
            }
        }
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("EventStream");
        if let Some(id) = self.last_event_id() {
            // The server chose the id, which may contain anything.
            fields.field("last_event_id", &format_args!("{} bytes", id.len()));
        }
        fields.finish_non_exhaustive()
    }
}

//! A reply that is an event stream (`text/event-stream`), event by event.

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
pub use resume::Resume;

/// The data of the event with which many servers end a stream.
const DONE: &str = "[DONE]";

/// A way to ask a server for the rest of an event stream.
pub(crate) trait Reconnect: Send + Sync {
    /// Returns the stream of what comes after the event with this id. `asked`: the wait that the server asked for.
    fn reconnect<'a>(
        &'a mut self,
        last_event_id: &'a str,
        asked: Option<Duration>,
    ) -> BoxFuture<'a, Result<EventStream, Error>>;

    /// Whether an event was not given before the connection was lost. `had_id`: it brought its id with it.
    fn is_new(&mut self, event: &Event, had_id: bool) -> bool;
}

/// The events of a reply, as they come.
///
/// It reads as the [event stream format](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)
/// says, and ends with the reply, or before it with an event whose data is `[DONE]`, which is not given. What was begun
/// and not finished at the end is no event. After an error it is at its end, and [`reconnect`](EventStream::reconnect)
/// goes on where the server can be asked for the rest.
///
/// Only one event is held at a time, and the server can send no faster than events are taken. Dropping the stream closes
/// the connection. It has no time limit in all; see
/// [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout) for one between two signs of life.
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
#[must_use = "the reply is read as the stream is polled"]
pub struct EventStream {
    /// `None` at the end, so that the connection is closed even if the stream is kept.
    bytes: Option<ByteStream>,
    /// What came and was not looked at yet.
    input: Bytes,
    parser: Parser,
    limit: usize,
    /// What was called, for errors of a connection that is none any more.
    endpoint: Endpoint,
    /// `[DONE]` has come: there is no rest to ask for.
    is_done: bool,
    /// How to ask for the rest, where that is known.
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

    /// The next event; `None` at the end. The same as polling it as a [`Stream`], without an import.
    ///
    /// # Errors
    /// When the connection breaks, nothing comes for as long as the idle timeout, or an event is larger than the limit.
    /// [`Error::last_event_id`] says how far it came.
    pub async fn next_event(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The last id that an event had, `None` if none had one.
    pub fn last_event_id(&self) -> Option<&str> {
        Some(self.parser.last_event_id()).filter(|id| !id.is_empty())
    }

    /// Connects again and asks for what comes after [`last_event_id`](EventStream::last_event_id), after an error or at
    /// any time. The stream then goes on: every event once, and what was not complete is asked for again.
    ///
    /// It works where the document declares how the stream is resumed, or the caller does with
    /// [`Request::resume`](crate::Request::resume), and relies on the server to do what it is asked. Where an event is
    /// sent again although it was given, it is passed over: events with the last id, and events without one that came
    /// after it. If no event was given yet, the stream begins anew; after `[DONE]` there is nothing to ask for, and a
    /// server that answers 204 says that there is no rest either.
    ///
    /// It waits for as long as the server asked with `retry`, though no longer than
    /// [`RetryPolicy::max_retry_after`](crate::RetryPolicy::max_retry_after), 60 seconds unless set, and as long as the
    /// policy says when the last connection gave no event.
    ///
    /// ```no_run
    /// # async fn show(client: neo_client_runtime::Client) -> Result<(), neo_client_runtime::Error> {
    /// use neo_client_runtime::{Method, Resume};
    ///
    /// let request = client.request(Method::GET, "/v1/events");
    /// let mut events = request.resume(Resume::LAST_EVENT_ID).events().await?.into_inner();
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
    /// When it is not known how to resume, the server gave events and no id, more than 4096 events without one came after
    /// the last id, or the call fails. It may be called again.
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
                       it with `Request::resume` on a request to its path";
            let error = Error::new(ErrorKind::InvalidRequest, why);
            return Err(error.at(self.endpoint.clone()));
        };
        let asked = self.parser.reconnection_time();
        resumption
            .reconnect(self.parser.last_event_id(), asked)
            .await
    }

    /// The next event out of what came already, unless it was given before.
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

    /// The next event out of what came already.
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
            // The server chose it, and may have put anything there.
            fields.field("last_event_id", &format_args!("{} bytes", id.len()));
        }
        fields.finish_non_exhaustive()
    }
}

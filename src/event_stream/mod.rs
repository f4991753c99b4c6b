//! A reply that is an event stream (`text/event-stream`), event by event.

mod event;
pub(crate) mod parser;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::byte_stream::ByteStream;
use crate::call::Call;
use crate::error::{Error, ErrorKind};

pub use event::Event;
use parser::{Parser, TooLarge};

/// The data of the event with which many servers end a stream.
const DONE: &str = "[DONE]";

/// The events of a reply, as they come.
///
/// It reads as the [event stream format](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)
/// says, and ends with the reply, or before it with an event whose data is `[DONE]`, which is not given. What was begun
/// and not finished at the end is no event. After an error it is at its end.
///
/// Only one event is held at a time, and the server can send no faster than events are taken. Dropping the stream closes
/// the connection. It has no time limit in all; see
/// [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout) for one between two signs of life.
///
/// ```no_run
/// # async fn show(neo: neo_client::Client) -> Result<(), neo_client::Error> {
/// use neo_client::types::TaskCreateRequest;
///
/// let task = TaskCreateRequest::builder().task("scan example.com");
/// let mut events = neo.tasks().create_task_stream(task).await?;
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
}

impl EventStream {
    pub(crate) fn new(response: reqwest::Response, call: &Call) -> Result<Self, Error> {
        let limit = call.options.event_limit;
        Ok(Self {
            bytes: Some(ByteStream::new(response, call.clone())?),
            input: Bytes::new(),
            parser: Parser::new(limit),
            limit,
        })
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
            if let Some(event) = this.parse() {
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
                let error = end.and_then(Result::err).map(|error| this.fail(error));
                (this.bytes, this.input) = (None, Bytes::new());
                Poll::Ready(error.map(Err))
            }
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("last_event_id", &self.last_event_id())
            .finish_non_exhaustive()
    }
}

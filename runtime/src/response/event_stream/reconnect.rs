//! Continues an event stream over another connection.

use std::time::Duration;

use futures_core::future::BoxFuture;

use super::{Event, EventStream, Rest, StreamEnd};
use crate::error::{Error, ErrorKind};

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

impl<T> EventStream<T> {
    /// Connects again and requests the events after [`last_event_id`](EventStream::last_event_id),
    /// after an error or at any time. The stream then continues. Every event is yielded once; an
    /// incomplete event is requested again.
    ///
    /// `reconnect` needs [`RawRequest::resume`](crate::RawRequest::resume), and relies on the
    /// server to respect the id. Events that the server sends again are skipped: events with the
    /// last id, and events without an id that came after it. If no event was yielded yet, the
    /// stream starts from the beginning. After the end marker there is nothing to request, and a
    /// 204 response means the same.
    ///
    /// If `reconnect` fails, or its future is dropped, the stream is not connected: the next read
    /// returns an error, unless `reconnect` is called again.
    ///
    /// `reconnect` waits for as long as the server asked with `retry`, at most
    /// [`RetryPolicy::max_retry_after`](crate::RetryPolicy::max_retry_after) (60 seconds by
    /// default), and for as long as the policy says if the last connection yielded no event.
    ///
    /// ```no_run
    /// # use neo_client_runtime::{Method, ResumeBy};
    /// # async fn show(client: neo_client_runtime::Client) -> Result<(), neo_client_runtime::Error> {
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
        if matches!(self.rest, Some(Rest::Ended(StreamEnd::Complete))) {
            return Ok(());
        }
        self.close(Rest::Lost);
        let events = self.ask_again().await.map_err(|error| self.fail(error))?;
        self.parser.restart();
        (self.bytes, self.rest, self.has_failed) = (events.bytes, events.rest, false);
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

    /// Returns the error of a stream that is not connected, once.
    pub(super) fn without_connection(&mut self) -> Option<Error> {
        let Some(Rest::Lost) = self.rest else {
            return None;
        };
        self.rest = Some(Rest::Ended(StreamEnd::Failed));
        let why = "the event stream is not connected, because a reconnect failed or was cancelled: call `reconnect` again";
        let error = Error::new(ErrorKind::Transport, why).at(self.endpoint.clone());
        Some(self.fail(error))
    }
}

//! Resuming an event stream: how the rest is requested, and which events were yielded before.

use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::time::Duration;

use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};

use futures_core::future::BoxFuture;
use tokio::time::sleep;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::operation::Endpoint;
use crate::response::Response;
use crate::response::event_stream::{Event, EventStream, Reconnect, ResumeBy};
use crate::send::CallRunner;
use crate::text::query;

/// The maximum number of events since the last id that are remembered, at eight bytes each.
const MOST_REMEMBERED: usize = 4096;

/// Everything needed to continue an event stream over another connection.
pub(crate) struct Resumption {
    client: Client,
    endpoint: Endpoint,
    /// The request as sent; `None` if its body was a stream.
    request: Option<Request>,
    how: ResumeBy,
    given: Given,
    /// The number of consecutive connections without an event.
    fruitless: u32,
}

impl Resumption {
    fn new(client: &Client, endpoint: Endpoint, request: &Request, how: ResumeBy) -> Self {
        Self {
            client: client.clone(),
            endpoint,
            request: request.try_clone(),
            how,
            given: Given::default(),
            fruitless: 0,
        }
    }

    /// Returns the request for the events after `last_event_id`, which is empty if there was none.
    fn request(&mut self, last_event_id: &str) -> Result<Request, String> {
        let again = self.request.as_ref().and_then(Request::try_clone);
        let mut request =
            again.ok_or("the event stream cannot be asked for again: the body was a stream")?;
        self.given.expect_again(last_event_id)?;
        if last_event_id.is_empty() {
            return Ok(request);
        }
        match &self.how {
            ResumeBy::Header(name) => {
                let unfit = |_| format!("the id of the last event cannot be sent in `{name}`");
                let id =
                    HeaderValue::from_bytes(last_event_id.as_bytes()).map_err(|_| unfit(()))?;
                let name = HeaderName::try_from(&**name).map_err(|_| unfit(()))?;
                request.headers_mut().insert(name, id);
            }
            ResumeBy::Query(name) => {
                query::replace_in_query(request.url_mut(), name, last_event_id);
            }
        }
        Ok(request)
    }

    /// Returns the wait before the next connection, and counts the connection.
    fn wait(&mut self, asked: Option<Duration>) -> Duration {
        let policy = &self.client.options().retry_policy;
        let wait = policy.wait_to_reconnect(self.fruitless, asked);
        self.fruitless = self.fruitless.saturating_add(1);
        wait
    }
}

impl Reconnect for Resumption {
    fn reconnect<'a>(
        &'a mut self,
        last_event_id: &'a str,
        asked: Option<Duration>,
    ) -> BoxFuture<'a, Result<EventStream, Error>> {
        Box::pin(async move {
            let request = self.request(last_event_id).map_err(|why| {
                Error::new(ErrorKind::InvalidRequest, why).at(self.endpoint.clone())
            })?;
            sleep(self.wait(asked)).await;
            let runner = CallRunner::new(&self.client);
            let events = runner.execute_as::<EventStream>(self.endpoint.clone(), Ok(request));
            Ok(events.await?.into_inner())
        })
    }

    /// Returns whether an event was not yielded before the connection was lost. `had_id` says
    /// whether the event has an id of its own.
    fn is_new(&mut self, event: &Event, had_id: bool) -> bool {
        let is_new = self.given.is_new(event, had_id);
        if is_new {
            self.fruitless = 0;
        }
        is_new
    }
}

impl<'c> CallRunner<'c> {
    /// Sends a request, if it could be built, and returns the events of the response as they
    /// arrive. `resume` says how to request the rest.
    pub fn execute_events(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
        resume: Option<ResumeBy>,
    ) -> BoxFuture<'c, Result<Response<EventStream>, Error>> {
        let endpoint = endpoint.into();
        let resumption = resume.zip(request.as_ref().ok()).map(|(how, request)| {
            let resumption = Resumption::new(self.client, endpoint.clone(), request, how);
            Box::new(resumption) as Box<dyn Reconnect>
        });
        let response = self.execute_as::<EventStream>(endpoint, request);
        Box::pin(async move { Ok(response.await?.map(|events| events.resumed_by(resumption))) })
    }

    /// Sends a request, if it could be built, and returns the values of the events of the response
    /// as they arrive. `decoded` says what part of an event is the value.
    pub fn execute_typed_events<T: 'static>(
        self,
        endpoint: impl Into<Endpoint>,
        request: Result<Request, Error>,
        decoded: fn(EventStream) -> EventStream<T>,
    ) -> BoxFuture<'c, Result<Response<EventStream<T>>, Error>> {
        let response = self.execute_as::<EventStream>(endpoint, request);
        Box::pin(async move { Ok(response.await?.map(decoded)) })
    }
}

/// The events since the last id. A server may send some of them again, because it knows only that
/// id.
#[derive(Default)]
struct Given {
    /// At least one event was yielded.
    any: bool,
    /// The id to which the remembered events belong.
    id: String,
    /// A hash of each event, in order.
    hashes: Vec<u64>,
    /// More events arrived than are remembered.
    is_full: bool,
    /// The events that may be repeated on this connection.
    again: Range<usize>,
    state: RandomState,
}

impl Given {
    /// Prepares for another connection, which continues after `last_event_id`.
    fn expect_again(&mut self, last_event_id: &str) -> Result<(), String> {
        if last_event_id.is_empty() && self.any {
            return Err("the event stream cannot be resumed: its last event has no id".to_owned());
        }
        self.set_id(last_event_id);
        if self.is_full {
            return Err(format!(
                "the event stream cannot be resumed: more than {MOST_REMEMBERED} events came after the last id, \
                 and which of them come again could not be told"
            ));
        }
        self.again = 0..self.hashes.len();
        Ok(())
    }

    fn is_new(&mut self, event: &Event, had_id: bool) -> bool {
        self.any = true;
        self.set_id(&event.id);
        let hash = self.state.hash_one((had_id, &event.event, &event.data));
        // Events are repeated in their original order. The server may leave some out, and insert
        // others.
        let expected = self.hashes.get(self.again.clone()).unwrap_or_default();
        if let Some(place) = expected.iter().position(|given| *given == hash) {
            self.again.start += place + 1;
            return false;
        }
        if self.hashes.len() < MOST_REMEMBERED {
            self.hashes.push(hash);
        } else {
            self.is_full = true;
        }
        true
    }

    /// After another id, no earlier event is repeated.
    fn set_id(&mut self, id: &str) {
        if self.id != id {
            id.clone_into(&mut self.id);
            self.hashes.clear();
            self.is_full = false;
            self.again = 0..0;
        }
    }
}

//! The events of a job, read beside its details.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use futures_core::future::BoxFuture;
use tokio::time::{Instant, timeout_at};

use super::job::ReadLog;
use super::poller::{OnEvent, Poller};
use crate::error::{Error, ErrorKind};
use crate::response::{Event, EventStream};
use crate::send::CallRunner;

/// After the end of a job, the maximum silence of its events.
const SILENCE: Duration = Duration::from_secs(2);

/// After the end of a job, the maximum time for its events.
const DRAIN: Duration = Duration::from_secs(10);

/// The source of the events of a job, and their receiver.
pub(super) struct Followed<'c> {
    source: Source<'c>,
    pub(super) on_event: OnEvent<'c>,
}

enum Source<'c> {
    /// The response that started the job.
    Stream(Box<EventStream>),
    /// The log of a job that exists already, which is read after each response with the details.
    Log {
        read: ReadLog<'c>,
        reading: Option<BoxFuture<'c, Result<Vec<Event>, Error>>>,
    },
}

/// Something that happened with the events.
pub(super) enum Happened {
    Events(Vec<Event>),
    /// No more events follow.
    Ended,
    Lost(Error),
}

impl Followed<'_> {
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Happened> {
        match &mut self.source {
            Source::Stream(events) => {
                Poll::Ready(match ready!(Pin::new(&mut **events).poll_next(context)) {
                    Some(Ok(event)) => Happened::Events(vec![event]),
                    Some(Err(error)) => Happened::Lost(error),
                    None => Happened::Ended,
                })
            }
            Source::Log { reading, .. } => {
                let Some(running) = reading else {
                    return Poll::Pending;
                };
                let read = ready!(running.as_mut().poll(context));
                *reading = None;
                Poll::Ready(match read {
                    Ok(events) => Happened::Events(events),
                    Err(error) => Happened::Lost(error),
                })
            }
        }
    }

    /// Returns whether the source stays usable after a failure.
    pub(super) fn is_log(&self) -> bool {
        matches!(self.source, Source::Log { .. })
    }

    /// Begins to read what was added to a log.
    pub(super) fn read_on(&mut self, id: &str, position: Option<u64>) {
        if let Source::Log { read, reading } = &mut self.source
            && reading.is_none()
        {
            *reading = Some(read(id, position));
        }
    }
}

impl<'c> Poller<'c> {
    /// Starts the job and returns its events.
    pub(super) async fn begin_to_follow(
        &mut self,
        on_event: OnEvent<'c>,
    ) -> Result<Followed<'c>, Error> {
        if self.job.start.is_none() {
            return self.follow_log(on_event);
        }
        let events = self
            .job
            .start
            .as_mut()
            .and_then(|start| start.events.take());
        let Some((operation, request)) = events else {
            let why = "the document has no events of it: wait without `follow`";
            return Err(self.error(ErrorKind::InvalidRequest, why));
        };
        if self.id.is_empty() {
            let why = "the request names no id, so that no more than its events could be seen: wait without `follow`";
            return Err(self.error(ErrorKind::InvalidRequest, why));
        }
        // The details tell what happens during a silence, and an error that is an event is not the
        // end.
        let client = self.client.with_options(|options| {
            let options = options.without_default_idle_timeout();
            options.event_errors(false)
        });
        let starting = CallRunner::new(&client).execute_events(operation, request?, None);
        let events = self.within(starting).await??.into_inner();
        self.started = Some(Instant::now());
        self.report();
        Ok(Followed {
            source: Source::Stream(Box::new(events)),
            on_event,
        })
    }

    /// Returns the log of a job that exists already.
    fn follow_log(&mut self, on_event: OnEvent<'c>) -> Result<Followed<'c>, Error> {
        let Some(read) = self.job.log.take() else {
            let why = "the API has no log of it: wait without `follow`";
            return Err(self.error(ErrorKind::InvalidRequest, why));
        };
        self.started = Some(Instant::now());
        Ok(Followed {
            source: Source::Log {
                read,
                reading: None,
            },
            on_event,
        })
    }

    /// Passes events on, and remembers the position in the log.
    pub(super) fn pass_on(&mut self, followed: &mut Followed<'c>, events: &[Event]) {
        for event in events {
            (followed.on_event)(event);
            if followed.is_log() {
                self.position = event.id.parse().ok().or(self.position);
            }
        }
    }

    /// Passes on the last events of a job that is over.
    pub(super) async fn drain(&mut self, mut followed: Followed<'c>) {
        let end = Instant::now() + DRAIN;
        if followed.is_log() {
            followed.read_on(&self.id, self.position);
        }
        loop {
            let limit = (Instant::now() + SILENCE).min(end);
            let limit = if followed.is_log() { end } else { limit };
            let next = std::future::poll_fn(|context| followed.poll(context));
            let next = self.limits.within(timeout_at(limit, next)).await;
            match next {
                Ok(Ok(Happened::Events(events))) => {
                    self.pass_on(&mut followed, &events);
                    if followed.is_log() {
                        return;
                    }
                }
                Ok(Ok(Happened::Lost(error))) => return self.lose_events(&error),
                // The work is over, so neither a deadline nor a cancellation matters any more.
                Ok(Ok(Happened::Ended) | Err(_)) | Err(_) => return,
            }
        }
    }

    /// Records that events are missing from here on.
    pub(super) fn lose_events(&mut self, error: &Error) {
        self.are_events_lost = true;
        let (operation, id) = (self.job.operation().name, &self.shown_id);
        tracing::warn!(
            "{operation}: the events of `{id}` are lost from here on, and its details are requested instead: {error}"
        );
    }
}

//! Follows the events of a job: begins, passes them on, and ends after the job.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::events::{Followed, Happened, OnEvent};
use super::poller::Poller;
use crate::error::{Error, ErrorKind};
use crate::response::Event;
use crate::send::CallRunner;

/// After the end of a job, the maximum silence of its events.
const SILENCE: Duration = Duration::from_secs(2);

/// After the end of a job, the maximum time for its events.
const DRAIN: Duration = Duration::from_secs(10);

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
        let starting = CallRunner::new(&client).execute_events(operation, request, None);
        let events = self.within(starting).await??.into_inner();
        self.started = Some(Instant::now());
        self.tolerance.connected();
        self.report();
        Ok(Followed::stream(events, on_event))
    }

    /// Returns the log of a job that exists already.
    fn follow_log(&mut self, on_event: OnEvent<'c>) -> Result<Followed<'c>, Error> {
        let Some(read) = self.job.log.take() else {
            let why = "the API has no log of it: wait without `follow`";
            return Err(self.error(ErrorKind::InvalidRequest, why));
        };
        self.started = Some(Instant::now());
        Ok(Followed::log(read, on_event))
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

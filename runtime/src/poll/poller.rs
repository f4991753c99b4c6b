//! Starts a job, passes on its events, and requests its details until the job is over.

use std::time::Duration;

use reqwest::{Request, StatusCode};
use retry_policies::Jitter;
use tokio::time::{Instant, sleep};

use super::deadline::{Limits, Stop};
use super::job::{Job, Outcome, Status};
use super::progress::Progress;
use crate::client::Client;
use crate::client::retry_policy::backoff;
use crate::error::{Error, ErrorKind};
use crate::response::Event;
use crate::send::{CallRunner, RawResponse};
use crate::text::one_line::one_line;

/// The maximum number of consecutive requests for the details that fail with a retryable error.
const TOLERATED_FAILURES: u32 = 10;

/// The maximum number of 404 responses, as long as no request succeeded.
const TOLERATED_ABSENCES: u32 = 5;

type OnProgress<'c> = Box<dyn FnMut(&Progress<'_>) + Send + 'c>;
type OnEvent<'c> = Box<dyn FnMut(&Event) + Send + 'c>;

pub(super) struct Poller<'c> {
    client: &'c Client,
    job: Job<'c>,
    pub(super) limits: Limits<'c>,
    /// The first wait, and the maximum wait.
    pub(super) pace: (Duration, Duration),
    pub(super) on_progress: Option<OnProgress<'c>>,
    pub(super) on_event: Option<OnEvent<'c>>,
    /// Empty until the id is known.
    pub(super) id: String,
    /// The last status.
    pub(super) status: Option<String>,
    /// The id and the status as an error may show them.
    shown_id: String,
    shown_status: String,
    started: Option<Instant>,
    polls: u32,
}

impl<'c> Poller<'c> {
    pub(super) fn new(client: &'c Client, mut job: Job<'c>) -> Self {
        let id = job.id.take().unwrap_or_default();
        Self {
            client,
            job,
            limits: Limits::default(),
            pace: (Duration::from_secs(1), Duration::from_secs(30)),
            on_progress: None,
            on_event: None,
            shown_id: one_line(&id),
            id,
            status: None,
            shown_status: "not asked for".to_owned(),
            started: None,
            polls: 0,
        }
    }

    /// Starts the work and waits for its end. Returns the last response.
    pub(super) async fn wait(&mut self) -> Result<(RawResponse, Outcome), Error> {
        self.limits.begin();
        let first = match self.on_event.take() {
            Some(on_event) => {
                self.follow(on_event).await?;
                // The job may be over already.
                Duration::ZERO
            }
            None => {
                self.begin().await?;
                self.next_wait()
            }
        };
        self.poll(first).await
    }

    /// Starts the work and reads its id.
    async fn begin(&mut self) -> Result<(), Error> {
        let request = self.take_request()?;
        let starting = self.runner().execute_raw(self.job.start, request);
        let response = self.within(starting).await??;
        self.started = Some(Instant::now());
        let json = response.json()?;
        if let Some(id) = (self.job.read_id)(&json) {
            self.shown_id = response.showable(&id);
            self.id = id;
        }
        if self.id.is_empty() {
            let why = "started, but the response holds no id";
            return Err(self.error(ErrorKind::Decode, why));
        }
        self.note(&response, (self.job.read_status)(&json).text);
        self.report();
        Ok(())
    }

    /// Starts the work, and passes on its events until they end.
    async fn follow(&mut self, mut on_event: OnEvent<'c>) -> Result<(), Error> {
        let Some((operation, request)) = self.job.events.take() else {
            let why = "the document has no events of it: wait without `follow`";
            return Err(self.error(ErrorKind::InvalidRequest, why));
        };
        if self.id.is_empty() {
            let why = "the request names no id, so that no more than its events could be seen: wait without `follow`";
            return Err(self.error(ErrorKind::InvalidRequest, why));
        }
        let starting = self.runner().execute_events(operation, request?, None);
        let mut events = self.within(starting).await??.into_inner();
        self.started = Some(Instant::now());
        self.report();
        loop {
            match self.within(events.next_event()).await? {
                Some(Ok(event)) => on_event(&event),
                Some(Err(error)) => {
                    tracing::debug!("the events are lost, asking instead: {error}");
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
    }

    /// Requests the details until the work is over.
    async fn poll(&mut self, mut wait: Duration) -> Result<(RawResponse, Outcome), Error> {
        let (mut failures, mut was_found) = (0, false);
        loop {
            self.within(sleep(wait)).await?;
            let request = (self.job.ask)(&self.id)?;
            let asking = self.runner().execute_raw(self.job.details, request);
            let result = self.within(asking).await?;
            self.polls = self.polls.saturating_add(1);
            wait = self.next_wait();
            let failure = match result {
                Ok(response) => {
                    let json = response.json()?;
                    let Status { text, outcome } = (self.job.read_status)(&json);
                    self.note(&response, text);
                    self.report();
                    if let Some(outcome) = outcome {
                        return Ok((response, outcome));
                    }
                    (failures, was_found) = (0, true);
                    continue;
                }
                Err(failure) => failure,
            };
            failures += 1;
            let is_absent = failure.status() == Some(StatusCode::NOT_FOUND) && !was_found;
            let is_tolerated = (failure.is_retryable() && failures <= TOLERATED_FAILURES)
                || (is_absent && failures <= TOLERATED_ABSENCES);
            if !is_tolerated {
                return Err(failure);
            }
            let asked = failure.retry_after().unwrap_or_default();
            wait = wait.max(asked.min(self.client.options().retry_policy.longest_wait()));
        }
    }

    /// Takes the request that starts the job.
    fn take_request(&mut self) -> Result<Request, Error> {
        let again = self.error(ErrorKind::InvalidRequest, "was started before");
        std::mem::replace(&mut self.job.request, Err(again))
    }

    fn runner(&self) -> CallRunner<'c> {
        CallRunner::new(self.client)
    }

    fn next_wait(&self) -> Duration {
        let (first, max) = self.pace;
        backoff(first, max, Jitter::Bounded, self.polls)
    }

    /// Keeps the status that a response states.
    fn note(&mut self, response: &RawResponse, status: Option<&str>) {
        self.status = status.map(str::to_owned);
        self.shown_status = match status {
            None => "not told".to_owned(),
            Some(_) if self.job.details.sensitive => "not shown, it may hold a secret".to_owned(),
            Some(status) => format!("`{}`", response.showable(status)),
        };
    }

    fn report(&mut self) {
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(&Progress {
                id: &self.id,
                status: self.status.as_deref(),
                elapsed: self.started.map(|it| it.elapsed()).unwrap_or_default(),
                polls: self.polls,
            });
        }
    }

    /// Returns the output of a future, or the reason why the waiting ended before.
    async fn within<F: Future>(&mut self, future: F) -> Result<F::Output, Error> {
        let outcome = self.limits.within(future).await;
        outcome.map_err(|stop| self.stopped(stop))
    }

    fn stopped(&self, stop: Stop) -> Error {
        let (kind, what) = match stop {
            Stop::Cancelled => (ErrorKind::Cancelled, "given up by the caller".to_owned()),
            Stop::Deadline(limit) => {
                let limit = limit.as_secs_f64();
                (
                    ErrorKind::Timeout,
                    format!("not over within {limit} s, the deadline"),
                )
            }
        };
        let what = match (self.started, self.id.is_empty()) {
            (None, true) => format!("{what}, before the server acknowledged it"),
            (None, false) => format!("{what}, before the server acknowledged `{}`", self.shown_id),
            (Some(_), _) => format!(
                "{what}: `{}` goes on at the server; status: {}",
                self.shown_id, self.shown_status
            ),
        };
        // A request may have been sent, so callers should check before they try again.
        self.error(kind, what).after(1)
    }

    fn error(&self, kind: ErrorKind, what: impl Into<String>) -> Error {
        Error::new(kind, what).at(self.job.start.into())
    }

    /// Returns an error that names the work.
    pub(super) fn named(&self, error: Error) -> Error {
        let error = match self.id.is_empty() {
            true => error,
            false => error.in_run(&self.id),
        };
        match self.started {
            Some(_) => error.under_way(),
            None => error,
        }
    }
}

//! Starts a job, passes on its events, and requests its details until the job is over.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use futures_core::future::BoxFuture;
use reqwest::Request;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::deadline::Limits;
use super::events::{Followed, Happened, OnEvent};
use super::job::Job;
use super::pace::Pace;
use super::progress::{Blocked, Progress};
use super::status_words::{JobState, JobStatus};
use super::tolerance::Tolerance;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Outcome};
use crate::operation::Endpoint;
use crate::send::{CallRunner, RawResponse, check_runtime};
use crate::text::one_line::one_line;

type OnProgress<'c> = Box<dyn FnMut(&Progress<'_>) + Send + 'c>;
type Hook<'c> = BoxFuture<'c, Result<(), Error>>;
type OnStop<'c> = Box<dyn FnOnce(String) -> Hook<'c> + Send + 'c>;
type OnBlocked<'c> = Box<dyn FnMut(Blocked) -> Hook<'c> + Send + 'c>;

pub(super) struct Poller<'c> {
    pub(super) client: &'c Client,
    pub(super) job: Job<'c>,
    pub(super) limits: Limits<'c>,
    pub(super) tolerance: Tolerance,
    pub(super) pace: Pace,
    /// The status words of the caller. The first one counts.
    pub(super) own_words: Vec<(String, JobState)>,
    pub(super) on_progress: Option<OnProgress<'c>>,
    pub(super) on_event: Option<OnEvent<'c>>,
    pub(super) on_blocked: Option<OnBlocked<'c>>,
    pub(super) on_stop: Option<OnStop<'c>>,
    /// The deadline or a cancellation ended the waiting.
    pub(super) is_stopped: bool,
    /// The position in the log of the job.
    pub(super) position: Option<u64>,
    pub(super) are_events_lost: bool,
    /// Empty until the id is known.
    pub(super) id: String,
    /// The last status.
    pub(super) status: Option<String>,
    state: Option<JobState>,
    /// The id and the status as an error may show them.
    pub(super) shown_id: String,
    pub(super) shown_status: String,
    /// The job began to wait for a person, and the hook was not called yet.
    blocked: Option<Blocked>,
    /// The last unknown status that was reported.
    reported: Option<String>,
    pub(super) started: Option<Instant>,
    polls: u32,
}

/// The end of a job.
pub(super) struct End {
    pub(super) response: RawResponse,
    pub(super) json: Value,
    pub(super) outcome: Outcome,
}

/// The next thing that happened while waiting.
enum Step {
    Polled(Box<Result<RawResponse, Error>>),
    Happened(Happened),
    Hooked(Result<(), Error>),
}

impl<'c> Poller<'c> {
    pub(super) fn new(client: &'c Client, mut job: Job<'c>) -> Self {
        let id = job.id.take().unwrap_or_default();
        Self {
            client,
            job,
            limits: Limits::default(),
            tolerance: Tolerance::default(),
            pace: Pace::default(),
            own_words: Vec::new(),
            on_progress: None,
            on_event: None,
            on_blocked: None,
            on_stop: None,
            is_stopped: false,
            position: None,
            are_events_lost: false,
            shown_id: one_line(&id),
            id,
            status: None,
            state: None,
            shown_status: "not asked for".to_owned(),
            blocked: None,
            reported: None,
            started: None,
            polls: 0,
        }
    }

    /// Starts the work, if it does not exist, and waits for its end. Runs the hook that stops the
    /// work if the waiting ends first.
    ///
    /// The future is boxed, so that the future of the run stays small. Its type is the same for all
    /// details.
    pub(super) fn run(mut self) -> BoxFuture<'c, Result<(Self, End), Error>> {
        Box::pin(async move {
            match self.wait().await {
                Ok(end) => Ok((self, end)),
                Err(error) => {
                    self.stop().await;
                    Err(self.named(error))
                }
            }
        })
    }

    /// Starts the work, if it does not exist, and waits for its end.
    async fn wait(&mut self) -> Result<End, Error> {
        check_runtime(&Endpoint::Operation(self.job.details))?;
        self.limits.begin();
        let mut first = Duration::ZERO;
        let mut followed = match self.on_event.take() {
            Some(on_event) => {
                let followed = self.begin_to_follow(on_event).await?;
                if !followed.is_log() {
                    first = self.pace.next();
                }
                Some(followed)
            }
            None => {
                if self.job.start.is_some() {
                    first = self.begin().await?;
                }
                None
            }
        };
        self.started.get_or_insert_with(Instant::now);
        let end = self.poll(first, &mut followed).await?;
        if let Some(followed) = followed {
            self.drain(followed).await;
        }
        Ok(end)
    }

    /// Starts the work and reads its id. Returns the first wait.
    async fn begin(&mut self) -> Result<Duration, Error> {
        let request = self.take_request()?;
        let operation = self.job.operation();
        let starting = CallRunner::new(self.client).execute_raw(operation, request);
        let response = self.within(starting).await??;
        self.started = Some(Instant::now());
        self.tolerance.connected();
        let json = response.json()?;
        let read_id = self.job.start.as_ref().map(|start| start.read_id);
        if let Some(id) = read_id.and_then(|read_id| read_id(&json)) {
            self.shown_id = response.showable(&id);
            self.id = id;
        }
        if self.id.is_empty() {
            let why = "started, but the response holds no id";
            let error = self.error(ErrorKind::Decode, why);
            return Err(error.advised("look the work up before you start it again"));
        }
        let status = self.job.words.read_with(&self.own_words, &json);
        self.note(&response, status);
        self.report();
        Ok(self.pace.next().max(self.asked(response.retry_after())))
    }

    /// Requests the details until the work is over, and passes on its events meanwhile.
    async fn poll(
        &mut self,
        first: Duration,
        followed: &mut Option<Followed<'c>>,
    ) -> Result<End, Error> {
        let mut hook: Option<Hook<'c>> = None;
        let mut polling = self.ask_after(first)?;
        loop {
            let next = poll_fn(|context| {
                if let Poll::Ready(polled) = polling.as_mut().poll(context) {
                    return Poll::Ready(Step::Polled(Box::new(polled)));
                }
                if let Some(running) = &mut hook
                    && let Poll::Ready(result) = running.as_mut().poll(context)
                {
                    return Poll::Ready(Step::Hooked(result));
                }
                match followed {
                    Some(followed) => followed.poll(context).map(Step::Happened),
                    None => Poll::Pending,
                }
            });
            match self.within(next).await? {
                Step::Polled(polled) => {
                    self.polls = self.polls.saturating_add(1);
                    let asked = match &*polled {
                        Ok(response) => response.retry_after(),
                        Err(failure) => failure.retry_after(),
                    };
                    match (*polled).and_then(|response| self.read(response)) {
                        Ok(Some(end)) => return Ok(end),
                        Ok(None) => self.run_hook(&mut hook),
                        Err(failure) => self.tolerate(failure)?,
                    }
                    if let Some(followed) = followed {
                        followed.read_on(&self.id, self.position);
                    }
                    let wait = self.pace.next().max(self.asked(asked));
                    polling = self.ask_after(wait)?;
                }
                Step::Hooked(result) => {
                    hook = None;
                    result.map_err(|error| self.of_hook(error))?;
                    // The hook may have changed the status.
                    self.pace.restart();
                    polling = self.ask_after(Duration::ZERO)?;
                }
                Step::Happened(happened) => {
                    let Some(following) = followed else { continue };
                    match happened {
                        Happened::Events(events) => self.pass_on(following, &events),
                        // The log is read again after the next response.
                        Happened::Lost(error) if following.is_log() => {
                            tracing::debug!("the log cannot be read now: {error}");
                        }
                        ended => {
                            if let Happened::Lost(error) = ended {
                                self.lose_events(&error);
                            }
                            *followed = None;
                            // The job may be over already.
                            self.pace.restart();
                            polling = self.ask_after(Duration::ZERO)?;
                        }
                    }
                }
            }
        }
    }

    /// Returns the response with the details of the job, requested after a wait.
    fn ask_after(
        &self,
        wait: Duration,
    ) -> Result<BoxFuture<'c, Result<RawResponse, Error>>, Error> {
        let request = (self.job.ask)(&self.id)?;
        let (client, operation) = (self.client, self.job.details);
        Ok(Box::pin(async move {
            sleep(wait).await;
            CallRunner::new(client)
                .execute_raw(operation, request)
                .await
        }))
    }

    /// Reads the details, and returns the end of the job if they state it.
    fn read(&mut self, response: RawResponse) -> Result<Option<End>, Error> {
        let json = response.json()?;
        let status = self.job.words.read_with(&self.own_words, &json);
        let was_blocked = self.state == Some(JobState::Blocked);
        self.note(&response, status);
        self.report();
        match status.state {
            Some(JobState::Ended(outcome)) => {
                return Ok(Some(End {
                    response,
                    json,
                    outcome,
                }));
            }
            Some(JobState::Blocked) if !was_blocked => {
                self.blocked = Some(Blocked {
                    id: self.id.clone(),
                    status: status.text.unwrap_or_default().to_owned(),
                    details: json,
                });
            }
            Some(_) => {}
            None if status.text.is_none() => {
                let why = "the details state no status";
                return Err(Error::new(ErrorKind::Decode, why).at(self.job.details.into()));
            }
            None => self.report_unknown(),
        }
        self.tolerance.reset();
        Ok(None)
    }

    /// Warns of an unknown status, once for each.
    fn report_unknown(&mut self) {
        if self.reported != self.status {
            let (operation, status) = (self.job.operation().name, &self.shown_status);
            tracing::warn!(
                "{operation}: unknown status {status}, which does not end the waiting: declare it with `status_word`"
            );
            self.reported.clone_from(&self.status);
        }
    }

    /// Returns an error unless a failure is tolerated.
    fn tolerate(&mut self, failure: Error) -> Result<(), Error> {
        let is_first = self.tolerance.is_unbroken();
        if !self.tolerance.tolerates(&failure) {
            return Err(failure);
        }
        if is_first {
            let (operation, id) = (self.job.operation().name, &self.shown_id);
            tracing::warn!(
                "{operation}: the details of `{id}` cannot be read, the waiting continues: {failure}"
            );
        }
        Ok(())
    }

    /// Calls the hook for a job that began to wait for a person. A running hook is not disturbed.
    fn run_hook(&mut self, hook: &mut Option<Hook<'c>>) {
        if let (Some(blocked), Some(on_blocked), None) =
            (self.blocked.take(), &mut self.on_blocked, &hook)
        {
            *hook = Some(on_blocked(blocked));
        }
    }

    /// Takes the request that starts the job.
    fn take_request(&mut self) -> Result<Request, Error> {
        let again = self.error(ErrorKind::InvalidRequest, "was started before");
        match &mut self.job.start {
            Some(start) => std::mem::replace(&mut start.request, Err(again)),
            None => Err(again),
        }
    }

    /// Returns the wait that the server asks for, at most as long as failures are tolerated.
    fn asked(&self, retry_after: Option<Duration>) -> Duration {
        let longest = self.client.options().retry_policy.longest_wait();
        let longest = longest.max(self.tolerance.limit);
        retry_after.unwrap_or_default().min(longest)
    }

    /// Keeps the status that a response states.
    fn note(&mut self, response: &RawResponse, status: JobStatus<'_>) {
        self.state = status.state;
        self.status = status.text.map(str::to_owned);
        self.shown_status = match status.text {
            None => "not told".to_owned(),
            Some(_) if self.job.details.sensitive => "not shown, it may hold a secret".to_owned(),
            Some(status) => format!("`{}`", response.showable(status)),
        };
    }

    pub(super) fn report(&mut self) {
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(&Progress {
                id: &self.id,
                status: self.status.as_deref(),
                state: self.state,
                elapsed: self.started.map(|it| it.elapsed()).unwrap_or_default(),
                polls: self.polls,
                are_events_lost: self.are_events_lost,
            });
        }
    }

    /// Returns the output of a future, or the reason why the waiting ended before.
    pub(super) async fn within<F: Future>(&mut self, future: F) -> Result<F::Output, Error> {
        let outcome = self.limits.within(future).await;
        outcome.map_err(|stop| {
            self.is_stopped = true;
            self.stopped(stop)
        })
    }
}

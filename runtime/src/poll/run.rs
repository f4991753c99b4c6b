//! The configuration of a wait for a job.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use futures_core::future::BoxFuture;
use serde::de::DeserializeOwned;

use super::job::Job;
use super::pace::Pace;
use super::poller::Poller;
use super::progress::{Blocked, Finished, Progress};
use super::signal::Signal;
use super::status_words::JobState;
use crate::client::Client;
use crate::error::{Error, Outcome};
use crate::response::Event;

/// Waits for the end of long-running work, which it starts or which exists already.
///
/// `.await?` returns the final details, and an error of kind
/// [`WorkFailed`](crate::ErrorKind::WorkFailed) if the work failed. [`send`](Run::send) returns the
/// details of failed work as well, with the outcome.
///
/// The details are requested again and again, with waits between 1 and 30 seconds by default.
/// [`follow`](Run::follow) reads the events beside. The method that created the run documents what
/// it relies on, such as the status words of the server.
///
/// # When the waiting ends
///
/// The waiting ends with the work, at the [deadline](Run::deadline), by
/// [cancellation](Run::cancel_when), or with an error. Every error returns the id of the work, if
/// known, by [`Error::run_id`]. The request that starts the work is sent once, apart from the usual
/// retries.
///
/// A failed request for the details ends the waiting only if all requests fail for 15 minutes,
/// which [`tolerate`](Run::tolerate) changes. This applies to connection errors, timeouts, 5xx
/// statuses and those that are [retryable](Error::is_retryable), errors in 2xx responses, pages in
/// place of JSON, and details without any status; after the start, also to failed TLS handshakes
/// and errors of a proxy. `Retry-After` is obeyed. 404 responses are tolerated five times in a row,
/// and for 30 seconds. So are 401 and 403 responses once the details were read: a gateway may
/// reject a credential for a moment. Other failures end the waiting at once.
///
/// A status that is not a known word does not end the waiting. It is reported once by a `tracing`
/// warning; [`status_word`](Run::status_word) declares its meaning. So set a deadline.
///
/// **The server continues the work** however the waiting ends, even if the future is dropped. With
/// the id, the waiting can be taken up again.
///
/// ```no_run
/// # use neo_client_runtime::{Error, poll::{Outcome, Run}, serde_json::Value};
/// # use tokio::sync::oneshot::Receiver;
/// # async fn show(run: Run<'_, Value>, interrupt: Receiver<()>) -> Result<(), Error> {
/// use std::time::Duration;
///
/// let finished = run
///     .deadline(Duration::from_secs(3600))
///     .poll_every(Duration::from_secs(2), Duration::from_secs(60))
///     .on_progress(|progress| println!("{:?} after {:?}", progress.status, progress.elapsed))
///     .cancel_when(interrupt)
///     .send()
///     .await?;
/// if finished.outcome == Outcome::Failed {
///     println!("{}", finished.json);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is started until it is awaited"]
pub struct Run<'c, T> {
    poller: Poller<'c>,
    details: PhantomData<fn() -> T>,
}

impl<'c, T> Run<'c, T> {
    /// Returns a run of `job`, which is not started yet. For the crate of an API.
    pub fn new(client: &'c Client, job: Job<'c>) -> Self {
        Self {
            poller: Poller::new(client, job),
            details: PhantomData,
        }
    }

    /// Limits the time to wait for the end, counted from the moment when the run is awaited. There
    /// is no limit by default. After the deadline, the error has the kind
    /// [`Timeout`](crate::ErrorKind::Timeout) and mentions the last status.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.poller.limits.deadline = Some(limit);
        self
    }

    /// Sets the first wait before a request for the details, and the maximum wait. The bound of a
    /// wait doubles in between, and the wait is random between half of its bound and its bound. The
    /// defaults are 1 and 30 seconds.
    pub fn poll_every(mut self, first: Duration, max: Duration) -> Self {
        self.poller.pace = Pace::new(first, max);
        self
    }

    /// Sets for how long all requests for the details may fail before the waiting ends. The default
    /// is 15 minutes, whatever the deadline is. With zero, the first failure ends the waiting.
    pub fn tolerate(mut self, failures: Duration) -> Self {
        self.poller.tolerance.limit = failures;
        self
    }

    /// Declares the meaning of a status word. It precedes the words that the run knows. Case and
    /// punctuation do not matter.
    ///
    /// ```no_run
    /// # use neo_client_runtime::poll::{JobState, Outcome, Run};
    /// # fn show<T>(run: Run<'_, T>) -> Run<'_, T> {
    /// run.status_word("archived", JobState::Ended(Outcome::Succeeded))
    /// # }
    /// ```
    pub fn status_word(mut self, word: impl Into<String>, state: JobState) -> Self {
        self.poller.own_words.insert(0, (word.into(), state));
        self
    }

    /// Calls `call` when the work has been started, and after each response with the details.
    pub fn on_progress(mut self, call: impl FnMut(&Progress<'_>) + Send + 'c) -> Self {
        self.poller.on_progress = Some(Box::new(call));
        self
    }

    /// Calls `call` when the work begins to wait for a person, and runs the future that it returns.
    /// Meanwhile the waiting continues. The call is made again if the work waits once more, after
    /// it went on.
    ///
    /// An error of the future ends the waiting. Return [`Error::cancelled`] to stop: the run then
    /// fails with the kind [`Cancelled`](crate::ErrorKind::Cancelled), after
    /// [`on_stop`](Run::on_stop).
    ///
    /// ```
    /// # use neo_client_runtime::{Error, poll::{Blocked, Run}};
    /// # async fn approve(id: &str) -> Result<(), Error> { Ok(()) }
    /// # fn show<T>(run: Run<'_, T>) -> Run<'_, T> {
    /// run.on_blocked(async |blocked: Blocked| {
    ///     if blocked.details["tool"] == "shell" {
    ///         return Err(Error::cancelled("nobody may approve a shell at night"));
    ///     }
    ///     approve(&blocked.id).await
    /// })
    /// # }
    /// ```
    pub fn on_blocked<F>(mut self, mut call: impl FnMut(Blocked) -> F + Send + 'c) -> Self
    where
        F: Future<Output = Result<(), Error>> + Send + 'c,
    {
        self.poller.on_blocked = Some(Box::new(move |blocked| Box::pin(call(blocked))));
        self
    }

    /// Passes each event of the work to `call`, while the details are requested beside. If the
    /// connection to the events is lost, the waiting continues without them: a `tracing` warning
    /// says so, and [`Finished::are_events_lost`] is `true`.
    ///
    /// Like [`Run`], `follow` does not stop the work: it continues if the future is dropped.
    ///
    /// An event that reports an error is passed on like any other. There is no default limit of
    /// silence, unless [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout) is set.
    ///
    /// The events of work that exists already come from its log, if the API has one.
    ///
    /// Fails if the API has no events for the work.
    ///
    /// ```
    /// # use neo_client_runtime::poll::Run;
    /// # fn show<T>(run: Run<'_, T>) -> Run<'_, T> {
    /// run.follow(|event| println!("{} {}", event.id, event.data))
    /// # }
    /// ```
    pub fn follow(mut self, call: impl FnMut(&Event) + Send + 'c) -> Self {
        self.poller.on_event = Some(Box::new(call));
        self
    }

    /// Sets the position in the log of existing work after which [`follow`](Run::follow) begins:
    /// the id of the last event that was seen. By default, the log is read from its beginning.
    ///
    /// ```
    /// # use neo_client_runtime::poll::Run;
    /// # fn show<'c, T>(run: Run<'c, T>, seen: u64) -> Run<'c, T> {
    /// // `seen` was stored by an earlier process.
    /// run.from_sequence(seen).follow(|event| println!("{} {}", event.id, event.data))
    /// # }
    /// ```
    pub fn from_sequence(mut self, sequence: u64) -> Self {
        self.poller.position = Some(sequence);
        self
    }

    /// Calls `call` with the id of the work when the deadline or a cancellation ends the waiting
    /// ([`cancel_when`](Run::cancel_when), or [`Error::cancelled`] of `on_blocked`), and
    /// runs the future that it returns for at most 10 seconds. Use it to stop the work at the
    /// server, which otherwise continues.
    ///
    /// The error of the run stays that of the deadline or the cancellation. An error of the future
    /// is reported by a `tracing` warning. Nothing is called for work without a known id.
    ///
    /// ```
    /// # use neo_client_runtime::{Error, poll::Run};
    /// # async fn abort(id: String) -> Result<(), Error> { Ok(()) }
    /// # fn show<T>(run: Run<'_, T>) -> Run<'_, T> {
    /// run.on_stop(async |id| abort(id).await)
    /// # }
    /// ```
    pub fn on_stop<F>(mut self, call: impl FnOnce(String) -> F + Send + 'c) -> Self
    where
        F: Future<Output = Result<(), Error>> + Send + 'c,
    {
        self.poller.on_stop = Some(Box::new(move |id| Box::pin(call(id))));
        self
    }

    /// Returns the id of the work, if it is known before the start. Keep the id, so that the work
    /// can be looked up if its acknowledgement is lost.
    pub fn id(&self) -> Option<&str> {
        Some(self.poller.id.as_str()).filter(|id| !id.is_empty())
    }

    /// Stops waiting when this future is ready, with an error of kind
    /// [`Cancelled`](crate::ErrorKind::Cancelled). Use a [`tokio::sync::oneshot`] receiver, for
    /// example, or a signal. The output of the future says whether it is a cancellation; see
    /// [`Signal`]: a sender that is dropped without sending cancels nothing.
    ///
    /// [`tokio::sync::oneshot`]: https://docs.rs/tokio/latest/tokio/sync/oneshot/
    pub fn cancel_when<F>(mut self, signal: F) -> Self
    where
        F: Future<Output: Signal> + Send + 'c,
    {
        self.poller.limits.cancel = Some(Box::pin(async move {
            if !signal.await.is_cancellation() {
                std::future::pending::<()>().await;
            }
        }));
        self
    }
}

impl<T: DeserializeOwned> Run<'_, T> {
    /// Starts the work if it does not exist, waits for its end, and returns the details with the
    /// id, the status and the outcome.
    ///
    /// Details that do not fit their type are not an error of the run: see [`Finished::details`].
    ///
    /// # Errors
    ///
    /// Fails if the work cannot be started, if its id is unknown, or if the waiting ends before the
    /// work does; see [`Run`].
    pub async fn send(self) -> Result<Finished<T>, Error> {
        let (poller, end) = self.poller.run().await?;
        let details = end.response.decode::<T>();
        Ok(Finished {
            details: details
                .map(crate::response::Response::into_inner)
                .map_err(|error| {
                    let error = error.in_run(&poller.id).ended(end.outcome);
                    error.advised("`Run::send` gives the details as JSON")
                }),
            id: poller.id,
            status: poller.status,
            outcome: end.outcome,
            json: end.json,
            are_events_lost: poller.are_events_lost,
        })
    }
}

impl<'c, T: DeserializeOwned + 'static> IntoFuture for Run<'c, T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let finished = self.send().await?;
            match finished.outcome {
                Outcome::Failed => Err(finished.failure()),
                _ => finished.details,
            }
        })
    }
}

impl<T> fmt::Debug for Run<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").finish_non_exhaustive()
    }
}

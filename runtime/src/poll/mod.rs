//! Waits for jobs: work that continues on the server after the response that acknowledged it.
//!
//! The poller requests the details of a [`Job`] until the job is over, with growing waits, a
//! deadline and cancellation.

mod deadline;
mod job;
mod poller;
mod progress;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use futures_core::future::BoxFuture;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::Error;
use crate::response::Event;
use poller::Poller;

pub use job::{Job, Outcome, Status};
pub use progress::{Finished, Progress};

/// Starts long-running work and waits for its end. `.await?` returns the final details, whether the
/// work succeeded or failed; [`send`](Run::send) also returns the outcome.
///
/// The details are requested again and again, with waits between 1 and 30 seconds by default.
/// [`follow`](Run::follow) reads the events first. The method that created the run documents what
/// it relies on, such as the status words of the server.
///
/// # When the waiting ends
///
/// The waiting ends with the work, at the [deadline](Run::deadline), by
/// [cancellation](Run::cancel_when), or with an error. The request that starts the work is sent
/// once, apart from the usual retries. Requests for the details may fail ten times in a row with a
/// [retryable](Error::is_retryable) error, each after the usual retries, and five times with 404 as
/// long as none succeeded. Every error returns the id of the work, if known, by [`Error::run_id`].
///
/// **The server continues the work** however the waiting ends, even if the future is dropped. With
/// the id, the details can be requested later.
#[must_use = "nothing is started until it is awaited"]
pub struct Run<'c, T> {
    poller: Poller<'c>,
    details: PhantomData<fn() -> T>,
}

impl<'c, T> Run<'c, T> {
    /// Returns a run of `job`, which is not started yet.
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

    /// Sets the wait before the first request for the details, and the maximum wait. The wait
    /// doubles in between, with a random variation. The defaults are 1 and 30 seconds.
    pub fn poll_every(mut self, first: Duration, max: Duration) -> Self {
        self.poller.pace = (first.min(max), max);
        self
    }

    /// Calls `call` when the work has been started, and after each response with the details.
    pub fn on_progress(mut self, call: impl FnMut(&Progress<'_>) + Send + 'c) -> Self {
        self.poller.on_progress = Some(Box::new(call));
        self
    }

    /// Reads the events of the work first and passes each one to `call`. When the events end or the
    /// connection is lost, the details are requested until the work is over. To give up a silent
    /// connection, set [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout).
    ///
    /// Fails if the API has no events for the work.
    pub fn follow(mut self, call: impl FnMut(&Event) + Send + 'c) -> Self {
        self.poller.on_event = Some(Box::new(call));
        self
    }

    /// Stops waiting when this future is ready, with an error of kind
    /// [`Cancelled`](crate::ErrorKind::Cancelled). Use a [`tokio::sync::oneshot`] receiver, for
    /// example, or a signal.
    ///
    /// [`tokio::sync::oneshot`]: https://docs.rs/tokio/latest/tokio/sync/oneshot/
    pub fn cancel_when<F: Future + Send + 'c>(mut self, signal: F) -> Self {
        self.poller.limits.cancel = Some(Box::pin(async move {
            signal.await;
        }));
        self
    }
}

impl<T: DeserializeOwned> Run<'_, T> {
    /// Starts the work, waits for its end, and returns the details with the id, the status and the
    /// outcome.
    ///
    /// # Errors
    ///
    /// Fails if the work cannot be started, if its id is unknown, or if the waiting ends before the
    /// work does; see [`Run`].
    pub async fn send(self) -> Result<Finished<T>, Error> {
        let mut poller = self.poller;
        let outcome = match poller.wait().await {
            Ok((response, end)) => response.decode::<T>().map(|details| (details, end)),
            Err(error) => Err(error),
        };
        let (details, outcome) = outcome.map_err(|error| poller.named(error))?;
        Ok(Finished {
            id: poller.id,
            status: poller.status,
            outcome,
            details: details.into_inner(),
        })
    }
}

impl<'c, T: DeserializeOwned + 'c> IntoFuture for Run<'c, T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.send().await?.details) })
    }
}

impl<T> fmt::Debug for Run<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").finish_non_exhaustive()
    }
}

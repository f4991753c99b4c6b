//! Waits for jobs: work that continues on the server after the response that acknowledged it.
//!
//! The poller asks for the details of a [`Job`] until it is over, with growing waits, a deadline and cancellation.

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

/// Starts work that takes its time and waits for its end, to be awaited: `.await?` gives the final details, whether the
/// work succeeded or failed, and [`send`](Run::send) says which.
///
/// It asks for the details again and again, with waits between 1 and 30 seconds unless set otherwise, or
/// [follows](Run::follow) the events first. What it relies on, such as the words by which the server says that the work
/// is over, stands in the documentation of the method that made it.
///
/// # What ends the waiting
///
/// The end of the work, the [deadline](Run::deadline), a [cancellation](Run::cancel_when), or an error. The request that
/// starts the work is sent once, but for what the client repeats of any such request. Of the requests that ask for the
/// details, ten in a row may fail with an error that [may pass](Error::is_retryable), each after the client's own
/// repetitions, and five with 404 as long as none succeeded. Every error tells the id of the work, if it is known, by
/// [`Error::run_id`].
///
/// **The server goes on with the work** whatever ends the waiting: also when this future is dropped. With the id the
/// details can be asked for later.
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

    /// How long to wait for the end, from when this is awaited; without a limit unless set. An error of the kind
    /// [`Timeout`](crate::ErrorKind::Timeout) tells the last status.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.poller.limits.deadline = Some(limit);
        self
    }

    /// The wait before the first question, and the longest before any: it doubles in between, and is random within its
    /// upper part. 1 and 30 seconds unless set.
    pub fn poll_every(mut self, first: Duration, most: Duration) -> Self {
        self.poller.pace = (first.min(most), most);
        self
    }

    /// Called when the work has been started, and with each answer to the question how it goes.
    pub fn on_progress(mut self, call: impl FnMut(&Progress<'_>) + Send + 'c) -> Self {
        self.poller.on_progress = Some(Box::new(call));
        self
    }

    /// Follows the work by its events, each of which is handed on. When they end, or the connection is lost, it is asked
    /// how the work goes until that is over. A connection that is silent for ever is lost when
    /// [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout) says so.
    ///
    /// It is an error where the document has no events of the work.
    pub fn follow(mut self, call: impl FnMut(&Event) + Send + 'c) -> Self {
        self.poller.on_event = Some(Box::new(call));
        self
    }

    /// Gives up waiting when this future is ready, with an error of the kind
    /// [`Cancelled`](crate::ErrorKind::Cancelled). A [`tokio::sync::oneshot`] receiver does, or a signal.
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
    /// Starts the work, waits for its end, and gives the details with the id, the status and the outcome.
    ///
    /// # Errors
    ///
    /// If the work cannot be started, its id is not known, or the waiting ends before the work does; see [`Run`].
    pub async fn send(self) -> Result<Finished<T>, Error> {
        let mut poller = self.poller;
        let outcome = match poller.wait().await {
            Ok((reply, end)) => reply.decode::<T>().map(|details| (details, end)),
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

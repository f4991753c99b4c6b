//! Work that goes on behind the reply that acknowledged it: started, followed, and waited for.

mod declaration;
mod limits;
mod state;
mod work;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use reqwest::Request;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::Error;
use crate::event_stream::Event;
use crate::runtime::BoxFuture;

pub(crate) use declaration::LongRunning;
pub use state::Outcome;
use work::Work;

/// Starts work that takes its time and waits for its end, to be awaited: `.await?` gives the final details, whether the
/// work succeeded or failed, and [`send`](Run::send) says which.
///
/// It asks for the details again and again, with waits between 1 and 30 seconds unless set otherwise, or
/// [follows](Run::follow) the events first. What it relies on, such as the words by which the server says that the work
/// is over, stands in the documentation of the method that made it.
///
/// ```no_run
/// # async fn show(neo: neo_client::Client) -> Result<(), neo_client::Error> {
/// use std::time::Duration;
/// use neo_client::{Outcome, types::TaskCreateRequest};
///
/// let task = TaskCreateRequest::builder().task("scan example.com");
/// let run = neo
///     .tasks()
///     .run(task)
///     .deadline(Duration::from_secs(3600))
///     .on_progress(|progress| println!("{}: {:?}", progress.id, progress.status))
///     .send()
///     .await?;
/// if run.outcome == Outcome::Failed {
///     println!("{} failed: {:?}", run.id, run.details.stream);
/// }
/// # Ok(())
/// # }
/// ```
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
    work: Work<'c>,
    details: PhantomData<fn() -> T>,
}

impl<'c, T> Run<'c, T> {
    pub(crate) fn new(
        client: &'c Client,
        declaration: &'static LongRunning,
        start: Result<Request, Error>,
        poll: impl Fn(&str) -> Result<Request, Error> + Send + 'c,
    ) -> Self {
        Self {
            work: Work::new(client, declaration, start, Box::new(poll)),
            details: PhantomData,
        }
    }

    /// How long to wait for the end, from when this is awaited; without a limit unless set. An error of the kind
    /// [`Timeout`](crate::ErrorKind::Timeout) tells the last status.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.work.limits.deadline = Some(limit);
        self
    }

    /// The wait before the first question, and the longest before any: it doubles in between, and is random within its
    /// upper part. 1 and 30 seconds unless set.
    pub fn poll_every(mut self, first: Duration, most: Duration) -> Self {
        self.work.pace = (first.min(most), most);
        self
    }

    /// Called when the work has been started, and with each answer to the question how it goes.
    pub fn on_progress(mut self, call: impl FnMut(&Progress<'_>) + Send + 'c) -> Self {
        self.work.on_progress = Some(Box::new(call));
        self
    }

    /// Follows the work by its events, each of which is handed on. When they end, or the connection is lost, it is asked
    /// how the work goes until that is over. A connection that is silent for ever is lost when
    /// [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout) says so.
    ///
    /// It is an error where the document has no events of the work.
    pub fn follow(mut self, call: impl FnMut(&Event) + Send + 'c) -> Self {
        self.work.on_event = Some(Box::new(call));
        self
    }

    /// Gives up waiting when this future is ready, with an error of the kind
    /// [`Cancelled`](crate::ErrorKind::Cancelled). A [`tokio::sync::oneshot`] receiver does, or a signal.
    ///
    /// [`tokio::sync::oneshot`]: https://docs.rs/tokio/latest/tokio/sync/oneshot/
    pub fn cancel_when<F: Future + Send + 'c>(mut self, signal: F) -> Self {
        self.work.limits.cancel = Some(Box::pin(async move {
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
        let mut work = self.work;
        let outcome = match work.wait().await {
            Ok((reply, end)) => reply.decode::<T>().map(|details| (details, end)),
            Err(error) => Err(error),
        };
        let (details, outcome) = outcome.map_err(|error| work.named(error))?;
        Ok(Finished {
            id: work.id,
            status: work.status,
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

/// How work goes that a [`Run`] waits for.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct Progress<'a> {
    /// The id of the work.
    pub id: &'a str,
    /// Its status as the server says it, if it was found.
    pub status: Option<&'a str>,
    /// Since it was started.
    pub elapsed: Duration,
    /// How often it was asked for.
    pub polls: u32,
}

/// Work that is over, as [`Run::send`] gives it.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct Finished<T> {
    /// The id of the work.
    pub id: String,
    /// Its last status as the server says it, if it was found.
    pub status: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// What the server tells of it.
    pub details: T,
}

//! Reports of a run: its progress, and its end.

use std::time::Duration;

use serde_json::Value;

use super::status_words::JobState;
use crate::error::{Error, ErrorKind, Outcome};
use crate::text::one_line::one_line;

/// The progress of the work that a [`Run`](super::Run) waits for.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct Progress<'a> {
    /// The id of the work.
    pub id: &'a str,
    /// The status as stated by the server, if found.
    pub status: Option<&'a str>,
    /// The state that the status names; `None` if there is no status, or an unknown one.
    pub state: Option<JobState>,
    /// The time since the start.
    pub elapsed: Duration,
    /// The number of requests for the details.
    pub polls: u32,
    /// `true` if events are missing, because the connection to them was lost.
    pub are_events_lost: bool,
}

/// Work that waits for a person, as passed to [`Run::on_blocked`](super::Run::on_blocked).
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct Blocked {
    /// The id of the work.
    pub id: String,
    /// The status as stated by the server.
    pub status: String,
    /// The details, as the server returned them.
    pub details: Value,
}

/// Finished work, as returned by [`Run::send`](super::Run::send).
///
/// ```
/// # use neo_client_runtime::poll::{Finished, Outcome};
/// # use neo_client_runtime::serde_json::Value;
/// # fn show(finished: Finished<Value>) {
/// match (finished.outcome, finished.details) {
///     (Outcome::Failed, _) => println!("{} failed: {:?}", finished.id, finished.status),
///     (_, Ok(details)) => println!("{details}"),
///     // The details have another shape than the OpenAPI document says.
///     (_, Err(error)) => println!("{error}: {}", finished.json),
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct Finished<T> {
    /// The id of the work.
    pub id: String,
    /// The last status as stated by the server, if found.
    pub status: Option<String>,
    /// The outcome of the work.
    pub outcome: Outcome,
    /// The details, or the reason why they do not fit their type.
    pub details: Result<T, Error>,
    /// The details, as the server returned them.
    pub json: Value,
    /// `true` if events are missing, because the connection to them was lost.
    pub are_events_lost: bool,
}

impl<T> Finished<T> {
    /// Returns the error that stands for work that failed.
    pub(super) fn failure(&self) -> Error {
        let status = match &self.status {
            Some(status) => format!(" with the status `{}`", one_line(status)),
            None => String::new(),
        };
        let (id, remedy) = (
            one_line(&self.id),
            "`send` returns the details of failed work as well",
        );
        let what = format!("the work `{id}` failed{status}: {remedy}");
        Error::new(ErrorKind::WorkFailed, what)
            .in_run(&self.id)
            .ended(self.outcome)
    }
}

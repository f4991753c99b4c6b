//! Reports of a run: its progress, and its end.

use std::time::Duration;

use super::job::Outcome;

/// The progress of the work that a [`Run`](super::Run) waits for.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct Progress<'a> {
    /// The id of the work.
    pub id: &'a str,
    /// The status as stated by the server, if found.
    pub status: Option<&'a str>,
    /// The time since the start.
    pub elapsed: Duration,
    /// The number of requests for the details.
    pub polls: u32,
}

/// Finished work, as returned by [`Run::send`](super::Run::send).
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct Finished<T> {
    /// The id of the work.
    pub id: String,
    /// The last status as stated by the server, if found.
    pub status: Option<String>,
    /// The outcome of the work.
    pub outcome: Outcome,
    /// The details, as the server returned them.
    pub details: T,
}

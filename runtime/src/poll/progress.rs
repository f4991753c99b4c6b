//! What a run reports while it waits, and at the end.

use std::time::Duration;

use super::job::Outcome;

/// How work goes that a [`Run`](super::Run) waits for.
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

/// Work that is over, as [`Run::send`](super::Run::send) gives it.
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

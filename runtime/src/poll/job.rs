//! A job: work that continues on the server after the response that acknowledged it.

use futures_core::future::BoxFuture;
use reqwest::Request;
use serde_json::Value;

use super::status_words::StatusWords;
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Event;

/// Builds the request for the details of the job with an id.
pub type BuildRequest<'c> = Box<dyn Fn(&str) -> Result<Request, Error> + Send + Sync + 'c>;

/// Reads the log of the job with an id, after a position.
pub type ReadLog<'c> =
    Box<dyn Fn(&str, Option<u64>) -> BoxFuture<'c, Result<Vec<Event>, Error>> + Send + Sync + 'c>;

/// The requests that start a job.
pub struct Start {
    /// The operation that starts the job.
    pub operation: &'static Operation,
    /// The request whose response acknowledges the job as JSON.
    pub request: Result<Request, Error>,
    /// The operation and the request that start the job and respond with its events, if the API has
    /// that.
    pub events: Option<(&'static Operation, Result<Request, Error>)>,
    /// Reads the id that the server chose from the response that acknowledges the job.
    pub read_id: fn(&Value) -> Option<String>,
}

/// A job that a [`Run`](super::Run) waits for: its requests, and how its responses are read.
///
/// A crate for one API provides the job; the poller knows no vendor.
pub struct Job<'c> {
    /// How the job is started; `None` for a job that exists already.
    pub start: Option<Start>,
    /// The id of the job, if it is known before the start.
    pub id: Option<String>,
    /// The operation that returns the details of the job.
    pub details: &'static Operation,
    /// Returns the request for the details of the job with an id.
    pub ask: BuildRequest<'c>,
    /// Reads what happened after a position of the job's log, if the API has one. Each event has
    /// its position as its id.
    pub log: Option<ReadLog<'c>>,
    /// The words for the status of the job.
    pub words: &'static StatusWords,
}

impl Job<'_> {
    /// Returns the operation that errors name.
    pub(super) fn operation(&self) -> &'static Operation {
        self.start
            .as_ref()
            .map_or(self.details, |start| start.operation)
    }
}

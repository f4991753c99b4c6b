//! A job: work that continues on the server after the response that acknowledged it.

use reqwest::Request;
use serde_json::Value;

use crate::error::Error;
use crate::operation::Operation;

/// How a job ended.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The job succeeded.
    Succeeded,
    /// The job failed, ran out of time, or was stopped.
    Failed,
    /// The job is over, with an unknown status.
    Unknown,
}

/// Builds the request for the details of the job with an id.
pub type BuildRequest<'c> = Box<dyn Fn(&str) -> Result<Request, Error> + Send + 'c>;

/// The state of a job, as stated by a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status<'j> {
    /// The status in the words of the server, if there is one.
    pub text: Option<&'j str>,
    /// How the job ended; `None` while it continues.
    pub outcome: Option<Outcome>,
}

/// A job that a [`Run`](super::Run) starts and waits for: its requests, and how its responses are
/// read.
///
/// A crate for one API provides the job; the poller knows no vendor.
pub struct Job<'c> {
    /// The operation that starts the job. Errors name it.
    pub start: &'static Operation,
    /// The request that starts it, and whose response acknowledges it as JSON.
    pub request: Result<Request, Error>,
    /// The operation and the request that start it and respond with its events, if the API has
    /// that.
    pub events: Option<(&'static Operation, Result<Request, Error>)>,
    /// The id that the request gives to the job, if the caller chooses it.
    pub id: Option<String>,
    /// Reads the id that the server chose from the response that acknowledges the job.
    pub read_id: fn(&Value) -> Option<String>,
    /// The operation that returns the details of the job.
    pub details: &'static Operation,
    /// Returns the request for the details of the job with an id.
    pub ask: BuildRequest<'c>,
    /// Reads the status of the job from its details.
    pub read_status: for<'j> fn(&'j Value) -> Status<'j>,
}

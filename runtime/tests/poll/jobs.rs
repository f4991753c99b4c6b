//! Servers that start a job and tell how it goes, and runs that wait for such a job.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use neo_client_fixture::Client;
use neo_client_fixture::types::{JobDetails, JobRequest};
use neo_client_runtime::poll::Run;
use serde_json::{Value, json};

use crate::support::server::{self, Received, Server};

/// The operation that starts a job.
pub const START: &str = "jobs.start_job";

/// The operation that returns the details of a job.
pub const DETAILS: &str = "jobs.get_job";

/// A wait that costs a test nothing.
pub const BRIEF: Duration = Duration::from_millis(1);

/// Returns a run that polls without waiting.
pub fn run(client: &Client) -> Run<'_, JobDetails> {
    let job = JobRequest::builder().work("count the parcels");
    client.jobs().run_job(job).poll_every(BRIEF, BRIEF)
}

/// Returns the details of a job with this status.
pub fn state(status: &str) -> (u16, Value) {
    (200, json!({ "status": status }))
}

/// Starts a server that acknowledges a job with `ack`, and responds to each poll with what
/// `details` returns for its number.
pub fn job_server(
    ack: impl AsRef<[u8]>,
    details: impl Fn(usize) -> (u16, Value) + Send + Sync + 'static,
) -> Server {
    let (ack, asked) = (ack.as_ref().to_vec(), AtomicUsize::new(0));
    Server::start(move |request| match &*request.method {
        "POST" => ack.clone(),
        _ => {
            let (status, json) = details(asked.fetch_add(1, Ordering::SeqCst));
            server::json(status, &json.to_string())
        }
    })
}

/// Returns an acknowledgement.
pub fn ack(json: &Value) -> Vec<u8> {
    server::json(202, &json.to_string())
}

/// Returns the ids in the polls among the requests that a server received.
pub fn polled(received: &[Received]) -> Vec<&str> {
    let is_poll = |it: &&Received| it.target.starts_with("/api/v1/jobs/");
    let polls = received.iter().filter(is_poll);
    polls
        .map(|it| it.target.rsplit('/').next().unwrap())
        .collect()
}

/// Returns the id in the request that starts the job.
pub fn sent_id(received: &[Received]) -> String {
    let body: Value = serde_json::from_str(&received[0].body).unwrap();
    body["id"].as_str().unwrap().to_owned()
}

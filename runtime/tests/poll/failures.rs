//! Polls that fail.

use neo_client_fixture::Client;
use neo_client_fixture::mock::MockServer;
use neo_client_runtime::mock::Fault;
use serde_json::json;

use super::jobs::{DETAILS, ack, job_server, polled, run, sent_id, state};
use crate::support::server::Server;

/// Returns a client that does not retry.
fn once(server: &Server) -> Client {
    server.client().with_options(|call| call.retries(0))
}

#[tokio::test]
async fn run_tolerates_failing_polls() {
    // Ten in a row, and again after one that succeeded.
    let server = job_server(ack(&json!({})), |number| match number {
        0..10 | 11..21 => (503, json!({})),
        10 => state("started"),
        _ => state("done"),
    });
    run(&once(&server)).await.unwrap();
    assert_eq!(polled(&server.received()).len(), 22);

    let server = job_server(ack(&json!({})), |_| (503, json!({})));
    let error = run(&once(&server)).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.run_id(), Some(&*sent_id(&server.received())));
    assert_eq!(polled(&server.received()).len(), 11);

    let server = job_server(ack(&json!({})), |_| (500, json!({})));
    let error = run(&once(&server)).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(polled(&server.received()).len(), 1);
}

#[tokio::test]
async fn run_tolerates_404_at_first() {
    let server = job_server(ack(&json!({})), |number| match number {
        0..5 => (404, json!({})),
        _ => state("done"),
    });
    run(&server.client()).await.unwrap();

    let server = job_server(ack(&json!({})), |number| match number {
        0 => state("started"),
        _ => (404, json!({})),
    });
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(polled(&server.received()).len(), 2);

    let server = job_server(ack(&json!({})), |_| (404, json!({})));
    run(&server.client()).await.unwrap_err();
    assert_eq!(polled(&server.received()).len(), 6);
}

#[tokio::test]
async fn run_tolerates_broken_connections() {
    let server = MockServer::start().await.unwrap();
    server
        .respond_each(DETAILS, ["started", "done"].map(state))
        .unwrap();
    for fault in [
        Fault::Reset,
        Fault::Disconnect,
        Fault::Truncated,
        Fault::Html,
        Fault::Status(504),
    ] {
        server.fail_once(DETAILS, fault).unwrap();
    }
    let client = server.client().with_options(|call| call.retries(0));
    // The truncated response was the first status.
    run(&client).await.unwrap();
    assert_eq!(server.requests().len(), 7);
}

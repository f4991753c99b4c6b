//! Runs that follow the events of a job.

use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;

use neo_client_fixture::mock::MockServer;
use neo_client_runtime::ErrorKind;
use neo_client_runtime::mock::Fault;
use neo_client_runtime::poll::Outcome;
use serde_json::{Value, json};

use super::jobs::{BRIEF, DETAILS, START, run, state};
use crate::support::server::Server;

#[tokio::test]
async fn run_follow_gives_events_then_polls() {
    let server = MockServer::start().await.unwrap();
    let client = server.client();
    server
        .respond_events(START, ["a", "b", "c"], BRIEF)
        .unwrap();
    for (fault, expected) in [
        (None, &["a", "b", "c"][..]),
        (Some(Fault::CutAfterEvents(2)), &["a", "b"]),
        (Some(Fault::CutAtByte(13)), &["a"]),
        (Some(Fault::CutAtByte(0)), &[]),
    ] {
        if let Some(fault) = fault {
            server.fail_once(START, fault).unwrap();
        }
        let states = ["started", "done"].map(state);
        server.respond_each(DETAILS, states).unwrap();
        let before = server.requests().len();
        let mut seen = Vec::new();
        let followed = run(&client).follow(|event| seen.push(event.data.clone()));
        let finished = followed.send().await.unwrap();
        assert_eq!(seen, expected, "{fault:?}");
        assert_eq!(finished.outcome, Outcome::Succeeded);
        let requests = &server.requests()[before..];
        assert_eq!(requests.len(), 3);
        let body = requests[0].json::<Value>().unwrap();
        assert_eq!(
            (&body["response_format"], &body["id"]),
            (&json!("sse"), &json!(finished.id))
        );
        assert_eq!(requests[0].headers()["accept"], "text/event-stream");
    }
    server.fail_once(START, Fault::Status(500)).unwrap();
    let error = run(&client).follow(|_| ()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
}

/// Starts a server that sends events without end.
fn endless() -> Server {
    Server::serve(|_, socket| {
        let head = b"HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\n\r\n";
        let mut outcome = socket.write_all(head);
        while outcome.is_ok() {
            outcome = socket.write_all(b"data: a\n\n");
        }
    })
}

#[tokio::test]
async fn run_endless_events_end_by_deadline() {
    let client = endless().client();
    let run = run(&client).follow(|_| ());
    let error = run.deadline(Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn run_endless_events_end_by_cancellation() {
    let client = endless().client();
    let (give_up, signal) = tokio::sync::oneshot::channel::<()>();
    let (count, give_up) = (Mutex::new(0), Mutex::new(Some(give_up)));
    let run = run(&client).follow(|_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        if *count == 100 {
            drop(give_up.lock().unwrap().take());
        }
    });
    let error = run.cancel_when(signal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(*count.lock().unwrap() >= 100);
}

//! Runs that follow the events of a job.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use neo_client_fixture::Client;
use neo_client_fixture::mock::MockServer;
use neo_client_fixture::types::JobDetails;
use neo_client_runtime::ErrorKind;
use neo_client_runtime::mock::{Fault, MockEvent};
use neo_client_runtime::poll::{Outcome, Run};
use serde_json::{Value, json};

use super::jobs::{BRIEF, DETAILS, START, run, state};
use crate::support::connection_fault::until_closed;
use crate::support::server::{self, Server};
use crate::support::trace::Recorder;

/// A wait that no test outlasts.
const NEVER: Duration = Duration::from_secs(1000);

/// Returns a run that polls when its events end, and not before.
fn rarely(client: &Client) -> Run<'_, JobDetails> {
    run(client).poll_every(NEVER, NEVER)
}

#[tokio::test]
async fn run_follow_gives_events_then_polls() {
    let server = MockServer::start().await.unwrap();
    let client = server.client();
    server
        .respond_events(START, ["a", "b", "c"], BRIEF)
        .unwrap();
    server.respond_each(DETAILS, [state("done")]).unwrap();
    for (fault, expected) in [
        (None, &["a", "b", "c"][..]),
        (Some(Fault::CutAfterEvents(2)), &["a", "b"]),
        (Some(Fault::CutAtByte(13)), &["a"]),
        (Some(Fault::CutAtByte(0)), &[]),
    ] {
        if let Some(fault) = fault {
            server.fail_once(START, fault).unwrap();
        }
        let before = server.requests().len();
        let mut seen = Vec::new();
        let followed = rarely(&client).follow(|event| seen.push(event.data.clone()));
        let finished = followed.send().await.unwrap();
        assert_eq!(seen, expected, "{fault:?}");
        assert_eq!(finished.outcome, Outcome::Succeeded);
        assert_eq!(finished.are_events_lost, fault.is_some());
        let requests = &server.requests()[before..];
        assert_eq!(requests.len(), 2);
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

#[tokio::test]
async fn run_follow_tells_lost_events() {
    let server = MockServer::start().await.unwrap();
    let client = server.client();
    server.respond_events(START, ["a", "b"], BRIEF).unwrap();
    server.fail_once(START, Fault::CutAfterEvents(1)).unwrap();
    server.respond_each(DETAILS, [state("done")]).unwrap();
    let mut lost = Vec::new();
    let (recorder, guard) = Recorder::start();
    let run = rarely(&client).follow(|_| ());
    let finished = run.on_progress(|progress| lost.push(progress.are_events_lost));
    assert!(finished.send().await.unwrap().are_events_lost);
    drop(guard);
    assert_eq!(lost.last(), Some(&true));
    let warnings = recorder.records().messages();
    let is_told = |text: &&String| text.contains("are lost from here on");
    assert_eq!(warnings.iter().filter(is_told).count(), 1, "{warnings:?}");
}

/// Starts a server that sends one event and then nothing, and tells these states in turn.
fn silent_after_one(states: &'static [&'static str]) -> Server {
    let asked = AtomicUsize::new(0);
    Server::serve(move |request, socket| {
        if request.method == "POST" {
            let head = "HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\n\r\ndata: a\n\n";
            socket.write_all(head.as_bytes()).unwrap();
            until_closed(socket);
            return;
        }
        let number = asked.fetch_add(1, Ordering::SeqCst).min(states.len() - 1);
        let (status, json) = state(states[number]);
        let _ = socket.write_all(&server::json(status, &json.to_string()));
    })
}

#[tokio::test]
async fn run_follow_polls_beside_silent_events() {
    let server = silent_after_one(&["started", "blocked", "done"]);
    let client = server.client();
    let (mut events, mut seen) = (0, Vec::new());
    let run = run(&client).follow(|_| events += 1);
    let run = run.on_progress(|progress| seen.extend(progress.status.map(str::to_owned)));
    let finished = run.send().await.unwrap();
    assert_eq!(finished.outcome, Outcome::Succeeded);
    assert!(!finished.are_events_lost);
    assert_eq!(seen, ["started", "blocked", "done"]);
    assert_eq!(events, 1);
}

#[tokio::test]
async fn run_follow_passes_on_reported_errors() {
    let server = MockServer::start().await.unwrap();
    let client = server.client();
    let error = MockEvent::new("late").name("error");
    server
        .respond_events(START, [error, "b".into()], BRIEF)
        .unwrap();
    server.respond_each(DETAILS, [state("done")]).unwrap();
    let mut seen = Vec::new();
    let followed = rarely(&client).follow(|event| seen.push(event.event.clone()));
    assert!(!followed.send().await.unwrap().are_events_lost);
    assert_eq!(seen, ["error", "message"]);
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
            let give_up = give_up.lock().unwrap().take();
            give_up.unwrap().send(()).unwrap();
        }
    });
    let error = run.cancel_when(signal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(*count.lock().unwrap() >= 100);
}

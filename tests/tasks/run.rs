//! `tasks().run`: the words and places by which the client follows a task.
//!
//! How the client polls, and what ends the waiting, is tested in `runtime/tests/poll`.

use std::time::Duration;

use neo_client::mock::{Fault, MockServer, RecordedRequest};
use neo_client::serde_json::{Value, json};
use neo_client::types::{TaskCreateRequest, TaskDetailsResponse};
use neo_client::{Client, ErrorCode, ErrorKind, Outcome, Run};

const START: &str = "tasks.create_task";
const DETAILS: &str = "tasks.get_task_details";
const BRIEF: Duration = Duration::from_millis(1);

/// Returns a run that polls without waiting.
fn run(client: &Client) -> Run<'_, TaskDetailsResponse> {
    let task = TaskCreateRequest::builder().task("scan example.com");
    client.tasks().run(task).poll_every(BRIEF, BRIEF)
}

/// Returns the details of a task with this status.
fn state(status: &str) -> (u16, Value) {
    (200, json!({"stream": {"streamStatus": status}}))
}

/// Starts a server on which a task is completed at once.
async fn completed() -> MockServer {
    let server = MockServer::start().await.unwrap();
    server.respond_each(DETAILS, [state("completed")]).unwrap();
    server
}

/// Returns the ids in the polls.
fn polled(requests: &[RecordedRequest]) -> Vec<&str> {
    let ids = requests
        .iter()
        .filter_map(|it| it.path().strip_prefix("/api/v1/tasks/"));
    ids.collect()
}

/// Returns the id in the request that starts the task.
fn sent_id(requests: &[RecordedRequest]) -> String {
    let body = requests[0].json::<Value>().unwrap();
    body["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn run_reports_states_until_the_end() {
    let server = MockServer::start().await.unwrap();
    let states = ["queued", "STARTED", "in-progress", "polishing", "Completed"];
    server.respond_each(DETAILS, states.map(state)).unwrap();
    let client = server.client();
    let mut seen = Vec::new();
    let run = run(&client)
        .on_progress(|progress| {
            let status = progress.status.unwrap_or("-").to_owned();
            seen.push((progress.polls, status, progress.id.to_owned()));
        })
        .send()
        .await
        .unwrap();
    assert_eq!(run.outcome, Outcome::Succeeded);
    assert_eq!(run.status.as_deref(), Some("Completed"));
    let stream = run.details.stream.unwrap();
    assert_eq!(stream.stream_status.as_deref(), Some("Completed"));
    assert_eq!(seen.len(), 6);
    for (index, status) in states.iter().enumerate() {
        let (polls, seen, id) = &seen[index + 1];
        assert_eq!(
            (*polls as usize, &**seen, id),
            (index + 1, *status, &run.id)
        );
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 6);
    let body = requests[0].json::<Value>().unwrap();
    assert_eq!(body["response_format"], "json");
    assert_eq!(body["task"], "scan example.com");
}

#[tokio::test]
async fn run_gives_details_for_each_outcome() {
    let ended = "2026-01-01T00:00:00Z";
    for (details, outcome) in [
        (
            json!({"stream": {"streamStatus": "success"}}),
            Outcome::Succeeded,
        ),
        (
            json!({"stream": {"streamStatus": "timed out"}}),
            Outcome::Failed,
        ),
        (
            json!({"stream": {"streamStatus": "Aborted"}}),
            Outcome::Failed,
        ),
        (json!({"task": {"status": "failed"}}), Outcome::Failed),
        (json!({"status": "DONE"}), Outcome::Succeeded),
        (
            json!({"stream": {"streamStatus": "x"}, "streams": [{"completed_at": ended}]}),
            Outcome::Unknown,
        ),
        (
            json!({"streams": [{"completed_at": ended, "status": "x"}]}),
            Outcome::Unknown,
        ),
    ] {
        let server = MockServer::start().await.unwrap();
        server.respond(DETAILS, 200, &details).unwrap();
        let client = server.client();
        let finished = run(&client).send().await.unwrap();
        assert_eq!(finished.outcome, outcome, "{details}");
        run(&client).await.unwrap();
    }
}

#[tokio::test]
async fn run_waiting_for_a_person_continues() {
    let server = MockServer::start().await.unwrap();
    let states = ["blocked", "suspended", "completed"].map(|status| {
        let streams = json!([{"completed_at": "2026-01-01T00:00:00Z"}]);
        let details = json!({"stream": {"streamStatus": status}, "streams": streams});
        (200, details)
    });
    server.respond_each(DETAILS, states).unwrap();
    let run = run(&server.client()).send().await.unwrap();
    assert_eq!(run.outcome, Outcome::Succeeded);
    assert_eq!(polled(&server.requests()).len(), 3);
}

#[tokio::test]
async fn run_id_is_known_for_any_acknowledgement() {
    for unknown in [
        "null",
        "",
        "[]",
        "[1]",
        "{}",
        "7",
        "\"x\"",
        r#"{"task": [], "ID": "x", "id": null}"#,
    ] {
        let server = completed().await;
        let json = "application/json";
        server.respond_bytes(START, json, unknown).unwrap();
        let run = run(&server.client()).send().await.unwrap();
        let requests = server.requests();
        assert_eq!(run.id, sent_id(&requests), "{unknown}");
        assert_eq!(polled(&requests), [&*run.id]);
    }
    for (known, id) in [
        (json!({"id": "a"}), "a"),
        (json!({"task_id": "b", "status": "started"}), "b"),
        (json!({"taskId": "c"}), "c"),
        (json!({"id": {}, "task": {"id": 7}}), "7"),
    ] {
        let server = completed().await;
        server.respond(START, 202, &known).unwrap();
        let run = run(&server.client()).send().await.unwrap();
        assert_eq!(run.id, id);
        assert_eq!(polled(&server.requests()), [id]);
    }
}

#[tokio::test]
async fn run_keeps_the_id_of_the_caller() {
    let server = completed().await;
    server.respond(START, 202, json!({})).unwrap();
    let own = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let task = TaskCreateRequest::builder()
        .task("x")
        .id(own.parse::<neo_client::uuid::Uuid>().unwrap());
    let client = server.client();
    let run = client.tasks().run(task).poll_every(BRIEF, BRIEF);
    assert_eq!(run.send().await.unwrap().id, own);
}

#[tokio::test]
async fn run_without_acknowledgement_is_an_error_with_id() {
    let server = completed().await;
    let html = "<html>log in</html>";
    server.respond_bytes(START, "text/html", html).unwrap();
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.run_id(), Some(&*sent_id(&server.requests())));

    let server = completed().await;
    let refusal = json!({"error": "broke", "code": "insufficient_neo_credits"});
    server.respond(START, 402, &refusal).unwrap();
    let error = run(&server.client()).await.unwrap_err();
    let code = ErrorCode::of(&error).unwrap();
    assert_eq!(code, ErrorCode::InsufficientNeoCredits);
    assert_eq!(server.requests().len(), 1);
}

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
    ] {
        if let Some(fault) = fault {
            server.fail_once(START, fault).unwrap();
        }
        let states = ["started", "completed"].map(state);
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
}

//! `tasks().run`: the words and places by which the client follows a task.
//!
//! How the client polls, and what ends the waiting, is tested in `runtime/tests/poll`.

use std::time::Duration;

use neo_client::mock::{MockServer, RecordedRequest};
use neo_client::serde_json::{Value, json};
use neo_client::types::{TaskApprovalRequest, TaskCreateRequest, TaskDetailsResponse};
use neo_client::{Client, Outcome, Run};

const START: &str = "tasks.create_task";
const DETAILS: &str = "tasks.get_task_details";
const LOG: &str = "tasks.get_agent_audit_log";
const ABORT: &str = "tasks.abort_a_single_subagent_run_or_tool_call";
const ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
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

/// Starts a server that tells these states in turn.
async fn states(states: &[&str]) -> MockServer {
    let server = MockServer::start().await.unwrap();
    let states = states.iter().map(|status| state(status));
    server.respond_each(DETAILS, states).unwrap();
    server
}

#[tokio::test]
async fn run_continues_with_a_running_status() {
    let all = [
        "queued",
        "STARTED",
        "in-progress",
        "polishing",
        "Blocked",
        "suspended",
        "Completed",
    ];
    let server = states(&all).await;
    let run = run(&server.client()).send().await.unwrap();
    assert_eq!(run.outcome, Outcome::Succeeded);
    let stream = run.details.unwrap().stream.unwrap();
    assert_eq!(stream.stream_status.as_deref(), Some("Completed"));
    assert_eq!(polled(&server.requests()).len(), all.len());
}

#[tokio::test]
async fn run_chooses_the_form_of_the_response() {
    let server = completed().await;
    let client = server.client();
    run(&client).await.unwrap();
    server.respond_events(START, ["a"], BRIEF).unwrap();
    run(&client).follow(|_| ()).await.unwrap();
    let requests = server.requests();
    let starts: Vec<_> = requests.iter().filter(|it| it.method() == "POST").collect();
    for (request, format, accept) in [
        (starts[0], "json", "application/json"),
        (starts[1], "sse", "text/event-stream"),
    ] {
        let body = request.json::<Value>().unwrap();
        assert_eq!(body["response_format"], format);
        assert_eq!(body["task"], "scan example.com");
        assert_eq!(request.headers()["accept"], accept);
    }
}

#[tokio::test]
async fn run_ends_with_each_word_for_an_end() {
    for status in [
        "expired",
        "terminated",
        "incomplete",
        "rejected",
        "killed",
        "crashed",
        "skipped",
        "budget_exceeded",
        "Timed out",
        "aborted",
    ] {
        let server = states(&["started", status]).await;
        let run = run(&server.client()).send().await.unwrap();
        assert_eq!(run.outcome, Outcome::Failed, "{status}");
    }
}

#[tokio::test]
async fn run_waiting_for_a_person_can_be_approved() {
    let server = states(&["started", "blocked", "blocked", "completed"]).await;
    let neo = server.client();
    let approving = neo.clone();
    let run = run(&neo).on_blocked(|blocked| {
        let neo = approving.clone();
        async move {
            let approval = TaskApprovalRequest::builder().decision("approve");
            neo.tasks()
                .approve_or_decline_a_suspended_tool_call(&*blocked.id, approval)
                .await?;
            Ok(())
        }
    });
    let run = run.send().await.unwrap();
    assert_eq!(run.outcome, Outcome::Succeeded);
    let requests = server.requests();
    let approvals = requests.iter().filter(|it| it.path().ends_with("/approve"));
    assert_eq!(approvals.count(), 1);
}

#[tokio::test]
async fn attached_task_gives_its_log_from_a_sequence() {
    let server = states(&["started", "started", "completed"]).await;
    let entry = |number: i64| json!({"sequence": number, "tool": format!("t{number}")});
    server.respond_pages(LOG, (1..=7).map(entry), 2).unwrap();
    let neo = server.client();
    let mut seen = Vec::new();
    let run = neo.tasks().attach(ID).poll_every(BRIEF, BRIEF);
    let run = run.from_sequence(3).follow(|event| {
        let entry: Value = event.data_as().unwrap();
        seen.push((event.id.clone(), entry["tool"].as_str().unwrap().to_owned()));
    });
    let finished = run.send().await.unwrap();
    assert_eq!((&*finished.id, finished.outcome), (ID, Outcome::Succeeded));
    let expected = (4..=7).map(|number| (number.to_string(), format!("t{number}")));
    assert_eq!(seen, expected.collect::<Vec<_>>());
    assert!(server.requests().iter().all(|it| it.method() == "GET"));
}

#[tokio::test]
async fn attached_task_survives_details_that_do_not_fit() {
    let server = MockServer::start().await.unwrap();
    let details = json!({"stream": {"streamStatus": "completed"}, "messages": 7, "read_only": "x"});
    server.respond(DETAILS, 200, &details).unwrap();
    let finished = server.client().tasks().attach("t-1").send().await.unwrap();
    assert_eq!(finished.outcome, Outcome::Succeeded);
    assert_eq!(finished.json, details);
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
        assert_eq!(
            run(&client).await.is_ok(),
            outcome != Outcome::Failed,
            "{details}"
        );
    }
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
async fn abort_stops_what_the_log_shows_as_running() {
    let server = MockServer::start().await.unwrap();
    let entry = |sequence: i64, tool: &str, completed: bool| {
        let at = completed.then_some("2026-01-01T00:00:00Z");
        json!({"sequence": sequence, "tool_call_id": tool, "completed_at": at})
    };
    let run = json!({"sequence": 5, "subagent_run_id": "r1"});
    let log = [
        entry(1, "a", false),
        entry(2, "a", true),
        entry(3, "b", false),
        entry(4, "b", false),
        run,
    ];
    server.respond_pages(LOG, log, 2).unwrap();
    let response = json!({"success": true, "found": true, "message": "", "stream_id": "s"});
    server.respond(ABORT, 200, &response).unwrap();
    assert_eq!(server.client().tasks().abort_running(ID).await.unwrap(), 2);
    let requests = server.requests();
    let aborts = requests
        .iter()
        .filter(|it| it.path().ends_with("/abort-tools"));
    let bodies: Vec<Value> = aborts.map(|it| it.json().unwrap()).collect();
    assert_eq!(
        bodies,
        [
            json!({"tool_call_id": "b"}),
            json!({"subagent_run_id": "r1"})
        ]
    );
}

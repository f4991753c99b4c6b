//! Tasks that are started and waited for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod server;

use std::future::{pending, ready};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use neo_client::mock::{Fault, MockServer};
use neo_client::serde_json::{Value, from_str, json};
use neo_client::types::{TaskCreateRequest, TaskDetailsResponse};
use neo_client::{Client, ErrorKind, Outcome, Run};
use server::{Received, Server, reply};

const START: &str = "tasks.create_task";
const DETAILS: &str = "tasks.get_task_details";
const BRIEF: Duration = Duration::from_millis(1);
const LONG: Duration = Duration::from_secs(600);

fn task() -> TaskCreateRequest {
    TaskCreateRequest::builder()
        .task("scan example.com")
        .build()
        .unwrap()
}

/// A run that does not wait for long.
fn run(client: &Client) -> Run<'_, TaskDetailsResponse> {
    client.tasks().run(task()).poll_every(BRIEF, BRIEF)
}

fn state(status: &str) -> (u16, Value) {
    (200, json!({"stream": {"streamStatus": status}}))
}

/// A server that answers the start with this, and each question with what `details` makes of its number.
fn server(
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

fn ack(json: &Value) -> Vec<u8> {
    server::json(202, &json.to_string())
}

/// The questions among what a server received, as the ids that they ask for.
fn asked(received: &[Received]) -> Vec<&str> {
    let path = |it: &'_ Received| it.target.starts_with("/api/v1/tasks/");
    let questions = received.iter().filter(|it| path(it));
    questions
        .map(|it| it.target.rsplit('/').next().unwrap())
        .collect()
}

/// The id that the request which starts the task brings.
fn sent_id(received: &[Received]) -> String {
    let body: Value = from_str(&received[0].body).unwrap();
    body["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_task_goes_through_its_states_to_its_end() {
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
async fn every_end_gives_the_details_and_send_tells_which_it_was() {
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
            json!({"stream": {"streamStatus": "x"}, "streams": [{"completed_at": "2026-01-01T00:00:00Z"}]}),
            Outcome::Unknown,
        ),
        (
            json!({"streams": [{"completed_at": "2026-01-01T00:00:00Z", "status": "x"}]}),
            Outcome::Unknown,
        ),
    ] {
        let shown = details.to_string();
        let server = server(ack(&json!({})), move |_| (200, details.clone()));
        let client = server.client();
        let finished = run(&client).send().await.unwrap();
        assert_eq!(finished.outcome, outcome, "{shown}");
        run(&client).await.unwrap();
    }
}

#[tokio::test]
async fn a_task_that_waits_for_a_person_is_not_over() {
    let server = server(ack(&json!({})), |number| {
        let status = ["blocked", "suspended", "completed"][number.min(2)];
        let streams = json!([{"completed_at": "2026-01-01T00:00:00Z"}]);
        (
            200,
            json!({"stream": {"streamStatus": status}, "streams": streams}),
        )
    });
    let run = run(&server.client()).send().await.unwrap();
    assert_eq!(run.outcome, Outcome::Succeeded);
    assert_eq!(asked(&server.received()).len(), 3);
}

#[tokio::test]
async fn the_id_is_known_whatever_the_acknowledgement_looks_like() {
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
        let server = server(server::json(202, unknown), |_| state("completed"));
        let run = run(&server.client()).send().await.unwrap();
        let received = server.received();
        assert_eq!(run.id, sent_id(&received), "{unknown}");
        assert_eq!(asked(&received), [&*run.id]);
    }
    for (known, id) in [
        (json!({"id": "a"}), "a"),
        (json!({"task_id": "b", "status": "started"}), "b"),
        (json!({"taskId": "c"}), "c"),
        (json!({"id": {}, "task": {"id": 7}}), "7"),
    ] {
        let server = server(ack(&known), |_| state("completed"));
        let run = run(&server.client()).send().await.unwrap();
        assert_eq!(run.id, id);
        assert_eq!(asked(&server.received()), [id]);
    }
    // The caller's own.
    let own = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let server = server(ack(&json!({})), |_| state("completed"));
    let task = TaskCreateRequest::builder()
        .task("x")
        .id(own.parse::<neo_client::uuid::Uuid>().unwrap());
    let client = server.client();
    let run = client.tasks().run(task).poll_every(BRIEF, BRIEF);
    assert_eq!(run.send().await.unwrap().id, own);
}

#[tokio::test]
async fn what_is_no_acknowledgement_is_an_error_that_knows_the_id() {
    let html = reply(200, &["content-type: text/html"], "<html>log in</html>");
    let server = server(html, |_| state("completed"));
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.run_id(), Some(&*sent_id(&server.received())));

    let refusal = server::json(
        402,
        r#"{"error": "broke", "code": "insufficient_neo_credits"}"#,
    );
    let server = self::server(refusal, |_| state("completed"));
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.code().unwrap(), "insufficient_neo_credits");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn an_id_that_is_another_path_is_refused() {
    for id in ["../user/apikey", "..", "a/../b", "a\\b"] {
        let server = server(ack(&json!({"id": id})), |_| state("completed"));
        let error = run(&server.client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        assert!(error.to_string().contains("`id` must not hold"), "{error}");
        assert_eq!(error.run_id(), Some(id));
        assert_eq!(server.received().len(), 1);
    }
    let server = server(ack(&json!({"id": "a/b?c#d"})), |_| state("completed"));
    run(&server.client()).await.unwrap();
    assert_eq!(asked(&server.received()), ["a%2Fb%3Fc%23d"]);

    let long = "x".repeat(10_000_000);
    let server = self::server(ack(&json!({"id": long})), |_| state("completed"));
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().len() < 2000);
}

/// A client that does not repeat requests by itself.
fn once(server: &Server) -> Client {
    server.client().with(|call| call.retries(0))
}

#[tokio::test]
async fn questions_may_fail_for_a_while() {
    // Ten in a row, and again after one that succeeded.
    let server = server(ack(&json!({})), |number| match number {
        0..10 | 11..21 => (503, json!({})),
        10 => state("started"),
        _ => state("completed"),
    });
    run(&once(&server)).await.unwrap();
    assert_eq!(asked(&server.received()).len(), 22);

    let server = self::server(ack(&json!({})), |_| (503, json!({})));
    let error = run(&once(&server)).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.run_id(), Some(&*sent_id(&server.received())));
    assert_eq!(asked(&server.received()).len(), 11);

    let server = self::server(ack(&json!({})), |_| (500, json!({})));
    let error = run(&once(&server)).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(asked(&server.received()).len(), 1);
}

#[tokio::test]
async fn a_task_may_be_unknown_at_first() {
    let server = server(ack(&json!({})), |number| match number {
        0..5 => (404, json!({})),
        _ => state("completed"),
    });
    run(&server.client()).await.unwrap();

    let server = self::server(ack(&json!({})), |number| match number {
        0 => state("started"),
        _ => (404, json!({})),
    });
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(asked(&server.received()).len(), 2);

    let server = self::server(ack(&json!({})), |_| (404, json!({})));
    run(&server.client()).await.unwrap_err();
    assert_eq!(asked(&server.received()).len(), 6);
}

#[tokio::test]
async fn a_broken_connection_does_not_end_the_waiting() {
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
    let client = server.client().with(|call| call.retries(0));
    // The one that was truncated was the first state.
    run(&client).await.unwrap();
    assert_eq!(server.requests().len(), 7);
}

#[tokio::test]
async fn the_start_is_not_repeated() {
    let server = MockServer::start().await.unwrap();
    for fault in [Fault::Disconnect, Fault::Status(503), Fault::Truncated] {
        server.fail_once(START, fault).unwrap();
        let error = run(&server.client()).await.unwrap_err();
        assert!(error.is_retryable(), "{error}");
        assert!(error.run_id().is_some());
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn the_deadline_tells_the_last_status() {
    let server = server(ack(&json!({"id": "t-1"})), |_| state("polishing"));
    let limit = Duration::from_secs(2);
    let error = run(&server.client()).deadline(limit).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.run_id(), Some("t-1"));
    assert_eq!(
        error.to_string(),
        "tasks.create_task: not over within 2 s, the deadline: `t-1` goes on at the server; status: `polishing` \
         (do not start it again: ask for it by `run_id`)"
    );
    assert!(error.is_timeout() && !error.is_retryable());

    let silent = Server::accept(|connection| {
        connection.request();
        connection.request();
    });
    let client = silent.client();
    let error = run(&client).deadline(limit).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error.to_string().contains("before the server acknowledged"),
        "{error}"
    );
    assert_eq!(error.run_id(), Some(&*sent_id(&silent.received())));
}

#[tokio::test]
async fn a_hostile_status_is_held_at_arms_length() {
    let long = format!("a\r\n\u{1b}[31m{}{}", server::KEY, "b".repeat(10_000_000));
    let server = server(ack(&json!({"id": "t"})), move |_| state(&long));
    let (give_up, signal) = tokio::sync::oneshot::channel::<()>();
    let mut give_up = Some(give_up);
    let client = server.client();
    let error = run(&client)
        .on_progress(move |progress| drop((progress.polls > 0).then(|| give_up.take())))
        .cancel_when(signal)
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`a [31m[redacted]bbb"), "{text}");
    assert!(text.len() < 1000 && !text.contains(server::KEY));
}

#[tokio::test]
async fn a_caller_gives_up() {
    let server = server(ack(&json!({"id": "t-1"})), |_| state("started"));
    let (give_up, signal) = tokio::sync::oneshot::channel::<()>();
    let mut give_up = Some(give_up);
    let client = server.client();
    let error = run(&client)
        .on_progress(move |progress| {
            if progress.polls == 3 {
                drop(give_up.take());
            }
        })
        .cancel_when(signal)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(!error.is_retryable());
    assert_eq!(error.run_id(), Some("t-1"));
    let text = error.to_string();
    assert_eq!(
        text,
        "tasks.create_task: given up by the caller: `t-1` goes on at the server; status: `started` \
         (do not start it again: ask for it by `run_id`)"
    );
    assert_eq!(asked(&server.received()).len(), 3);

    let error = run(&client).cancel_when(ready(())).await.unwrap_err();
    assert!(
        error.to_string().contains("before the server acknowledged"),
        "{error}"
    );
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn dropping_it_ends_the_waiting() {
    let server = server(ack(&json!({})), |_| state("started"));
    let client = server.client();
    {
        let first = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&first);
        let mut waiting = Box::pin(
            run(&client)
                .on_progress(move |progress| seen.store(progress.polls > 0, Ordering::SeqCst))
                .into_future(),
        );
        while !first.load(Ordering::SeqCst) {
            let moment = tokio::time::timeout(Duration::from_millis(5), &mut waiting);
            assert!(moment.await.is_err());
        }
    }
    let asked_until_now = server.received().len();
    tokio::time::sleep(Duration::from_millis(100)).await;
    // One may have been on its way.
    assert!(server.received().len() <= asked_until_now + 1);
}

#[tokio::test]
async fn a_callback_that_panics_is_the_callers_panic() {
    let server = server(ack(&json!({})), |_| state("completed"));
    let client = server.client();
    let waiting = {
        let client = client.clone();
        async move { run(&client).on_progress(|_| panic!("mine")).await.map(drop) }
    };
    let outcome = tokio::spawn(waiting).await;
    assert!(outcome.unwrap_err().is_panic());
    run(&client).await.unwrap();
}

/// The chunks that `follow` hands on.
async fn followed(
    server: &MockServer,
    on_event: impl FnMut(&neo_client::Event) + Send,
) -> neo_client::Finished<TaskDetailsResponse> {
    let client = server.client();
    run(&client).follow(on_event).send().await.unwrap()
}

#[tokio::test]
async fn events_are_handed_on_and_what_is_lost_of_them_is_asked_for() {
    let server = MockServer::start().await.unwrap();
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
        server
            .respond_each(DETAILS, ["started", "completed"].map(state))
            .unwrap();
        let before = server.requests().len();
        let mut seen = Vec::new();
        let run = followed(&server, |event| seen.push(event.data.clone())).await;
        assert_eq!(seen, expected, "{fault:?}");
        assert_eq!(run.outcome, Outcome::Succeeded);
        let requests = &server.requests()[before..];
        assert_eq!(requests.len(), 3);
        let body = requests[0].json::<Value>().unwrap();
        assert_eq!(
            (&body["response_format"], &body["id"]),
            (&json!("sse"), &json!(run.id))
        );
        assert_eq!(requests[0].headers()["accept"], "text/event-stream");
    }
    server.fail_once(START, Fault::Status(500)).unwrap();
    let client = server.client();
    let error = run(&client).follow(|_| ()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
}

#[tokio::test]
async fn an_endless_stream_ends_with_the_deadline_or_the_caller() {
    let server = Server::serve(|_, socket| {
        use std::io::Write;
        let head = b"HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\n\r\n";
        let mut outcome = socket.write_all(head);
        while outcome.is_ok() {
            outcome = socket.write_all(b"data: a\n\n");
        }
    });
    let client = server.client();
    let count = Mutex::new(0);
    let endless = || run(&client).follow(|_| *count.lock().unwrap() += 1);
    let error = endless()
        .deadline(Duration::from_millis(200))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let soon = tokio::time::sleep(Duration::from_millis(200));
    let error = endless()
        .cancel_when(soon)
        .deadline(LONG)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(*count.lock().unwrap() > 0);
}

#[tokio::test]
async fn it_can_be_spawned_and_says_what_it_relies_on() {
    let server = server(ack(&json!({})), |_| state("completed"));
    let client = server.client();
    let waiting = tokio::spawn(async move {
        let run = run(&client)
            .follow(|_| ())
            .on_progress(|_| ())
            .cancel_when(pending::<()>());
        assert_eq!(format!("{run:?}"), "Run { .. }");
        run.send().await.map(drop)
    });
    // The server has no events.
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

//! Work that goes on behind the reply, as the documents declare it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

extern crate neo_client_documents as neo_client;

#[path = "../../../../tests/server/mod.rs"]
mod server;

use std::time::Duration;

use neo_client_documents::serde_json::{Value, from_str, json};
use neo_client_documents::types::{DOCUMENTS, long_running};
use neo_client_documents::{ErrorKind, Outcome};
use server::{Server, json, reply};

const BRIEF: Duration = Duration::from_millis(1);

#[tokio::test]
async fn work_with_a_number_that_the_server_chooses() {
    let server = Server::start(|request| match &*request.method {
        "POST" => json(202, r#"{"job": 17}"#),
        _ => json(200, r#"{"state": "Done", "result": 4.5}"#),
    });
    let client = long_running::Client::from(server.client());
    let body = long_running::types::StartJobBody::builder().text("a");
    let jobs = client.jobs();
    let run = jobs.run_job("big", body).poll_every(BRIEF, BRIEF);
    let run = run.send().await.unwrap();
    assert_eq!((&*run.id, run.outcome), ("17", Outcome::Succeeded));
    assert_eq!(run.details.result, Some(4.5));
    let received = server.received();
    assert_eq!(received[0].target, "/jobs/big");
    assert_eq!(received[0].body, r#"{"text":"a"}"#);
    assert_eq!(received[1].target, "/jobs/17");

    let body = long_running::types::StartJobBody::builder();
    let error = jobs.run_job("big", body).follow(|_| ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("has no events of it"), "{error}");
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn an_id_of_another_type_is_an_error() {
    for reply in [
        r#"{"job": "seventeen"}"#,
        r#"{"job": 1.5}"#,
        r#"{"job": 99999999999999999999}"#,
    ] {
        let server = Server::always(json(202, reply));
        let client = long_running::Client::from(server.client());
        let body = long_running::types::StartJobBody::builder();
        let run = client.jobs().run_job("big", body).poll_every(BRIEF, BRIEF);
        let error = run.await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "other.get_job: number: the id is of another type (do not start it again: ask for it by `run_id`)"
        );
    }
    let server = Server::always(json(202, "{}"));
    let client = long_running::Client::from(server.client());
    let body = long_running::types::StartJobBody::builder();
    let error = client.jobs().run_job("big", body).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "jobs.start_job: started, but the reply has no id at `/job` \
         (it goes on: do not start it again before you know how it ended)"
    );
}

#[tokio::test]
async fn work_with_an_id_of_the_clients_and_nothing_acknowledged() {
    let server = Server::start(|request| match &*request.method {
        "POST" => reply(202, &[], ""),
        _ => json(200, r#"{"finished_at": "now"}"#),
    });
    let client = long_running::Client::from(server.client());
    let body = long_running::types::ExportBody::builder();
    let run = client.exports().run(body).poll_every(BRIEF, BRIEF);
    let run = run.send().await.unwrap();
    assert_eq!(run.outcome, Outcome::Unknown);
    let received = server.received();
    let body: Value = from_str(&received[0].body).unwrap();
    let expected = json!({"id": run.id, "text": "a `b`", "deep": {"er": {"x": [1, null]}}});
    assert_eq!(body, expected);
    assert_eq!(received[1].target, format!("/exports/{}", run.id));
}

#[test]
fn a_declaration_that_does_not_hold_is_a_line_of_the_ledger() {
    let document = DOCUMENTS
        .iter()
        .find(|it| it.name == "long_running")
        .unwrap();
    let lines: Vec<&str> = document
        .ledger
        .lines()
        .filter(|line| line.contains(" long-running "))
        .filter_map(|line| line.split_once("/paths/~1wrong~1"))
        .map(|(_, rest)| rest)
        .collect();
    let expected = [
        "expected an object",
        "`ids` is no member of it",
        "`method`: `Not A Method` names no method in snake_case",
        "`method`: `wrong_3` is another method of the tag",
        "`id`: expected a place in the `request` or the `reply`",
        "`id/reply`: expected JSON pointers",
        "the request has no JSON body in which something could stand",
        "`poll/operation`: no operation `nowhere` replies JSON",
        "`poll/operation`: it is asked again and again, so it must be a GET",
        "`poll/parameter`: `a` is not the one that `two` requires",
        "`poll/parameter`: an id is a text or a whole number",
        "the end is not known: expected `status` and `ended`, or `ended_at`",
        "`ended/done`: expected `succeeded` or `failed`",
        "`stop/operation`: there is no operation `x`",
        "the operation acknowledges nothing as JSON",
        "`request`: expected JSON pointers and values",
        "`running`: expected a list of words",
    ];
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (number, flaw) in expected.iter().enumerate() {
        let line = format!("{}/post/x-long-running  ignored: {flaw}", number + 1);
        assert!(lines.contains(&&*line), "{line}\n{lines:#?}");
    }
}

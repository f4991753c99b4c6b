//! The start of a job: its acknowledgement and its id.

use neo_client_fixture::mock::MockServer;
use neo_client_runtime::ErrorKind;
use neo_client_runtime::mock::Fault;
use neo_client_runtime::poll::Outcome;
use serde_json::{Value, json};

use super::jobs::{DETAILS, START, ack, job_server, polled, run, sent_id, state};
use crate::support::server::{self, response};

#[tokio::test]
async fn run_reports_each_status_until_the_end() {
    let server = MockServer::start().await.unwrap();
    let states = ["queued", "STARTED", "polishing", "done"];
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
    assert_eq!(run.status.as_deref(), Some("done"));
    assert_eq!(run.json["status"], "done");
    assert_eq!(run.details.unwrap().status.as_deref(), Some("done"));
    // The first report is of the acknowledgement.
    assert_eq!(seen.len(), 5);
    for (index, status) in states.iter().enumerate() {
        let (polls, seen, id) = &seen[index + 1];
        assert_eq!(
            (*polls as usize, &**seen, id),
            (index + 1, *status, &run.id)
        );
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 5);
    let body = requests[0].json::<Value>().unwrap();
    assert_eq!(body["response_format"], "json");
    assert_eq!(body["work"], "count the parcels");
}

#[tokio::test]
async fn run_gives_details_for_each_outcome() {
    for (status, outcome) in [
        ("done", Outcome::Succeeded),
        ("failed", Outcome::Failed),
        ("lost", Outcome::Unknown),
    ] {
        let server = job_server(ack(&json!({})), move |_| state(status));
        let client = server.client();
        let finished = run(&client).send().await.unwrap();
        assert_eq!(finished.outcome, outcome);
        let details = run(&client).await;
        if outcome == Outcome::Failed {
            let error = details.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WorkFailed);
            assert!(error.run_id().is_some());
            assert_eq!(error.outcome(), Some(outcome));
            assert!(error.to_string().contains("`failed`"), "{error}");
            assert!(!error.is_retryable());
        } else {
            assert_eq!(details.unwrap().status.as_deref(), Some(status));
        }
    }
}

#[tokio::test]
async fn run_takes_the_id_of_the_acknowledgement() {
    for (known, id) in [(json!({"id": "a"}), "a"), (json!({"id": 7}), "7")] {
        let server = job_server(ack(&known), |_| state("done"));
        let run = run(&server.client()).send().await.unwrap();
        assert_eq!(run.id, id);
        assert_eq!(polled(&server.received()), [id]);
    }
    for unknown in ["null", "", "[]", "{}", "7", "\"x\"", r#"{"id": null}"#] {
        let server = job_server(server::json(202, unknown), |_| state("done"));
        let run = run(&server.client()).send().await.unwrap();
        let received = server.received();
        assert_eq!(run.id, sent_id(&received), "{unknown}");
        assert_eq!(polled(&received), [&*run.id]);
    }
}

#[tokio::test]
async fn run_without_acknowledgement_is_an_error_with_id() {
    let html = response(200, &["content-type: text/html"], "<html>log in</html>");
    let server = job_server(html, |_| state("done"));
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.run_id(), Some(&*sent_id(&server.received())));

    let rejection = r#"{"error": "broke", "code": "out_of_stock"}"#;
    let server = job_server(server::json(402, rejection), |_| state("done"));
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.code(), Some("out_of_stock"));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn run_id_that_changes_the_path_is_rejected() {
    for id in ["../account/key", "..", "a/../b", "a\\b"] {
        let server = job_server(ack(&json!({ "id": id })), |_| state("done"));
        let error = run(&server.client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        assert!(error.to_string().contains("`id` must not hold"), "{error}");
        assert_eq!(error.run_id(), Some(id));
        assert_eq!(server.received().len(), 1);
    }
    let server = job_server(ack(&json!({"id": "a/b?c#d"})), |_| state("done"));
    run(&server.client()).await.unwrap();
    assert_eq!(polled(&server.received()), ["a%2Fb%3Fc%23d"]);

    let long = "x".repeat(10_000_000);
    let server = job_server(ack(&json!({ "id": long })), |_| state("done"));
    let error = run(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().len() < 2000);
}

#[tokio::test]
async fn run_start_is_not_retried() {
    let server = MockServer::start().await.unwrap();
    for fault in [Fault::Disconnect, Fault::Status(503), Fault::Truncated] {
        server.fail_once(START, fault).unwrap();
        let error = run(&server.client()).await.unwrap_err();
        assert!(error.is_retryable(), "{error}");
        assert!(error.run_id().is_some());
    }
    assert_eq!(server.requests().len(), 3);
}

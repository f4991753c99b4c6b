//! Jobs that exist already.

use neo_client_runtime::ErrorKind;
use neo_client_runtime::poll::Outcome;
use serde_json::json;

use super::jobs::{BRIEF, job_server, polled, state};

#[tokio::test]
async fn attached_job_is_waited_for_and_not_started() {
    let server = job_server(Vec::new(), |number| match number {
        0..3 => state("started"),
        _ => state("done"),
    });
    let client = server.client();
    let mut seen = Vec::new();
    let run = client.jobs().attach_job("j").poll_every(BRIEF, BRIEF);
    let run = run.on_progress(|progress| seen.extend(progress.status.map(str::to_owned)));
    let finished = run.send().await.unwrap();
    assert_eq!((&*finished.id, finished.outcome), ("j", Outcome::Succeeded));
    assert_eq!(seen, ["started", "started", "started", "done"]);
    assert_eq!(polled(&server.received()), ["j"; 4]);
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn attached_job_that_does_not_exist_is_an_error() {
    let server = job_server(Vec::new(), |_| (404, json!({"code": "not_exists"})));
    let client = server.client();
    let run = client.jobs().attach_job("j").poll_every(BRIEF, BRIEF);
    let error = run.tolerate(std::time::Duration::ZERO).await.unwrap_err();
    assert_eq!(error.code(), Some("not_exists"));
    assert_eq!(error.run_id(), Some("j"));
    assert!(error.to_string().starts_with("jobs.get_job: "), "{error}");

    let run = client.jobs().attach_job("").poll_every(BRIEF, BRIEF);
    let error = run.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
}

#[tokio::test]
async fn attached_job_without_log_cannot_be_followed() {
    let server = job_server(Vec::new(), |_| state("done"));
    let client = server.client();
    let error = client
        .jobs()
        .attach_job("j")
        .follow(|_| ())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("no log"), "{error}");
    assert!(server.received().is_empty());
}

//! Polls that fail.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use neo_client_fixture::Client;
use neo_client_fixture::mock::MockServer;
use neo_client_runtime::mock::Fault;
use neo_client_runtime::reqwest::{Request, Response};
use neo_client_runtime::{BoxError, Credential, CredentialsProvider, ErrorKind, Method};
use serde_json::json;

use super::jobs::{DETAILS, ack, job_server, polled, run, sent_id, state};
use crate::support::clients::KEY;
use crate::support::server::{self, Server, response};

/// Returns a client that does not retry.
fn once(server: &Server) -> Client {
    server.client().with_options(|call| call.retries(0))
}

/// Starts a server that responds to each poll with these bytes in turn, and then that the job is
/// done.
fn job_server_of(answers: Vec<Vec<u8>>) -> Server {
    let asked = AtomicUsize::new(0);
    Server::start(move |request| match &*request.method {
        "POST" => ack(&json!({})),
        _ => {
            let number = asked.fetch_add(1, Ordering::SeqCst);
            let done = || server::json(200, r#"{"status": "done"}"#);
            answers.get(number).cloned().unwrap_or_else(done)
        }
    })
}

#[tokio::test]
async fn run_survives_any_number_of_failures() {
    let html = response(200, &["content-type: text/html"], "<html>back soon</html>");
    for blip in [
        server::json(500, "{}"),
        server::json(503, "{}"),
        server::json(429, "{}"),
        server::json(520, "{}"),
        html,
        response(200, &["content-type: application/json"], ""),
        response(200, &["content-type: application/json"], "{\"status\""),
        server::json(200, "{}"),
        server::json(200, "null"),
        server::json(200, r#"{"status": ""}"#),
        server::json(200, r#"{"error": "the database is away"}"#),
        response(302, &["location: http://127.0.0.1:1/away"], ""),
        Vec::new(),
    ] {
        let server = job_server_of(vec![blip.clone(); 30]);
        let finished = run(&once(&server)).await;
        let blip = String::from_utf8_lossy(&blip);
        assert!(finished.is_ok(), "{blip}: {finished:?}");
        assert_eq!(polled(&server.received()).len(), 31, "{blip}");
    }
}

#[tokio::test]
async fn run_fails_when_failures_are_not_tolerated() {
    for (status, body) in [(503, "{}"), (500, "{}"), (200, "<html>")] {
        let server = job_server_of(vec![server::json(status, body); 100]);
        let client = once(&server);
        let run = run(&client).tolerate(Duration::ZERO);
        let error = run.await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.run_id(), Some(&*sent_id(&server.received())));
        assert_eq!(polled(&server.received()).len(), 1);
    }
    // They are counted against time.
    let server = job_server(ack(&json!({})), |_| (503, json!({})));
    let client = once(&server);
    let run = run(&client).tolerate(Duration::from_millis(200));
    let error = run.await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert!(polled(&server.received()).len() > 1);
}

#[tokio::test]
async fn run_with_empty_details_ends_with_an_error() {
    for details in ["{}", "null", "[]", r#"{"status": null}"#] {
        let server = job_server_of(vec![server::json(200, details); 100_000]);
        let client = once(&server);
        let run = run(&client).tolerate(Duration::from_millis(200));
        let error = run.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{details}");
        assert!(error.to_string().contains("state no status"), "{error}");
    }
}

#[tokio::test]
async fn run_ends_at_once_by_a_permanent_failure() {
    for status in [400, 401, 403, 410, 422] {
        let server = job_server(ack(&json!({})), move |_| (status, json!({})));
        let error = run(&once(&server)).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(polled(&server.received()).len(), 1);
    }
}

#[tokio::test]
async fn run_tolerates_401_after_a_success() {
    for status in [401, 403] {
        let server = job_server(ack(&json!({})), move |number| match number {
            0 => state("started"),
            1..4 => (status, json!({})),
            _ => state("done"),
        });
        run(&once(&server)).await.unwrap();
        assert_eq!(polled(&server.received()).len(), 5);
    }
}

#[tokio::test]
async fn run_tolerates_404_for_a_while() {
    for first in ["started", "done"] {
        let server = job_server(ack(&json!({})), move |number| match number {
            0 if first == "started" => state("started"),
            0..6 => (404, json!({})),
            _ => state("done"),
        });
        run(&once(&server)).await.unwrap();
    }
    // Without time, five are tolerated.
    let server = job_server(ack(&json!({})), |_| (404, json!({})));
    let client = once(&server);
    let run = run(&client).tolerate(Duration::ZERO);
    let error = run.await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(polled(&server.received()).len(), 6);
}

#[tokio::test]
async fn run_counts_404_apart_from_other_failures() {
    let server = job_server(ack(&json!({})), |number| match number {
        0..20 => (503, json!({})),
        20 => (404, json!({})),
        _ => state("done"),
    });
    run(&once(&server)).await.unwrap();
    assert_eq!(polled(&server.received()).len(), 22);
}

#[tokio::test]
async fn run_obeys_retry_after_of_a_poll() {
    let asked = ["retry-after: 1"];
    for first in [
        response(503, &asked, ""),
        response(200, &asked, r#"{"status": "started"}"#),
    ] {
        let server = job_server_of(vec![first]);
        let begin = std::time::Instant::now();
        run(&once(&server)).await.unwrap();
        assert!(begin.elapsed() >= Duration::from_secs(1));
    }
}

/// Returns another token for each call.
struct Tokens(AtomicUsize);

impl CredentialsProvider for Tokens {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Credential::bearer_token(format!("token-number-{number}"))?)
    }
}

#[tokio::test]
async fn run_renews_the_credential_after_401() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| match &*request.method {
        "POST" => ack(&json!({})),
        _ => match asked.fetch_add(1, Ordering::SeqCst) {
            1 => server::json(401, "{}"),
            0 => server::json(200, r#"{"status": "started"}"#),
            _ => server::json(200, r#"{"status": "done"}"#),
        },
    });
    let builder = server.builder().credentials(Tokens(AtomicUsize::new(0)));
    run(&builder.build().unwrap()).await.unwrap();
    let received = server.received();
    let last = received.last().unwrap().header("authorization");
    assert_eq!(last, Some("Bearer token-number-1"));
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

/// Returns a client whose server is away from the second minute of a job on, for as long as that.
fn away(minutes: u64) -> Client {
    let begin = tokio::time::Instant::now();
    let fake = tower::service_fn(move |request: Request| async move {
        let minute = begin.elapsed().as_secs() / 60;
        let body = match minute {
            _ if request.method() == Method::POST => "{}",
            0..2 => r#"{"status": "started"}"#,
            minute if minute < 2 + minutes => return Err(BoxError::from("no route to host")),
            _ => r#"{"status": "done"}"#,
        };
        Ok(Response::from(http::Response::new(body)))
    });
    let builder = Client::builder().base_url("http://localhost:1");
    let builder = builder.depot_key(KEY).transport(move |_| fake);
    builder.build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn run_survives_an_outage_of_ten_minutes() {
    let minute = Duration::from_secs(60);
    let client = away(10);
    let run = |client| run(client).poll_every(minute / 60, minute / 2);
    let finished = run(&client).deadline(240 * minute).await;
    finished.unwrap();

    let client = away(20);
    let error = run(&client).deadline(240 * minute).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    run(&client).tolerate(60 * minute).await.unwrap();
}

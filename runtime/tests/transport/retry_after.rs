//! `Retry-After`: obeyed within the client's limit and deadline, reported in the error beyond them.

use std::time::{Duration, SystemTime};

use neo_client_runtime::Method;

use crate::support::calls::{
    SECOND, client, client_with, in_turn, once, place_order, quick, send, stock_error, stock_level,
};
use crate::support::clients::STOCK;
use crate::support::connection_fault::later;
use crate::support::server::{Server, json, response};
use crate::support::trace::{Recorder, messages};

/// Returns the waits that the events of a call announce.
fn waits_in(messages: &[String]) -> Vec<String> {
    let wait = |message: &String| {
        let (_, wait) = message.split_once("again in ")?;
        Some(wait.split(' ').next()?.to_owned())
    };
    messages.iter().filter_map(wait).collect()
}

/// Returns the waits of a request for the stock level.
async fn waits(server: &Server) -> Vec<String> {
    let client = client(server);
    waits_in(&messages(async || drop(stock_level(&client).await)).await)
}

fn date(from_now: Duration) -> String {
    httpdate::fmt_http_date(SystemTime::now() + from_now)
}

#[tokio::test]
async fn retry_after_in_seconds_is_waited_for() {
    let server = in_turn([later(429, "1"), json(200, STOCK)]);
    assert_eq!(waits(&server).await, ["1"]);
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn retry_after_in_fractions_is_waited_for() {
    let server = in_turn([later(503, "0.25"), later(429, "0.125"), json(200, STOCK)]);
    assert_eq!(waits(&server).await, ["0.25", "0.125"]);
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn wait_in_the_body_is_waited_for() {
    let told = r#"{"error": {"details": [{"retryDelay": "0.25s"}]}}"#;
    let server = in_turn([json(429, told), json(200, STOCK)]);
    assert_eq!(waits(&server).await, ["0.25"]);
    // The header takes precedence, and other statuses state no wait.
    let told = r#"{"retry_after": 0.5}"#;
    let both = response(503, &["retry-after: 0.125"], told);
    let server = in_turn([both, json(500, told), json(200, STOCK)]);
    assert_eq!(waits(&server).await[0], "0.125");
    let error = stock_error(&once(&Server::always(json(500, told)))).await;
    assert_eq!(error.retry_after(), None);
}

#[tokio::test]
async fn retry_after_as_date_is_waited_for() {
    let hour = 3600 * SECOND;
    let server = Server::start(move |_| later(503, &date(hour)));
    let policy = quick().max_retry_after(2 * hour);
    let client = client_with(&server, |call| {
        let call = call.retry_policy(policy).timeout(2 * hour);
        call.attempt_timeout(hour)
    });
    let (recorder, guard) = Recorder::start();
    // The announcement is enough: nobody waits that long.
    let announced = async {
        loop {
            tokio::time::sleep(SECOND / 100).await;
            let waits = waits_in(&recorder.records().messages());
            if let Some(wait) = waits.first() {
                break wait.parse::<f64>().unwrap();
            }
        }
    };
    let wait = tokio::select! {
        outcome = stock_level(&client) => panic!("{outcome:?}"),
        wait = announced => wait,
    };
    drop(guard);
    assert!(wait > 0.0 && wait <= 3600.0, "{wait}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn retry_after_in_the_past_retries_at_once() {
    let past = "Sun, 06 Nov 1994 08:49:37 GMT";
    let server = in_turn([later(503, past), json(200, STOCK)]);
    stock_level(&client(&server)).await.unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn retry_after_beyond_limit_is_reported() {
    let server = in_turn([later(429, "61"), json(200, STOCK)]);
    let client = client_with(&server, |call| call.timeout(1000 * SECOND));
    let error = stock_error(&client).await;
    assert_eq!(error.retry_after(), Some(61 * SECOND));
    assert!(
        error.to_string().ends_with("(try again in 61 s)"),
        "{error}"
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn retry_after_date_beyond_limit_is_reported() {
    let server = in_turn([later(503, &date(3600 * SECOND)), json(200, STOCK)]);
    let error = stock_error(&client(&server)).await;
    assert!(error.retry_after().unwrap() > 3000 * SECOND);
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
}

#[tokio::test]
async fn retry_after_limit_is_set_for_one_call() {
    let server = Server::start(|_| later(503, "0.2"));
    let strict = client_with(&server, |call| {
        call.retry_policy(quick().max_retry_after(SECOND / 10))
    });
    assert_eq!(stock_error(&strict).await.attempts(), 1);
    assert_eq!(stock_error(&client(&server)).await.attempts(), 3);
}

#[tokio::test]
async fn retry_after_beyond_deadline_is_reported() {
    let server = in_turn([later(503, "30"), json(200, STOCK)]);
    let client = client_with(&server, |call| call.timeout(20 * SECOND));
    let error = stock_error(&client).await;
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.retry_after(), Some(30 * SECOND));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn retry_after_unreadable_is_ignored() {
    for garbage in [
        "soon",
        "-1",
        "NaN",
        "inf",
        "1e999",
        "",
        "1,5",
        "Mon, 99 Foo 2026",
        "\u{e9}",
    ] {
        let server = in_turn([later(503, garbage), json(200, STOCK)]);
        stock_level(&client(&server)).await.unwrap();
        assert_eq!(server.received().len(), 2, "{garbage}");

        let server = in_turn([later(503, garbage), json(200, STOCK)]);
        let error = place_order(&client(&server)).await.unwrap_err();
        assert_eq!(error.retry_after(), None, "{garbage}");
        assert_eq!(server.received().len(), 1, "{garbage}");
    }
}

#[tokio::test]
async fn retry_after_on_final_status_is_reported() {
    let server = in_turn([later(402, "7"), json(200, "{}")]);
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(7 * SECOND));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn retry_after_on_success_is_ignored() {
    let server = Server::always(response(200, &["retry-after: 3600"], STOCK));
    stock_level(&client(&server)).await.unwrap();
    assert_eq!(server.received().len(), 1);
}

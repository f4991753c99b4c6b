//! `Retry-After`: obeyed as far as the client's ceiling and deadline go, told in the error beyond them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use neo_client::Method;

use crate::faults::fault::later;
use crate::faults::scene::{
    SECOND, balance, balance_error, client, client_with, in_turn, purchase, quick, send,
};
use crate::faults::trace::events;
use crate::server::{BALANCE, Server, json, reply};

/// The waits before another attempt, as the events of the call tell them.
async fn waits(server: &Server) -> Vec<String> {
    let client = client(server);
    let events = events(async || drop(balance(&client).await)).await;
    let wait = |event: &String| {
        let (_, wait) = event.split_once("again in ")?;
        Some(wait.split(' ').next()?.to_owned())
    };
    events.iter().filter_map(wait).collect()
}

fn date(from_now: Duration) -> String {
    httpdate::fmt_http_date(SystemTime::now() + from_now)
}

#[tokio::test]
async fn whole_seconds_are_waited_for() {
    let server = in_turn([later(429, "1"), json(200, BALANCE)]);
    assert_eq!(waits(&server).await, ["1"]);
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_fraction_of_a_second_is_waited_for() {
    let server = in_turn([later(503, "0.25"), later(429, "0.125"), json(200, BALANCE)]);
    assert_eq!(waits(&server).await, ["0.25", "0.125"]);
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_date_is_waited_for() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => later(503, &date(3 * SECOND)),
        _ => json(200, BALANCE),
    });
    let waits = waits(&server).await;
    let wait: f64 = waits[0].parse().unwrap();
    assert!(wait > 0.0 && wait <= 3.0, "{wait}");
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_date_in_the_past_is_no_wait() {
    let past = "Sun, 06 Nov 1994 08:49:37 GMT";
    let server = in_turn([later(503, past), json(200, BALANCE)]);
    balance(&client(&server)).await.unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn beyond_the_ceiling_the_call_ends_at_once_and_tells_the_wait() {
    let server = in_turn([later(429, "61"), json(200, BALANCE)]);
    let client = client_with(&server, |call| call.timeout(1000 * SECOND));
    let error = balance_error(&client).await;
    assert_eq!(error.retry_after(), Some(61 * SECOND));
    assert!(
        error.to_string().ends_with("(try again in 61 s)"),
        "{error}"
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_date_beyond_the_ceiling_is_told_too() {
    let server = in_turn([later(503, &date(3600 * SECOND)), json(200, BALANCE)]);
    let error = balance_error(&client(&server)).await;
    assert!(error.retry_after().unwrap() > 3000 * SECOND);
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
}

#[tokio::test]
async fn the_ceiling_is_set_for_one_call() {
    let server = Server::start(|_| later(503, "0.2"));
    let strict = client_with(&server, |call| {
        call.retry_policy(quick().max_retry_after(SECOND / 10))
    });
    assert_eq!(balance_error(&strict).await.attempts(), 1);
    assert_eq!(balance_error(&client(&server)).await.attempts(), 3);
}

#[tokio::test]
async fn beyond_the_deadline_the_call_ends_at_once() {
    let server = in_turn([later(503, "30"), json(200, BALANCE)]);
    let client = client_with(&server, |call| call.timeout(20 * SECOND));
    let error = balance_error(&client).await;
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.retry_after(), Some(30 * SECOND));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn garbage_is_as_if_it_was_not_there() {
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
        let server = in_turn([later(503, garbage), json(200, BALANCE)]);
        balance(&client(&server)).await.unwrap();
        assert_eq!(server.received().len(), 2, "{garbage}");

        let server = in_turn([later(503, garbage), json(200, BALANCE)]);
        let error = purchase(&client(&server)).await.unwrap_err();
        assert_eq!(error.retry_after(), None, "{garbage}");
        assert_eq!(server.received().len(), 1, "{garbage}");
    }
}

#[tokio::test]
async fn a_status_that_is_not_repeated_still_tells_the_wait() {
    let server = in_turn([later(402, "7"), json(200, "{}")]);
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(7 * SECOND));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn on_a_good_reply_it_means_nothing() {
    let server = Server::always(reply(200, &["retry-after: 3600"], BALANCE));
    balance(&client(&server)).await.unwrap();
    assert_eq!(server.received().len(), 1);
}

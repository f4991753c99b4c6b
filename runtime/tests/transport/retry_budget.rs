//! The retry budget, which all clones of a client share.

use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_fixture::Client;
use neo_client_runtime::{Error, ErrorKind, RetryBudget};

use crate::support::calls::{client, in_turn, quick, stock_level};
use crate::support::clients::{KEY, STOCK};
use crate::support::connection_fault::ConnectionFault;
use crate::support::server::{Server, json};

const CALLS: usize = 200;

/// The calls and the 70 retries that the budget allows for them, with room for what a slow test
/// earns in addition.
const BOUND: usize = CALLS + 100;

/// Returns a client with a budget of 30 retries and one for each five calls.
fn frugal(server: &Server) -> Client {
    let builder = server.builder().depot_key(KEY).retry_policy(quick());
    let budget = RetryBudget::new().burst(30);
    builder.retry_budget(budget).build().unwrap()
}

/// Makes `CALLS` calls at once, each with its own clone of the client.
async fn at_once(client: &Client) -> Vec<Result<(), Error>> {
    let calls: Vec<_> = (0..CALLS)
        .map(|number| {
            // Changed options share the budget.
            let client = match number % 2 {
                0 => client.clone(),
                _ => client.with_options(|call| call),
            };
            tokio::spawn(async move { stock_level(&client).await.map(drop) })
        })
        .collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn budget_overloaded_server_gets_few_more_requests() {
    let server = Server::start(|_| json(503, r#"{"error": "overloaded"}"#));
    for outcome in at_once(&frugal(&server)).await {
        assert_eq!(outcome.unwrap_err().status().unwrap(), 503);
    }
    let asked = server.received().len();
    assert!((CALLS..=BOUND).contains(&asked), "{asked}");
}

#[tokio::test]
async fn budget_resetting_server_gets_few_more_connections() {
    let server = ConnectionFault::ResetAfterRead.always();
    for outcome in at_once(&frugal(&server)).await {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Transport);
    }
    let accepted = server.accepted();
    assert!((CALLS..=BOUND).contains(&accepted), "{accepted}");
}

#[tokio::test]
async fn budget_after_outage_recovers() {
    let outage = (0..CALLS + 100).map(|_| json(502, "{}"));
    let server = in_turn(outage.chain([json(200, STOCK)]));
    let client = frugal(&server);
    at_once(&client).await;
    let mut calls = 0;
    while stock_level(&client).await.is_err() {
        calls += 1;
        assert!(calls <= 100);
    }
    stock_level(&client).await.unwrap();
}

#[tokio::test]
async fn budget_of_another_client_is_separate() {
    let server = ConnectionFault::Status(503).always();
    at_once(&frugal(&server)).await;
    let error = stock_level(&frugal(&server)).await.unwrap_err();
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn budget_covers_one_failure_in_twenty() {
    let server = Server::accept(|connection| {
        // One connection in twenty fails, and never the connection of a retry.
        if connection.request().is_some() && connection.number % 20 != 7 {
            connection.send(json(200, STOCK));
        }
    });
    for outcome in at_once(&client(&server)).await {
        outcome.unwrap();
    }
}

/// A restart of the server: each of the calls meets one 503.
#[tokio::test]
async fn budget_loses_no_call_of_a_herd() {
    let seen = AtomicUsize::new(0);
    let server = Server::start(move |_| match seen.fetch_add(1, Ordering::SeqCst) {
        0..CALLS => json(503, "{}"),
        _ => json(200, STOCK),
    });
    let client = server.client();
    let client = client.with_options(|call| call.retry_policy(quick().attempts(9)));
    for outcome in at_once(&client).await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn budget_used_up_is_named_in_the_error() {
    let server = ConnectionFault::Status(503).always();
    let none = RetryBudget::new().burst(0).per_call(0.0).per_second(0.0);
    let builder = server.builder().depot_key(KEY).retry_budget(none);
    let error = stock_level(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    let text = error.to_string();
    assert!(text.contains("`ClientBuilder::retry_budget`"), "{text}");
}

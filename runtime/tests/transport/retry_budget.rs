//! An outage is not multiplied: all clones of a client draw their repetitions from one budget.

use neo_client::{Client, Error, ErrorKind};

use crate::faults::fault::Fault;
use crate::faults::scene::{balance, client, in_turn};
use crate::server::{BALANCE, Server, json};

const CALLS: usize = 200;

/// The calls, and the 70 repetitions that so many calls are worth, with room for what a long test earns.
const BOUND: usize = CALLS + 100;

/// What `CALLS` calls at once end in, each by a clone of its own.
async fn at_once(client: &Client) -> Vec<Result<(), Error>> {
    let calls: Vec<_> = (0..CALLS)
        .map(|number| {
            // Other options do not make another budget.
            let client = match number % 2 {
                0 => client.clone(),
                _ => client.with(|call| call.retries(2)),
            };
            tokio::spawn(async move { balance(&client).await.map(drop) })
        })
        .collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn a_server_that_is_overloaded_gets_few_requests_more() {
    let server = Server::start(|_| json(503, r#"{"error": "overloaded"}"#));
    for outcome in at_once(&client(&server)).await {
        assert_eq!(outcome.unwrap_err().status().unwrap(), 503);
    }
    let asked = server.received().len();
    assert!((CALLS..=BOUND).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_server_that_resets_gets_few_connections_more() {
    let server = Fault::ResetAfterRead.always();
    for outcome in at_once(&client(&server)).await {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Transport);
    }
    let accepted = server.accepted();
    assert!((CALLS..=BOUND).contains(&accepted), "{accepted}");
}

#[tokio::test]
async fn after_an_outage_calls_succeed() {
    let outage = (0..CALLS + 100).map(|_| json(502, "{}"));
    let server = in_turn(outage.chain([json(200, BALANCE)]));
    let client = client(&server);
    at_once(&client).await;
    let mut calls = 0;
    while balance(&client).await.is_err() {
        calls += 1;
        assert!(calls <= 100);
    }
    balance(&client).await.unwrap();
}

#[tokio::test]
async fn another_client_has_a_budget_of_its_own() {
    let server = Fault::Status(503).always();
    at_once(&client(&server)).await;
    let error = balance(&client(&server)).await.unwrap_err();
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn when_one_in_twenty_fails_no_call_does() {
    let server = Server::accept(|connection| {
        // The first one on a connection is never one in twenty of those that are repeated.
        if connection.request().is_some() && connection.number % 20 != 7 {
            connection.send(json(200, BALANCE));
        }
    });
    for outcome in at_once(&client(&server)).await {
        outcome.unwrap();
    }
}

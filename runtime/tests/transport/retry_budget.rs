//! The retry budget, which all clones of a client share.

use neo_client_fixture::Client;
use neo_client_runtime::{Error, ErrorKind};

use crate::support::calls::{client, in_turn, stock_level};
use crate::support::clients::STOCK;
use crate::support::connection_fault::ConnectionFault;
use crate::support::server::{Server, json};

const CALLS: usize = 200;

/// The calls and the 70 retries that the budget allows for them, with room for what a slow test
/// earns in addition.
const BOUND: usize = CALLS + 100;

/// Makes `CALLS` calls at once, each with its own clone of the client.
async fn at_once(client: &Client) -> Vec<Result<(), Error>> {
    let calls: Vec<_> = (0..CALLS)
        .map(|number| {
            // Changed options share the budget.
            let client = match number % 2 {
                0 => client.clone(),
                _ => client.with_options(|call| call.retries(2)),
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
    for outcome in at_once(&client(&server)).await {
        assert_eq!(outcome.unwrap_err().status().unwrap(), 503);
    }
    let asked = server.received().len();
    assert!((CALLS..=BOUND).contains(&asked), "{asked}");
}

#[tokio::test]
async fn budget_resetting_server_gets_few_more_connections() {
    let server = ConnectionFault::ResetAfterRead.always();
    for outcome in at_once(&client(&server)).await {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Transport);
    }
    let accepted = server.accepted();
    assert!((CALLS..=BOUND).contains(&accepted), "{accepted}");
}

#[tokio::test]
async fn budget_after_outage_recovers() {
    let outage = (0..CALLS + 100).map(|_| json(502, "{}"));
    let server = in_turn(outage.chain([json(200, STOCK)]));
    let client = client(&server);
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
    at_once(&client(&server)).await;
    let error = stock_level(&client(&server)).await.unwrap_err();
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

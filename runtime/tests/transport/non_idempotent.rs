//! Requests that must not be carried out twice, counted by the server.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use neo_client_fixture::{Client, types};
use neo_client_runtime::ErrorKind;

use crate::support::calls::{
    SECOND, client, client_with, ends, in_turn, place_order, quick, refusing_socket,
};
use crate::support::clients::KEY;
use crate::support::connection_fault::{ConnectionFault, later, reset};
use crate::support::server::{Connection, Server, json};

const BOUGHT: &str =
    r#"{"action": "buy", "price_cents": 1, "price_display": "$", "quantity": 100}"#;

#[tokio::test]
async fn order_is_retried_until_connected_and_sent_once() {
    let (socket, url) = refusing_socket();
    let pause = SECOND / 10;
    let client = Client::builder().depot_key(KEY).base_url(url);
    let policy = quick().attempts(1000).backoff(pause, pause);
    let client = client.retry_policy(policy).build().unwrap();
    let order = tokio::spawn(async move { place_order(&client).await });
    tokio::time::sleep(SECOND / 4).await;
    socket.listen(8).unwrap();
    let server = Server::listen(socket.into(), |connection: &mut Connection| {
        if connection.request().is_some() {
            connection.send(json(200, BOUGHT));
        }
    });
    assert_eq!(order.await.unwrap().unwrap().quantity, 100.0);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn order_put_off_by_retry_after_is_resent() {
    for status in [429, 503] {
        let server = in_turn([later(status, "0"), json(200, BOUGHT)]);
        place_order(&client(&server)).await.unwrap();
        assert_eq!(server.received().len(), 2);
    }
}

/// The status says that the server did not carry out the order.
#[tokio::test]
async fn order_refused_undone_is_resent() {
    for status in [408, 425, 429] {
        let server = in_turn([json(status, "{}"), json(200, BOUGHT)]);
        place_order(&client(&server)).await.unwrap();
        assert_eq!(server.received().len(), 2);
    }
}

#[tokio::test]
async fn order_failed_by_other_status_is_not_resent() {
    for status in [500, 502, 504, 520, 524] {
        let server = in_turn([later(status, "0"), json(200, BOUGHT)]);
        let error = place_order(&client(&server)).await.unwrap_err();
        assert_eq!((error.attempts(), server.received().len()), (1, 1));
    }
}

#[tokio::test]
async fn order_put_off_then_broken_is_not_resent() {
    let server = in_turn([later(503, "0"), Vec::new(), json(200, BOUGHT)]);
    let error = place_order(&client(&server)).await.unwrap_err();
    assert_eq!((error.attempts(), server.received().len()), (2, 2));
    assert_eq!(error.kind(), ErrorKind::Transport);
    let text = error.to_string();
    assert!(
        text.contains("it may have been carried out: check before"),
        "{text}"
    );
}

#[tokio::test]
async fn order_with_lost_response_warns() {
    for fault in [
        ConnectionFault::ResetAfterRead,
        ConnectionFault::BodyEndsEarly,
        ConnectionFault::Silence,
    ] {
        let server = fault.first(1, json(200, BOUGHT));
        let client = client_with(&server, |call| call.attempt_timeout(3 * SECOND));
        let text = place_order(&client).await.unwrap_err().to_string();
        assert!(text.starts_with("orders.place_order: "), "{text}");
        assert!(
            text.contains("it may have been carried out: check before"),
            "{text}"
        );
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn order_with_unreadable_response_is_not_resent() {
    for answer in ["{}", "<html>", "", "[1"] {
        let server = in_turn([json(200, answer), json(200, BOUGHT)]);
        let error = place_order(&client(&server)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(server.received().len(), 1);
    }
}

/// The server resets a third of the connections after it has carried out the order, and puts off
/// another third.
#[tokio::test]
async fn orders_under_faults_are_carried_out_once() {
    let carried_out = Arc::<Mutex<BTreeMap<String, usize>>>::default();
    let count = Arc::clone(&carried_out);
    let server = Server::accept(move |connection| {
        let Some(order) = connection.request() else {
            return;
        };
        if connection.number % 3 == 1 {
            return connection.send(later(503, "0"));
        }
        *count.lock().unwrap().entry(order.body).or_default() += 1;
        match connection.number % 3 {
            0 => connection.send(json(200, BOUGHT)),
            _ => reset(&connection.socket),
        }
    });
    let client = client(&server);
    let orders: Vec<_> = (0..100)
        .map(|number| {
            let client = client.clone();
            // The quantity identifies the order.
            let order = types::OrderRequest::builder()
                .action("buy")
                .quantity(f64::from(100 + number));
            tokio::spawn(
                async move { ends(client.orders().place_order(order).into_future()).await },
            )
        })
        .collect();
    let mut bought = 0;
    for order in orders {
        match order.await.unwrap() {
            Ok(_) => bought += 1,
            Err(error) => assert!(error.is_retryable(), "{error}"),
        }
    }
    let carried_out = carried_out.lock().unwrap();
    assert!(
        carried_out.values().all(|times| *times == 1),
        "{carried_out:?}"
    );
    assert!(bought > 0 && bought <= carried_out.len());
}

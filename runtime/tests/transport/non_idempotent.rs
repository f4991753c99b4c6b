//! What must not happen twice: the server's own count of the orders that it received.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use neo_client::{Client, ErrorKind, types};
use socket2::{Domain, Socket, Type};

use crate::faults::fault::{Fault, later, reset};
use crate::faults::scene::{SECOND, client, client_with, ends, in_turn, purchase, quick};
use crate::server::{Connection, KEY, Server, json};

const BOUGHT: &str =
    r#"{"action": "purchase", "amount_cents": 1, "amount_display": "$", "credits": 100}"#;

#[tokio::test]
async fn an_order_is_repeated_until_there_is_a_connection_and_then_no_more() {
    // Bound and not listening: connections are refused, and nobody else gets the port.
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket
        .bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())
        .unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let pause = SECOND / 10;
    let client = Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{address}"));
    let policy = quick().attempts(30).backoff(pause, pause);
    let client = client.retry_policy(policy).build().unwrap();
    let order = tokio::spawn(async move { purchase(&client).await });
    tokio::time::sleep(SECOND / 4).await;
    socket.listen(8).unwrap();
    let server = Server::listen(socket.into(), |connection: &mut Connection| {
        if connection.request().is_some() {
            connection.send(json(200, BOUGHT));
        }
    });
    assert_eq!(order.await.unwrap().unwrap().credits, 100.0);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn an_order_that_was_put_off_is_sent_again() {
    for status in [429, 503] {
        let server = in_turn([later(status, "0"), json(200, BOUGHT)]);
        purchase(&client(&server)).await.unwrap();
        assert_eq!(server.received().len(), 2);
    }
}

#[tokio::test]
async fn other_statuses_with_retry_after_do_not_say_that_nothing_was_done() {
    for status in [408, 500, 502, 504] {
        let server = in_turn([later(status, "0"), json(200, BOUGHT)]);
        let error = purchase(&client(&server)).await.unwrap_err();
        assert_eq!((error.attempts(), server.received().len()), (1, 1));
    }
}

#[tokio::test]
async fn a_put_off_order_that_then_breaks_is_not_sent_a_third_time() {
    let server = in_turn([later(503, "0"), Vec::new(), json(200, BOUGHT)]);
    let error = purchase(&client(&server)).await.unwrap_err();
    assert_eq!((error.attempts(), server.received().len()), (2, 2));
    assert_eq!(error.kind(), ErrorKind::Transport);
    let text = error.to_string();
    assert!(
        text.contains("it may have been carried out: check before"),
        "{text}"
    );
}

#[tokio::test]
async fn an_order_whose_reply_is_lost_says_so() {
    for fault in [Fault::ResetAfterRead, Fault::BodyEndsEarly, Fault::Silence] {
        let server = fault.first(1, json(200, BOUGHT));
        let client = client_with(&server, |call| call.attempt_timeout(SECOND));
        let text = purchase(&client).await.unwrap_err().to_string();
        assert!(text.starts_with("billing.purchase_credits: "), "{text}");
        assert!(
            text.contains("it may have been carried out: check before"),
            "{text}"
        );
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_is_no_reason_to_buy_again() {
    for answer in ["{}", "<html>", "", "[1"] {
        let server = in_turn([json(200, answer), json(200, BOUGHT)]);
        let error = purchase(&client(&server)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(server.received().len(), 1);
    }
}

/// A third of the connections is reset once the order was carried out, and on another third the order is put off.
#[tokio::test]
async fn of_a_hundred_orders_in_bad_weather_none_is_carried_out_twice() {
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
            // Each can be told from the others.
            let order = types::BillingPurchaseRequest::builder()
                .action("purchase")
                .credits(f64::from(100 + number));
            tokio::spawn(async move {
                ends(client.billing().purchase_credits(order).into_future()).await
            })
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

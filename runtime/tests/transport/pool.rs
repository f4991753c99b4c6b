//! Connections that are used again: kept when they can be, and never the reason for a failure or a mix-up.

use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client::{ErrorKind, Method};

use crate::faults::fault::{reset, until_closed};
use crate::faults::scene::{SECOND, balance, client, ends, once, purchase, send};
use crate::server::{BALANCE, Connection, Server};

/// A reply after which the connection stays open.
fn kept(status: u16, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn serve_balance(connection: &mut Connection) {
    while connection.request().is_some() {
        connection.send(kept(200, BALANCE));
    }
}

#[tokio::test]
async fn calls_in_a_row_share_one_connection() {
    let server = Server::accept(serve_balance);
    let client = client(&server);
    for _ in 0..50 {
        balance(&client).await.unwrap();
        balance(&client.with(|call| call.retries(0))).await.unwrap();
    }
    assert_eq!((server.accepted(), server.received().len()), (1, 100));
}

#[tokio::test]
async fn a_refusal_leaves_the_connection_usable() {
    let server = Server::accept(|connection| {
        while let Some(request) = connection.request() {
            match request.method.as_str() {
                "GET" => connection.send(kept(200, BALANCE)),
                _ => connection.send(kept(404, r#"{"error": "no"}"#)),
            }
        }
    });
    let client = client(&server);
    for _ in 0..3 {
        assert_eq!(
            send(&client, Method::PUT)
                .await
                .unwrap_err()
                .status()
                .unwrap(),
            404
        );
        balance(&client).await.unwrap();
    }
    assert_eq!(server.accepted(), 1);
}

/// A server that answers one request a connection and then closes it, though it had promised to keep it; and how many it
/// has closed.
fn forgetful() -> (Server, Arc<AtomicUsize>) {
    let closed = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&closed);
    let server = Server::accept(move |connection| {
        connection.request();
        connection.send(kept(200, BALANCE));
        connection.socket.shutdown(Shutdown::Write).unwrap();
        count.fetch_add(1, Ordering::SeqCst);
        until_closed(&mut connection.socket);
    });
    (server, closed)
}

/// Waits until the server has closed `count` connections and the client has had time to see it.
async fn are_closed(closed: &AtomicUsize, count: usize) {
    while closed.load(Ordering::SeqCst) < count {
        tokio::time::sleep(SECOND / 100).await;
    }
    tokio::time::sleep(SECOND / 10).await;
}

#[tokio::test]
async fn an_idle_connection_that_the_server_closed_is_not_used_again() {
    let (server, closed) = forgetful();
    let client = once(&server);
    for count in 1..=3 {
        balance(&client).await.unwrap();
        are_closed(&closed, count).await;
    }
    assert_eq!((server.accepted(), server.received().len()), (3, 3));
}

#[tokio::test]
async fn a_purchase_on_an_idle_connection_that_the_server_closed_is_sent_once() {
    let (server, closed) = forgetful();
    let client = once(&server);
    balance(&client).await.unwrap();
    are_closed(&closed, 1).await;
    let error = purchase(&client).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Decode,
        "the balance is no receipt: {error}"
    );
    let received = server.received();
    let orders = received.iter().filter(|it| it.method == "POST").count();
    assert_eq!(orders, 1);
}

/// The second request on each connection is read and then the connection is reset.
fn resets_on_second_use() -> Server {
    Server::accept(|connection| {
        connection.request();
        connection.send(kept(200, BALANCE));
        if connection.request().is_some() {
            reset(&connection.socket);
        }
    })
}

#[tokio::test]
async fn a_reset_on_second_use_is_one_more_attempt() {
    let server = resets_on_second_use();
    let client = client(&server);
    balance(&client).await.unwrap();
    balance(&client).await.unwrap();
    assert_eq!((server.accepted(), server.received().len()), (2, 3));
}

#[tokio::test]
async fn a_purchase_that_is_reset_on_second_use_is_not_sent_again() {
    let server = resets_on_second_use();
    let client = client(&server);
    balance(&client).await.unwrap();
    let error = purchase(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn what_follows_a_reply_unasked_does_not_answer_the_next_call() {
    let forged = r#"{"available_credits": 666, "issued_credits": 666, "used_credits": 0}"#;
    let server = Server::accept(move |connection| {
        connection.request();
        connection.send(format!("{}{}", kept(200, BALANCE), kept(200, forged)));
        serve_balance(connection);
    });
    let client = client(&server);
    for _ in 0..3 {
        assert_eq!(balance(&client).await.unwrap().issued_credits, 100.0);
    }
    assert!(server.received().len() >= 3);
}

#[tokio::test]
async fn a_reply_that_was_left_unread_does_not_answer_the_next_call() {
    let server = Server::accept(|connection| {
        while let Some(request) = connection.request() {
            match request.method.as_str() {
                "GET" => connection.send(kept(200, BALANCE)),
                _ => connection.send(kept(500, &"x".repeat(10 << 20))),
            }
        }
    });
    let client = client(&server);
    assert_eq!(
        send(&client, Method::PUT)
            .await
            .unwrap_err()
            .status()
            .unwrap(),
        500
    );
    balance(&client).await.unwrap();
}

#[tokio::test]
async fn a_timeout_used_up_by_one_call_does_not_leave_its_reply_to_the_next() {
    let server = Server::accept(|connection| {
        while let Some(request) = connection.request() {
            if request.target == "/slow" {
                std::thread::sleep(SECOND / 2);
                connection.send(kept(200, "\"slow\""));
            } else {
                connection.send(kept(200, BALANCE));
            }
        }
    });
    let neo = client(&server);
    balance(&neo).await.unwrap();
    let hasty = neo.with(|call| call.retries(0).timeout(SECOND / 4));
    let slow = ends(hasty.request(Method::GET, "/slow").send()).await;
    assert!(slow.unwrap_err().is_timeout());
    tokio::time::sleep(SECOND / 2).await;
    balance(&neo).await.unwrap();
}

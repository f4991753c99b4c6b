//! Pooled connections: they are reused, and never cause a failure or a mix-up of responses.

use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_runtime::{ErrorKind, Method};

use crate::support::calls::{SECOND, client, ends, once, place_order, send, stock_level};
use crate::support::clients::STOCK;
use crate::support::connection_fault::{reset, until_closed};
use crate::support::server::{Connection, Server};

/// Returns a response after which the connection stays open.
fn kept(status: u16, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn serve_stock(connection: &mut Connection) {
    while connection.request().is_some() {
        connection.send(kept(200, STOCK));
    }
}

#[tokio::test]
async fn pool_calls_in_a_row_share_one_connection() {
    let server = Server::accept(serve_stock);
    let client = client(&server);
    for _ in 0..50 {
        stock_level(&client).await.unwrap();
        stock_level(&client.with_options(|call| call.retries(0)))
            .await
            .unwrap();
    }
    assert_eq!((server.accepted(), server.received().len()), (1, 100));
}

#[tokio::test]
async fn pool_error_response_keeps_connection() {
    let server = Server::accept(|connection| {
        while let Some(request) = connection.request() {
            match request.method.as_str() {
                "GET" => connection.send(kept(200, STOCK)),
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
        stock_level(&client).await.unwrap();
    }
    assert_eq!(server.accepted(), 1);
}

/// Starts a server that closes each connection after one response, though it promised to keep it.
/// The counter holds how many connections it has closed.
fn forgetful() -> (Server, Arc<AtomicUsize>) {
    let closed = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&closed);
    let server = Server::accept(move |connection| {
        connection.request();
        connection.send(kept(200, STOCK));
        connection.socket.shutdown(Shutdown::Write).unwrap();
        count.fetch_add(1, Ordering::SeqCst);
        until_closed(&mut connection.socket);
    });
    (server, closed)
}

/// Waits until the server has closed `count` connections and the client has seen it.
async fn are_closed(closed: &AtomicUsize, count: usize) {
    while closed.load(Ordering::SeqCst) < count {
        tokio::time::sleep(SECOND / 100).await;
    }
    // The end of the connection has arrived: let the tasks of the client read it.
    for _ in 0..20 {
        tokio::time::sleep(SECOND / 200).await;
    }
}

#[tokio::test]
async fn pool_closed_idle_connection_is_not_reused() {
    let (server, closed) = forgetful();
    let client = once(&server);
    for count in 1..=3 {
        stock_level(&client).await.unwrap();
        are_closed(&closed, count).await;
    }
    assert_eq!((server.accepted(), server.received().len()), (3, 3));
}

#[tokio::test]
async fn pool_order_after_closed_connection_is_sent_once() {
    let (server, closed) = forgetful();
    let client = once(&server);
    stock_level(&client).await.unwrap();
    are_closed(&closed, 1).await;
    let error = place_order(&client).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Decode,
        "a stock level is no receipt: {error}"
    );
    let received = server.received();
    let orders = received.iter().filter(|it| it.method == "POST").count();
    assert_eq!(orders, 1);
}

/// Starts a server that resets each connection after the second request.
fn resets_on_second_use() -> Server {
    Server::accept(|connection| {
        connection.request();
        connection.send(kept(200, STOCK));
        if connection.request().is_some() {
            reset(&connection.socket);
        }
    })
}

#[tokio::test]
async fn pool_reset_on_second_use_is_retried() {
    let server = resets_on_second_use();
    let client = client(&server);
    stock_level(&client).await.unwrap();
    stock_level(&client).await.unwrap();
    assert_eq!((server.accepted(), server.received().len()), (2, 3));
}

#[tokio::test]
async fn pool_order_reset_on_second_use_is_not_resent() {
    let server = resets_on_second_use();
    let client = client(&server);
    stock_level(&client).await.unwrap();
    let error = place_order(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn pool_unasked_response_is_not_used() {
    let forged = r#"{"available": 666, "stocked": 666, "shipped": 0}"#;
    let server = Server::accept(move |connection| {
        connection.request();
        connection.send(format!("{}{}", kept(200, STOCK), kept(200, forged)));
        serve_stock(connection);
    });
    let client = client(&server);
    for _ in 0..3 {
        assert_eq!(stock_level(&client).await.unwrap().stocked, 100.0);
    }
    assert!(server.received().len() >= 3);
}

#[tokio::test]
async fn pool_unread_response_is_not_used() {
    let server = Server::accept(|connection| {
        while let Some(request) = connection.request() {
            match request.method.as_str() {
                "GET" => connection.send(kept(200, STOCK)),
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
    stock_level(&client).await.unwrap();
}

#[tokio::test]
async fn pool_late_response_is_not_used() {
    let server = Server::accept(|connection| {
        while let Some(request) = connection.request() {
            if request.target == "/slow" {
                std::thread::sleep(SECOND / 2);
                connection.send(kept(200, "\"slow\""));
            } else {
                connection.send(kept(200, STOCK));
            }
        }
    });
    let depot = client(&server);
    stock_level(&depot).await.unwrap();
    let hasty = depot.with_options(|call| call.retries(0).timeout(SECOND / 4));
    let slow = ends(hasty.request(Method::GET, "/slow").send()).await;
    assert!(slow.unwrap_err().is_timeout());
    tokio::time::sleep(SECOND / 2).await;
    stock_level(&depot).await.unwrap();
}

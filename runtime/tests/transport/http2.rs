//! HTTP/2: connections that end or are dead, and streams that the server refuses or resets.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use neo_client_fixture::types;
use neo_client_runtime::{ErrorKind, Method, ResumeBy, StreamEnd};

use crate::support::calls::{SECOND, ends, place_order, quick, stock_error, stock_level};
use crate::support::clients::STOCK;
use crate::support::http2::{NO_ERROR, REFUSED_STREAM, builder, client, serve};
use crate::support::server::Server;

const RECEIPT: &str =
    r#"{"action": "buy", "price_cents": 1, "price_display": "$", "quantity": 100}"#;

/// Starts a server that counts requests and lets `handle` deal with each, by its number. The
/// connection ends once `handle` returns `false`.
fn counting(
    handle: impl Fn(usize, &mut crate::support::http2::Http2, u32) -> bool + Send + Sync + 'static,
) -> (Server, Arc<AtomicUsize>) {
    let count = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&count);
    let server = serve(None, move |connection| {
        while let Some(request) = connection.request() {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            if !handle(number, connection, request.stream) {
                return;
            }
        }
    });
    (server, count)
}

#[tokio::test]
async fn dead_connection_is_replaced_after_a_timeout() {
    // The first connection carries one call, then nothing more arrives.
    let server = serve(None, |connection| {
        while let Some(request) = connection.request() {
            connection.respond(request.stream, STOCK);
            if connection.number == 0 {
                return connection.swallow();
            }
        }
    });
    let client = client(&server).with_options(|call| call.attempt_timeout(2 * SECOND));
    for _ in 0..3 {
        stock_level(&client).await.unwrap();
    }
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn dead_connection_is_not_used_by_the_next_call() {
    let server = serve(None, |connection| {
        while let Some(request) = connection.request() {
            match connection.number {
                0 => return connection.swallow(),
                _ => connection.respond(request.stream, STOCK),
            }
        }
    });
    let client = client(&server);
    let hasty = client.with_options(|call| call.retries(0).attempt_timeout(SECOND / 4));
    assert_eq!(stock_error(&hasty).await.kind(), ErrorKind::Timeout);
    stock_level(&client).await.unwrap();
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn connection_that_died_in_a_body_is_replaced() {
    let server = serve(None, |connection| {
        while let Some(request) = connection.request() {
            match connection.number {
                0 => connection.respond_in_part(request.stream, None, "{"),
                _ => connection.respond(request.stream, STOCK),
            }
        }
    });
    let policy = quick().attempts(2);
    let client = client(&server);
    let client = client.with_options(|call| call.attempt_timeout(SECOND).retry_policy(policy));
    stock_level(&client).await.unwrap();
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn connection_of_a_silent_stream_is_replaced() {
    let server = serve(None, |connection| {
        while let Some(request) = connection.request() {
            let event = format!("id: {0}\ndata: {0}\n\n", connection.number);
            connection.begin_events(request.stream, &event);
        }
    });
    let client = client(&server).with_options(|call| call.idle_timeout(SECOND / 4));
    let request = client.request(Method::GET, "/api/v1/x");
    let request = request.resume(ResumeBy::LAST_EVENT_ID);
    let mut events = ends(request.events()).await.unwrap().into_inner();
    events.next_event().await.unwrap().unwrap();
    let error = events.next_event().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    ends(events.reconnect()).await.unwrap();
    assert_eq!(events.next_event().await.unwrap().unwrap().data, "1");
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn goaway_before_processing_resends_an_order() {
    let (server, count) = counting(|number, connection, stream| {
        match number {
            0 => connection.go_away(0, NO_ERROR),
            _ => connection.respond(stream, RECEIPT),
        }
        true
    });
    place_order(&client(&server)).await.unwrap();
    assert_eq!((server.accepted(), count.load(Ordering::SeqCst)), (2, 2));
}

#[tokio::test]
async fn goaway_after_processing_resends_no_order() {
    let (server, count) = counting(|_, connection, stream| {
        connection.go_away(stream, NO_ERROR);
        false
    });
    let error = place_order(&client(&server)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert!(
        error.to_string().contains("it may have been carried out"),
        "{error}"
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn goaway_of_every_connection_is_reported_as_unprocessed() {
    let (server, count) = counting(|_, connection, _| {
        connection.go_away(0, NO_ERROR);
        true
    });
    let error = place_order(&client(&server)).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("before it processed the request"), "{text}");
    assert!(text.contains("trying again may help"), "{text}");
    assert_eq!((error.attempts(), count.load(Ordering::SeqCst)), (3, 3));
}

#[tokio::test]
async fn policy_of_one_attempt_sends_one_request() {
    for code in [NO_ERROR, REFUSED_STREAM] {
        let (server, count) = counting(move |_, connection, stream| {
            match code {
                NO_ERROR => connection.go_away(0, NO_ERROR),
                _ => connection.reset(stream, REFUSED_STREAM),
            }
            true
        });
        let client = client(&server).with_options(|call| call.retries(0));
        let error = stock_error(&client).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn refused_stream_resends_an_order_within_the_policy() {
    let (server, count) = counting(|number, connection, stream| {
        match number {
            0 | 1 => connection.reset(stream, REFUSED_STREAM),
            _ => connection.respond(stream, RECEIPT),
        }
        true
    });
    place_order(&client(&server)).await.unwrap();
    assert_eq!((server.accepted(), count.load(Ordering::SeqCst)), (1, 3));

    let (server, count) = counting(|_, connection, stream| {
        connection.reset(stream, REFUSED_STREAM);
        true
    });
    let error = place_order(&client(&server)).await.unwrap_err();
    assert_eq!((error.attempts(), count.load(Ordering::SeqCst)), (3, 3));
    assert!(
        error.to_string().contains("before it processed it"),
        "{error}"
    );
}

/// As nginx does with `keepalive_requests 5` and `http2_max_concurrent_streams 4`.
#[tokio::test]
async fn goaway_after_five_requests_loses_no_order() {
    let carried_out = Arc::<Mutex<BTreeMap<String, usize>>>::default();
    let count = Arc::clone(&carried_out);
    let server = serve(Some(4), move |connection| {
        for _ in 0..5 {
            let Some(request) = connection.request() else {
                return;
            };
            *count.lock().unwrap().entry(request.body).or_default() += 1;
            connection.respond(request.stream, RECEIPT);
        }
        connection.go_away(9, NO_ERROR);
        // An early close would reset the connection and lose the responses.
        connection.swallow();
    });
    let client = client(&server);
    let limit = Arc::new(tokio::sync::Semaphore::new(64));
    let orders: Vec<_> = (0..600)
        .map(|number| {
            let (client, limit) = (client.clone(), Arc::clone(&limit));
            tokio::spawn(async move {
                let _turn = limit.acquire().await.unwrap();
                // The quantity identifies the order.
                let order = types::OrderRequest::builder().action("buy");
                let order = order.quantity(f64::from(number));
                ends(client.orders().place_order(order).into_future()).await
            })
        })
        .collect();
    for order in orders {
        order.await.unwrap().unwrap();
    }
    let carried_out = carried_out.lock().unwrap();
    assert_eq!(carried_out.len(), 600);
    assert!(carried_out.values().all(|times| *times == 1));
}

/// As nginx does with the streams that a client opens before it knows their maximum.
#[tokio::test]
async fn refused_streams_of_a_burst_lose_no_order() {
    let server = serve(Some(4), |connection| {
        let mut number = 0;
        while let Some(request) = connection.request() {
            number += 1;
            match number {
                5..=60 => connection.reset(request.stream, REFUSED_STREAM),
                _ => connection.respond(request.stream, RECEIPT),
            }
        }
    });
    let client = client(&server);
    let orders: Vec<_> = (0..64)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { place_order(&client).await.map(drop) })
        })
        .collect();
    for order in orders {
        order.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn response_reset_before_its_end_is_an_error() {
    for content_length in [Some(999), None] {
        let (server, count) = counting(move |_, connection, stream| {
            // A whole JSON document, so that only the framing tells.
            connection.respond_in_part(stream, content_length, STOCK);
            connection.reset(stream, NO_ERROR);
            true
        });
        let error = stock_error(&client(&server)).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
        assert_eq!(error.status().unwrap(), 200);
        assert!(
            error.to_string().contains("before it was complete"),
            "{error}"
        );
        assert_eq!(count.load(Ordering::SeqCst), 3);
    }
}

#[tokio::test]
async fn stream_reset_before_its_end_is_an_error() {
    let (server, _) = counting(|_, connection, stream| {
        connection.respond_in_part(stream, None, "abc");
        connection.reset(stream, NO_ERROR);
        true
    });
    let request = client(&server).request(Method::GET, "/x");
    let mut body = request.stream().await.unwrap().into_inner();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "abc");
    let error = body.chunk().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(body.chunk().await.is_none());
}

#[tokio::test]
async fn response_to_head_without_body_is_complete() {
    let (server, _) = counting(|_, connection, stream| {
        connection.respond(stream, "");
        true
    });
    let request = client(&server).request(Method::HEAD, "/x");
    ends(request.send()).await.unwrap();
}

#[tokio::test]
async fn early_response_to_an_upload_is_read() {
    let server = serve(None, |connection| {
        let stream = connection.head().unwrap();
        connection.refuse(stream, "413");
        connection.reset(stream, NO_ERROR);
        connection.swallow();
    });
    let client = builder(&server).retry_policy(quick()).build().unwrap();
    let request = client.request(Method::POST, "/x");
    let error = ends(request.json(&"x".repeat(8 << 20)).send()).await;
    assert_eq!(error.unwrap_err().status().unwrap(), 413);
}

/// A server that needs no more of the request says so after its response (RFC 9113 section 8.1).
#[tokio::test]
async fn response_complete_before_the_reset_is_read() {
    let server = serve(None, |connection| {
        let stream = connection.head().unwrap();
        connection.respond_in_part(stream, Some(RECEIPT.len()), RECEIPT);
        connection.reset(stream, NO_ERROR);
        connection.swallow();
    });
    let client = builder(&server).retry_policy(quick()).build().unwrap();
    let request = client.request(Method::POST, "/x");
    let response = ends(request.json(&"x".repeat(8 << 20)).send()).await;
    assert_eq!(response.unwrap().into_inner(), RECEIPT);
}

#[tokio::test]
async fn response_of_another_length_is_an_error() {
    for length in [STOCK.len() - 1, STOCK.len() + 1] {
        let (server, count) = counting(move |_, connection, stream| {
            connection.respond_in_part(stream, Some(length), STOCK);
            connection.end(stream);
            true
        });
        let error = stock_error(&client(&server)).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
        assert_eq!(count.load(Ordering::SeqCst), 3);
    }
}

#[tokio::test]
async fn events_reset_before_their_end_are_an_error() {
    let (server, _) = counting(|_, connection, stream| {
        connection.begin_events(stream, "id: 7\ndata: a\n\ndata: b\n");
        connection.reset(stream, NO_ERROR);
        true
    });
    let request = client(&server).request(Method::GET, "/x");
    let mut events = request.events().await.unwrap().into_inner();
    assert_eq!(events.next_event().await.unwrap().unwrap().data, "a");
    let error = events.next_event().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.last_event_id(), Some("7"));
    assert!(events.next_event().await.is_none());
    assert_eq!(events.ended(), Some(StreamEnd::Failed));
}

#[tokio::test]
async fn download_reset_before_its_end_leaves_no_file() {
    for length in [Some(999), None] {
        let (server, _) = counting(move |_, connection, stream| {
            connection.respond_in_part(stream, length, "half");
            connection.reset(stream, NO_ERROR);
            true
        });
        let directory = tempfile::tempdir().unwrap();
        let request = client(&server).request(Method::GET, "/x");
        let body = request.stream().await.unwrap().into_inner();
        let error = body.save_to(directory.path().join("a")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn goaway_beneath_a_layer_resends_an_order() {
    let (server, count) = counting(|number, connection, stream| {
        match number {
            0 => connection.go_away(0, NO_ERROR),
            _ => connection.respond(stream, RECEIPT),
        }
        true
    });
    let builder = builder(&server).retry_policy(quick());
    let client = builder.transport(|http| http).build().unwrap();
    place_order(&client).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn misdirected_order_is_resent_over_another_connection() {
    let server = serve(None, |connection| {
        while let Some(request) = connection.request() {
            match connection.number {
                0 => connection.refuse(request.stream, "421"),
                _ => connection.respond(request.stream, RECEIPT),
            }
        }
    });
    place_order(&client(&server)).await.unwrap();
    assert_eq!(server.accepted(), 2);
}

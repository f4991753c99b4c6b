//! Operations of the documents over HTTP: what goes out, and what is made of what comes in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::sync::atomic::{AtomicBool, Ordering};

use neo_client_documents::{idempotency, scalars};
use support::server::{Server, json, response};

#[tokio::test]
async fn operation_is_called_over_http() {
    let server = Server::always(json(200, r#"{"text": "a", "whole": 1}"#));
    let client = scalars::Client::from(server.client());
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let got = client.scalars().get_scalars(id).limit(3).await.unwrap();
    assert_eq!((got.text.as_str(), got.whole), ("a", 1));
    assert_eq!(
        server.received()[0].target,
        format!("/scalars/{id}?limit=3")
    );
}

#[tokio::test]
async fn idempotency_key_declared_makes_post_retryable() {
    let server = || {
        let is_down = AtomicBool::new(true);
        Server::start(move |_| {
            let status = if is_down.swap(false, Ordering::SeqCst) {
                502
            } else {
                204
            };
            response(status, &[], "")
        })
    };
    let keys = |server: &Server| -> Vec<String> {
        let received = server.received();
        let keys = received.iter().map(|it| it.header("idempotency-key"));
        keys.map(|key| key.unwrap().to_owned()).collect()
    };

    let chosen = server();
    let client = idempotency::Client::from(chosen.client());
    client
        .orders()
        .order()
        .idempotency_key("k-1")
        .await
        .unwrap();
    assert_eq!(keys(&chosen), ["k-1", "k-1"]);

    let made = server();
    let client = idempotency::Client::from(made.client());
    client.orders().order().await.unwrap();
    let first = keys(&made);
    assert_eq!(first.len(), 2);
    assert_eq!(first[0], first[1]);
    client.orders().order().await.unwrap();
    assert_ne!(keys(&made)[2], first[0]);
}

//! Headers, query pairs and body properties that the options of a client add.

use std::collections::BTreeMap;

use neo_client_fixture::{Client, types};
use neo_client_runtime::{Body, ErrorKind, Method};
use serde_json::{Value, json as value};

use crate::support::calls::once;
use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Server, json};

async fn place_order(client: &Client) -> Result<(), neo_client_runtime::Error> {
    let order = types::OrderRequest::builder().action("buy").quantity(0.1);
    client.orders().place_order(order).await.map(drop)
}

#[tokio::test]
async fn options_add_to_a_generated_request() {
    let receipt = r#"{"action": "buy", "price_cents": 1, "price_display": "1", "quantity": 0.1}"#;
    let server = Server::always(json(200, receipt));
    let client = once(&server).with_options(|call| {
        call.header("traceparent", "00-1")
            .header("X-Tenant", "t1")
            .query("dry run", true)
            .query("tag", "a&b")
            .body_property("priority", 1)
            .body_property("quantity", 7)
            .body_property("labels", BTreeMap::from([("a", [1.5])]))
    });
    place_order(&client).await.unwrap();
    let request = &server.received()[0];
    assert_eq!(request.header("traceparent"), Some("00-1"));
    assert_eq!(request.header("x-tenant"), Some("t1"));
    assert_eq!(request.header("x-depot-key"), Some(KEY));
    assert_eq!(request.target, "/api/v1/orders?dry%20run=true&tag=a%26b");
    let body: Value = serde_json::from_str(&request.body).unwrap();
    // The property that the call sets takes precedence.
    let expected =
        value!({"action": "buy", "quantity": 0.1, "priority": 1, "labels": {"a": [1.5]}});
    assert_eq!(body, expected);
}

#[tokio::test]
async fn header_of_the_builder_is_sent_with_every_call() {
    let server = Server::always(json(200, STOCK));
    let builder = server.builder().depot_key(KEY).header("X-Gateway", "g1");
    let client = builder.build().unwrap();
    client.stock().get_stock_level().await.unwrap();
    let request = client.request(Method::GET, "/x");
    request.header("x-gateway", "g2").send().await.unwrap();
    let received = server.received();
    assert_eq!(received[0].header("x-gateway"), Some("g1"));
    assert_eq!(received[1].header("x-gateway"), Some("g2"));
}

#[tokio::test]
async fn options_override_no_credential_and_no_framing() {
    let server = Server::always(json(200, STOCK));
    for name in [
        "Authorization",
        "X-Depot-Key",
        "Proxy-Authorization",
        "Host",
        "content-length",
        "Transfer-Encoding",
        "Connection",
    ] {
        let client = once(&server).with_options(|call| call.header(name, "canary"));
        let error = client.stock().get_stock_level().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let text = format!("{error} {error:?} {client:?}");
        assert!(
            text.contains("is set by the client") && !text.contains("canary"),
            "{text}"
        );
        let builder = server.builder().header(name, "canary");
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
    let client = once(&server).with_options(|call| call.query("log_key", "canary"));
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let client = once(&server).with_options(|call| call.header("x-a", "canary\r\nx-b: 1"));
    client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn body_property_needs_a_json_object() {
    let server = Server::always(json(200, "{}"));
    let client = once(&server).with_options(|call| call.body_property("a", 1));
    let post = || client.request(Method::POST, "/x");
    for request in [
        post().json(&[1]),
        post().body("text"),
        post().body(Body::wrap(Body::from("{}"))),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(
            error.to_string().contains("a body that is a JSON object"),
            "{error}"
        );
    }
    assert_eq!(server.accepted(), 0);
    post().json(&value!({})).send().await.unwrap();
    post().json(&value!({"a": 2})).send().await.unwrap();
    post().send().await.unwrap();
    let bodies: Vec<String> = server.received().into_iter().map(|it| it.body).collect();
    assert_eq!(bodies, [r#"{"a":1}"#, r#"{"a":2}"#, ""]);

    let client = once(&server).with_options(|call| call.body_property("a", f64::NAN));
    let request = client.request(Method::POST, "/x").json(&value!({}));
    let text = request.send().await.unwrap_err().to_string();
    assert!(
        text.contains("the body property `a`: the value is NaN"),
        "{text}"
    );
}

#[tokio::test]
async fn secret_header_of_the_caller_is_redacted() {
    let server = Server::always(json(403, r#"{"error": "no gateway-key-canary"}"#));
    let client = once(&server);
    let client = client.with_options(|call| call.header("X-Gateway-Key", "gateway-key-canary"));
    let error = client.stock().get_stock_level().await.unwrap_err();
    let shown = format!("{error} {error:?} {client:?}");
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("no [redacted]"), "{shown}");
}

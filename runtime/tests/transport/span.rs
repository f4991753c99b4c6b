//! The span of a call, with the fields of OpenTelemetry.

use neo_client_runtime::Method;

use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Server, json, response};
use crate::support::trace::{Fields, traced};

/// The only span of `call`.
async fn span_of(call: impl AsyncFnOnce()) -> Fields {
    let records = traced(call).await;
    assert_eq!(records.spans.len(), 1);
    records.spans[0].clone()
}

#[tokio::test]
async fn span_of_success_has_request_and_status() {
    let server = Server::always(json(200, STOCK));
    let client = server.client();
    let span = span_of(async || drop(client.stock().get_stock_level().await)).await;
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    for (name, value) in [
        ("http.request.method", "GET"),
        ("url.template", "/api/v1/stock"),
        ("http.response.status_code", "200"),
        ("otel.name", "GET /api/v1/stock"),
        ("otel.kind", "client"),
        ("server.address", "127.0.0.1"),
        ("server.port", &port),
    ] {
        assert_eq!(span[name], value, "{name}");
    }
    assert!(!span.contains_key("error.type"));
    assert!(!format!("{span:?}").contains(KEY));
}

#[tokio::test]
async fn span_of_failure_has_error_type() {
    for (answer, kind, status) in [
        (json(429, "{}"), "429", Some("429")),
        (json(200, "[]"), "decode", Some("200")),
        (Vec::new(), "transport", None),
    ] {
        let server = Server::always(answer);
        let client = server.client();
        let span = span_of(async || drop(client.stock().get_stock_level().await)).await;
        assert_eq!(span["error.type"], kind);
        let recorded = span.get("http.response.status_code").map(String::as_str);
        assert_eq!(recorded, status);
    }
}

#[tokio::test]
async fn span_holds_nothing_of_caller_or_server() {
    let server = Server::always(response(418, &["x-a: canary"], "canary"));
    let client = server.client();
    let span = span_of(async || {
        let request = client
            .request(Method::POST, "/api/v1/canary")
            .json(&"canary");
        let request = request.query(&[("q", "canary")]).header("x-a", "canary");
        drop(request.send().await);
    })
    .await;
    assert_eq!(span["http.request.method"], "POST");
    assert!(!format!("{span:?}").contains("canary"), "{span:?}");
}

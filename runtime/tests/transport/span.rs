//! The spans of a call and of its attempts, with the fields of OpenTelemetry.

use neo_client_runtime::Method;

use crate::support::calls::once;
use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Server, json, response};
use crate::support::trace::{Fields, traced};

/// The spans of `call` and of its only attempt.
async fn spans_of(call: impl AsyncFnOnce()) -> [Fields; 2] {
    let spans = traced(call).await.spans;
    spans.try_into().unwrap()
}

#[tokio::test]
async fn span_of_success_has_request_and_status() {
    let server = Server::always(json(200, STOCK));
    let client = server.client();
    let [call, span] = spans_of(async || drop(client.stock().get_stock_level().await)).await;
    for (name, value) in [
        ("otel.name", "stock.get_stock_level"),
        ("otel.kind", "internal"),
        ("api.name", "neo-client-fixture"),
    ] {
        assert_eq!(call[name], value, "{name}");
    }
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
    for name in ["error.type", "http.request.resend_count"] {
        assert!(
            !call.contains_key(name) && !span.contains_key(name),
            "{name}"
        );
    }
    assert!(!format!("{call:?} {span:?}").contains(KEY));
}

#[tokio::test]
async fn span_of_failure_has_error_type() {
    for (answer, kind, status) in [
        (json(429, "{}"), "429", Some("429")),
        (json(200, "[]"), "decode", Some("200")),
        (Vec::new(), "transport", None),
    ] {
        let server = Server::always(answer);
        let client = once(&server);
        let [call, span] = spans_of(async || drop(client.stock().get_stock_level().await)).await;
        assert_eq!(call["error.type"], kind);
        assert_eq!(span["error.type"], kind);
        assert_eq!(span["otel.status_code"], "ERROR");
        let recorded = span.get("http.response.status_code").map(String::as_str);
        assert_eq!(recorded, status);
    }
}

#[tokio::test]
async fn span_holds_nothing_of_caller_or_server() {
    let server = Server::always(response(418, &["x-a: canary"], "canary"));
    let client = server.client();
    let [call, span] = spans_of(async || {
        let request = client
            .request(Method::POST, "/api/v1/canary")
            .json(&"canary");
        let request = request.query(&[("q", "canary")]).header("x-a", "canary");
        drop(request.send().await);
    })
    .await;
    assert_eq!(span["http.request.method"], "POST");
    assert_eq!(span["otel.name"], "POST");
    let shown = format!("{call:?} {span:?}");
    assert!(!shown.contains("canary"), "{shown}");
}

//! One span a call, with the fields of OpenTelemetry and nothing that the caller or the server wrote.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use neo_client::Method;
use server::{BALANCE, KEY, Server, json, reply};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps the fields of the spans of this crate.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Fields>>>);

#[derive(Clone, Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}").trim_matches('"').to_owned();
        self.0.insert(field.name(), text);
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target() == "neo_client_runtime"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut spans = self.0.lock().unwrap();
        let mut fields = Fields::default();
        span.record(&mut fields);
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let index = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut self.0.lock().unwrap()[index]);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl Spans {
    /// The span of the one call that `make` makes.
    async fn of(make: impl AsyncFnOnce()) -> BTreeMap<&'static str, String> {
        let spans = Spans::default();
        let guard = tracing::subscriber::set_default(spans.clone());
        make().await;
        drop(guard);
        let spans = spans.0.lock().unwrap();
        assert_eq!(spans.len(), 1);
        spans[0].0.clone()
    }
}

#[tokio::test]
async fn a_call_that_works() {
    let server = Server::always(json(200, BALANCE));
    let client = server.client();
    let span = Spans::of(async || drop(client.billing().get_credit_balance().await)).await;
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    for (name, value) in [
        ("http.request.method", "GET"),
        ("url.template", "/api/v1/billing/credits"),
        ("http.response.status_code", "200"),
        ("otel.name", "GET /api/v1/billing/credits"),
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
async fn a_call_that_fails() {
    for (answer, kind, status) in [
        (json(429, "{}"), "429", Some("429")),
        (json(200, "[]"), "decode", Some("200")),
        (Vec::new(), "transport", None),
    ] {
        let server = Server::always(answer);
        let client = server.client();
        let span = Spans::of(async || drop(client.billing().get_credit_balance().await)).await;
        assert_eq!(span["error.type"], kind);
        let recorded = span.get("http.response.status_code").map(String::as_str);
        assert_eq!(recorded, status);
    }
}

#[tokio::test]
async fn nothing_of_the_callers_or_the_servers() {
    let server = Server::always(reply(418, &["x-a: canary"], "canary"));
    let client = server.client();
    let span = Spans::of(async || {
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

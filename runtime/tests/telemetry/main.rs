//! OpenTelemetry: the trace context that a server receives, and the metrics of a call.
#![cfg(feature = "opentelemetry")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::sync::OnceLock;

use neo_client_fixture::mock::MockServer;
use neo_client_runtime::mock::Fault;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use tokio::sync::Mutex;
use tracing_subscriber::layer::SubscriberExt;

/// Returns the meter provider of the process, which is set before the first call.
fn meters() -> &'static (SdkMeterProvider, InMemoryMetricExporter) {
    static METERS: OnceLock<(SdkMeterProvider, InMemoryMetricExporter)> = OnceLock::new();
    METERS.get_or_init(|| {
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).build();
        let provider = SdkMeterProvider::builder().with_reader(reader).build();
        global::set_meter_provider(provider.clone());
        (provider, exporter)
    })
}

/// A call in a thread without a subscriber decides for all threads that spans are off, until the
/// next subscriber is set. So the tests take turns.
static TURN: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn request_carries_the_context_of_its_attempt() {
    let _turn = TURN.lock().await;
    meters();
    let exporter = InMemorySpanExporter::default();
    let tracers = SdkTracerProvider::builder();
    let tracers = tracers.with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(tracers.tracer("test"));
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let server = MockServer::start().await.unwrap();
    server.fail_once("get-stock", Fault::Status(503)).unwrap();
    server.client().stock().get_stock_level().await.unwrap();
    drop(guard);

    let spans = exporter.get_finished_spans().unwrap();
    let called = |name: &'static str| spans.iter().filter(move |span| span.name == name);
    let call = called("stock.get_stock_level").next().unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let attempts: Vec<_> = called("GET /api/v1/stock").collect();
    assert_eq!(attempts.len(), 2);
    for (attempt, request) in attempts.iter().zip(requests) {
        let (context, parent) = (&attempt.span_context, attempt.parent_span_id);
        assert_eq!(parent, call.span_context.span_id());
        let expected = format!("00-{}-{}-01", context.trace_id(), context.span_id());
        assert_eq!(request.headers()["traceparent"], *expected);
    }
}

#[tokio::test]
async fn call_and_attempts_are_measured() {
    let _turn = TURN.lock().await;
    let (provider, exporter) = meters();
    let server = MockServer::start().await.unwrap();
    server.fail_once("get-account", Fault::Status(503)).unwrap();
    let client = server.client();
    client.account().get_account().await.unwrap();
    assert!(!server.requests()[0].headers().contains_key("traceparent"));
    provider.force_flush().unwrap();

    let exported = exporter.get_finished_metrics().unwrap();
    let last = exported.last().unwrap();
    let metrics: Vec<_> = last.scope_metrics().flat_map(|it| it.metrics()).collect();
    let is_ours = |attributes: &[&KeyValue]| {
        let template = KeyValue::new("url.template", "/api/v1/account");
        attributes.contains(&&template)
    };
    let counts = |name: &str| -> Vec<(String, u64)> {
        let metric = metrics.iter().find(|metric| metric.name() == name);
        let AggregatedMetrics::F64(MetricData::Histogram(durations)) = metric.unwrap().data()
        else {
            panic!("{name} is no histogram of numbers");
        };
        let points = durations.data_points();
        let points = points.filter_map(|point| {
            let attributes: Vec<_> = point.attributes().collect();
            let error = attributes.iter().find(|it| it.key.as_str() == "error.type");
            let error = error.map(|it| it.value.to_string()).unwrap_or_default();
            is_ours(&attributes).then(|| (error, point.count()))
        });
        let mut points: Vec<_> = points.collect();
        points.sort();
        points
    };
    let attempts = counts("http.client.request.duration");
    assert_eq!(attempts, [(String::new(), 1), ("503".to_owned(), 1)]);
    assert_eq!(counts("api.client.call.duration"), [(String::new(), 1)]);
    let names = ["http.client.response.body.size", "api.client.call.resends"];
    for name in names {
        assert!(metrics.iter().any(|metric| metric.name() == name), "{name}");
    }
}

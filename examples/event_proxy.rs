//! A service that starts tasks for browsers and passes the events on, within the browser's trace.
//!
//! ```text
//! cargo run --features opentelemetry --example event_proxy     # calls itself, with a mock server
//! NEO_API_KEY=neo_sk_… cargo run --features opentelemetry --example event_proxy -- 127.0.0.1:8080
//! curl -N 'http://127.0.0.1:8080/events?task=scan%20example.com'
//! ```
//!
//! The API key stays in the service. The spans are printed; a program that exports them adds an
//! exporter to the tracer provider.
//!
//! In a page, close the `EventSource` at the event `end` or `failed`. It would connect again otherwise,
//! which starts another task.

use std::collections::HashMap;
use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{Stream, StreamExt, stream};
use neo_client::mock::MockServer;
use neo_client::types::TaskCreateRequest;
use neo_client::{Client, reqwest};
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::net::TcpListener;
use tracing::{Instrument, Subscriber, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    subscriber().init();
    let address = env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:0")).await?;
    let url = format!(
        "http://{}/events?task=scan%20example.com",
        listener.local_addr()?
    );
    println!("serving {url}");
    if address.is_some() {
        axum::serve(listener, service(Client::from_env()?)).await?;
        return Ok(());
    }
    let server = MockServer::start().await?;
    let events = [r#"{"type": "tool-call"}"#, r#"{"type": "finish"}"#];
    server.respond_events(
        "tasks.create_task_stream",
        events,
        Duration::from_millis(50),
    )?;
    let app = service(server.client());
    tokio::spawn(async move { axum::serve(listener, app).await });
    demonstrate(&url, &server).await
}

/// Returns a subscriber that prints events, and makes each span one of OpenTelemetry.
pub fn subscriber() -> impl Subscriber + Send + Sync {
    let provider = SdkTracerProvider::builder().build();
    let spans = tracing_opentelemetry::layer().with_tracer(provider.tracer("event_proxy"));
    let lines = fmt::layer().with_filter(LevelFilter::INFO);
    tracing_subscriber::registry().with(lines).with(spans)
}

/// Returns the service.
pub fn service(neo: Client) -> Router {
    Router::new()
        .route("/events", get(events))
        .with_state(neo)
        .layer(middleware::from_fn(trace))
}

/// Starts a task and passes its events on. If the browser goes away, the stream is dropped.
async fn events(
    State(neo): State<Client>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, (StatusCode, String)> {
    let text = query.get("task").ok_or_else(|| {
        let why = "the query needs a `task`".to_owned();
        (StatusCode::BAD_REQUEST, why)
    })?;
    let task = TaskCreateRequest::builder().task(text);
    let events = neo
        .tasks()
        .create_task_stream(task)
        .await
        .map_err(|error| {
            // The text of the error is for the operator, not for the browser.
            tracing::error!("{error:#}");
            (
                StatusCode::BAD_GATEWAY,
                "the task could not be started".to_owned(),
            )
        })?;
    let events = events.map(|event| {
        let event = match event {
            Ok(event) => Event::default()
                .event(event.event)
                .id(event.id)
                .data(event.data),
            // An event named `error` would look like a lost connection.
            Err(error) => {
                tracing::error!("{error:#}");
                Event::default()
                    .event("failed")
                    .data("the events ended early")
            }
        };
        Ok(event)
    });
    let end = async { Ok(Event::default().event("end").data("end")) };
    let events = events.chain(stream::once(end));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// Runs a request in a span that continues the trace of the browser.
async fn trace(request: Request, next: Next) -> Response {
    let parent = TraceContextPropagator::new().extract(&Headers(request.headers()));
    let span = info_span!("request", path = request.uri().path());
    // Without a tracer there is no trace to continue.
    drop(span.set_parent(parent));
    next.run(request).instrument(span).await.into_response()
}

/// Headers from which a propagator reads.
struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}

/// Asks the service as a browser does, and prints what it and the API receive.
async fn demonstrate(url: &str, server: &MockServer) -> Result<(), Box<dyn Error>> {
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = reqwest::Client::new()
        .get(url)
        .header("traceparent", traceparent);
    println!("{}", request.send().await?.text().await?);
    for request in server.requests() {
        let sent = request.headers().get("traceparent");
        println!(
            "{} {}: traceparent {sent:?}",
            request.method(),
            request.path()
        );
    }
    Ok(())
}

//! Receives `task.completed` webhooks with axum.
//!
//! ```text
//! cargo run --example webhook                            # sends two webhooks to itself, and ends
//! NEO_WEBHOOK_SECRET=… cargo run --example webhook -- 0.0.0.0:8080
//! ```
//!
//! Set the address as the webhook URL of your team, and the secret as its webhook secret. Neo sends a
//! webhook for tasks that are created with `completion_delivery` `webhook`. Put the service behind a
//! proxy that speaks TLS, because the secret is sent with each webhook.

use std::env;
use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use neo_client::{TaskCompleted, WebhookSecret, reqwest};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// The state of the service.
struct Receiver {
    secret: WebhookSecret,
    /// The webhooks that are processed after the response, so that the sender does not wait.
    completed: mpsc::Sender<TaskCompleted>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1);
    let secret = env::var("NEO_WEBHOOK_SECRET");
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:0")).await?;
    let url = format!("http://{}/webhooks/neo", listener.local_addr()?);
    let secret = match &address {
        Some(_) => secret?,
        None => "s3cret".to_owned(),
    };
    let (completed, mut received) = mpsc::channel(64);
    let app = service(WebhookSecret::new(&*secret)?, completed);
    println!("receiving at {url}");
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    if address.is_none() {
        demonstrate(&url, &secret).await?;
        serving.abort();
    }
    while let Some(completed) = received.recv().await {
        println!(
            "{}: {:?}, {} findings: {}",
            completed.task_id().unwrap_or("a task without an id"),
            completed.outcome(),
            completed.finding_count(),
            completed.summary().unwrap_or_default(),
        );
    }
    Ok(())
}

/// Returns the service.
pub fn service(secret: WebhookSecret, completed: mpsc::Sender<TaskCompleted>) -> Router {
    let receiver = Arc::new(Receiver { secret, completed });
    Router::new()
        .route("/webhooks/neo", post(receive))
        .with_state(receiver)
}

/// Receives one webhook.
async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match TaskCompleted::verified(&receiver.secret, &headers, &body) {
        // A full queue asks the sender to come again.
        Ok(completed) => match receiver.completed.try_send(completed) {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        },
        Err(rejected) => {
            eprintln!("{rejected}");
            rejected.status()
        }
    }
}

/// Sends a webhook with the secret and one without.
async fn demonstrate(url: &str, secret: &str) -> Result<(), Box<dyn Error>> {
    let body = r#"{"type": "task.completed", "data": {"task_id": "t-1", "status": "completed",
        "summary": "Two issues.", "findings": [{"severity": "high"}, {"severity": "low"}]}}"#;
    let http = reqwest::Client::new();
    for secret in [secret, "guessed"] {
        let request = http.post(url).bearer_auth(secret).body(body);
        println!("response: {}", request.send().await?.status());
    }
    Ok(())
}

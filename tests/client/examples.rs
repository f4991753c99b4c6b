//! The examples `usage_report` and `webhook`.

#[allow(dead_code)]
#[path = "../../examples/usage_report.rs"]
mod usage_report;
#[allow(dead_code)]
#[path = "../../examples/webhook.rs"]
mod webhook;

use neo_client::{Outcome, WebhookSecret, reqwest};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

#[tokio::test]
async fn usage_report_draws_each_day() {
    let server = usage_report::mock().await.unwrap();
    let selection = usage_report::Selection {
        from: Some("2026-03-01T00:00:00+01:00".to_owned()),
        email: None,
    };
    let mut out = Vec::new();
    let neo = server.client();
    let report = usage_report::report(&neo, &selection, &mut out);
    report.await.unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert_eq!(lines[0].matches('█').count(), 20);
    assert_eq!(lines[1].matches('█').count(), 40);
    assert_eq!(lines[3], "5 tasks used 70.00 credits.");
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    let from = requests[0].query_parameter("from").unwrap();
    assert!(from.starts_with("2026-02-28T23:00:00"), "{from}");
    assert_eq!(requests[0].query_parameter("email"), None);
}

#[tokio::test]
async fn webhook_is_received_with_the_secret_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/neo", listener.local_addr().unwrap());
    let (completed, mut received) = mpsc::channel(1);
    let app = webhook::service(WebhookSecret::new("s3cret").unwrap(), completed);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let http = reqwest::Client::new();
    let send = async |secret: Option<&str>, body: &'static str| {
        let mut request = http.post(&url).body(body);
        if let Some(secret) = secret {
            request = request.bearer_auth(secret);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let body = r#"{"task_id": "t-1", "status": "completed"}"#;
    assert_eq!(send(None, body).await, 401);
    assert_eq!(send(Some("s3cre7"), body).await, 401);
    assert_eq!(send(Some("s3cret"), "no JSON").await, 400);
    assert_eq!(send(Some("s3cret"), body).await, 204);
    let completed = received.recv().await.unwrap();
    assert_eq!(completed.task_id(), Some("t-1"));
    assert_eq!(completed.outcome(), Some(Outcome::Succeeded));
}

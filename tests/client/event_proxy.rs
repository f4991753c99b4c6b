//! The example `event_proxy`.

#[allow(dead_code)]
#[path = "../../examples/event_proxy.rs"]
mod example;

use std::time::Duration;

use neo_client::mock::{Fault, MockServer};
use neo_client::reqwest;
use neo_client::serde_json::json;
use tokio::net::TcpListener;

#[tokio::test]
async fn event_proxy_passes_events_on_in_the_trace() {
    let _guard = tracing::subscriber::set_default(example::subscriber());
    let server = MockServer::start().await.unwrap();
    let events = [r#"{"type": "tool-call"}"#, r#"{"type": "finish"}"#];
    let stream = "tasks.create_task_stream";
    let brief = Duration::from_millis(1);
    server.respond_events(stream, events, brief).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let app = example::service(server.client());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let http = reqwest::Client::new();
    let ask = async |task: &[(&str, &str)]| {
        let trace = "0af7651916cd43dd8448eb211c80319c";
        let request = http.get(&url).query(task);
        let request = request.header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let (status, text) = ask(&[("task", "scan example.com")]).await;
    assert_eq!(status, 200);
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    assert_eq!(data.collect::<Vec<_>>(), [events[0], events[1], "end"]);
    let requests = server.requests();
    let traceparent = requests[0].headers()["traceparent"].to_str().unwrap();
    let [_, trace, span, _] = traceparent.split('-').collect::<Vec<_>>()[..] else {
        panic!("{traceparent}");
    };
    assert_eq!(trace, "0af7651916cd43dd8448eb211c80319c");
    assert_ne!(span, "b7ad6b7169203331");

    assert_eq!(ask(&[]).await.0, 400);
    let refusal = json!({ "error": "no credits" });
    server.respond(stream, 402, refusal).unwrap();
    let (status, text) = ask(&[("task", "scan")]).await;
    assert_eq!((status, &*text), (502, "the task could not be started"));
    server.respond_events(stream, events, brief).unwrap();
    server.fail_once(stream, Fault::CutAfterEvents(1)).unwrap();
    let (_, text) = ask(&[("task", "scan")]).await;
    assert!(text.contains("event: failed\n"), "{text}");
}

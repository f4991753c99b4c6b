//! Event streams, sequences of responses, and bytes of the mock server.

use std::time::Duration;

use neo_client_fixture::mock::MockServer;
use neo_client_fixture::types;
use neo_client_runtime::mock::{Fault, MockError, MockEvent};
use neo_client_runtime::{Error, ErrorKind, Event, Method, ResumeBy, RetryPolicy};
use serde_json::json;

const STOCK: &str = "stock.get_stock_level";
const STREAM: &str = "jobs.start_job_stream";

async fn events(server: &MockServer) -> Vec<Result<Event, Error>> {
    let job = types::JobRequest::builder().work("count");
    let mut stream = server.client().jobs().start_job_stream(job).await.unwrap();
    let mut all = Vec::new();
    while let Some(event) = stream.next_event().await {
        all.push(event);
    }
    all
}

#[tokio::test]
async fn events_have_names_ids_and_retry() {
    let server = MockServer::start().await.unwrap();
    let wait = Duration::from_millis(250);
    let sent = [
        MockEvent::new("a\nb\r\nc\rd")
            .id("1\n2")
            .name("log")
            .retry(wait),
        MockEvent::new(""),
        MockEvent::from(&String::from("data: x")),
    ];
    server.respond_events(STREAM, sent, Duration::ZERO).unwrap();
    let events: Vec<Event> = events(&server)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(events.len(), 3);
    let Event {
        id,
        event,
        data,
        retry,
        ..
    } = &events[0];
    assert_eq!(
        (&**id, &**event, &**data, *retry),
        ("1 2", "log", "a\nb\nc\nd", Some(wait))
    );
    assert_eq!((&*events[1].event, &*events[1].data), ("message", ""));
    assert_eq!(events[2].data, "data: x");
}

#[tokio::test]
async fn events_are_cut_between_or_within_events() {
    let server = MockServer::start().await.unwrap();
    server
        .respond_events(STREAM, ["a", "b", "c"], Duration::ZERO)
        .unwrap();
    let event = "data: a\n\n".len();
    for (fault, whole) in [
        (Fault::CutAfterEvents(0), 0),
        (Fault::CutAfterEvents(2), 2),
        (Fault::CutAfterEvents(9), 3),
        (Fault::CutAtByte(0), 0),
        (Fault::CutAtByte(event - 1), 0),
        (Fault::CutAtByte(event), 1),
        (Fault::CutAtByte(event + 3), 1),
    ] {
        server.fail_once(STREAM, fault).unwrap();
        let mut events = events(&server).await;
        // After the last event only `[DONE]` can be cut off.
        let last = if whole == 3 { None } else { events.pop() };
        assert_eq!(events.len(), whole, "{fault:?}");
        assert!(events.iter().all(Result::is_ok));
        if let Some(last) = last {
            assert_eq!(last.unwrap_err().kind(), ErrorKind::Transport);
        }
    }
    // The sample of the document has events too.
    let server = MockServer::start().await.unwrap();
    server.fail_once(STREAM, Fault::CutAfterEvents(2)).unwrap();
    assert_eq!(events(&server).await.len(), 3);
}

#[tokio::test]
async fn events_continue_after_last_event_id() {
    let server = MockServer::start().await.unwrap();
    let sent = ["1", "2", "3"].map(|id| MockEvent::new(format!("event {id}")).id(id));
    server.respond_events(STOCK, sent, Duration::ZERO).unwrap();
    server.fail_once(STOCK, Fault::CutAfterEvents(1)).unwrap();
    server.fail_once(STOCK, Fault::CutAtByte(9)).unwrap();
    server.fail_once(STOCK, Fault::Reset).unwrap();
    let hasty = RetryPolicy::none().backoff(Duration::ZERO, Duration::ZERO);
    let client = server
        .client()
        .with_options(|call| call.retry_policy(hasty));
    let request = client.request(Method::GET, "/api/v1/stock");
    let stream = request
        .resume(ResumeBy::LAST_EVENT_ID)
        .events()
        .await
        .unwrap();
    let mut stream = stream.into_inner();
    let mut data = Vec::new();
    while let Some(event) = stream.next_event().await {
        match event {
            Ok(event) => data.push(event.data),
            Err(error) => {
                assert!(error.is_retryable(), "{error}");
                while stream.reconnect().await.is_err() {}
            }
        }
    }
    assert_eq!(data, ["event 1", "event 2", "event 3"]);
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn responses_come_in_turn_and_last_one_stays() {
    let server = MockServer::start().await.unwrap();
    let level = |available: u32| {
        (
            200,
            json!({"available": available, "stocked": 9, "shipped": 0}),
        )
    };
    server.respond_each(STOCK, [level(1), level(2)]).unwrap();
    let client = server.client().with_options(|call| call.retries(0));
    let ask = async || {
        client
            .stock()
            .get_stock_level()
            .await
            .map(|it| it.available)
    };
    server.fail_once(STOCK, Fault::Status(500)).unwrap();
    ask().await.unwrap_err();
    for expected in [1.0, 2.0, 2.0] {
        assert_eq!(ask().await.unwrap(), expected);
    }
    server
        .respond_each(STOCK, [(503, json!({})), level(3)])
        .unwrap();
    assert_eq!(ask().await.unwrap_err().status().unwrap(), 503);
    assert_eq!(ask().await.unwrap(), 3.0);
    let none: [(u16, ()); 0] = [];
    server.respond_each(STOCK, none).unwrap();
    ask().await.unwrap();

    let status = server.respond_each(STOCK, [(200, 1), (99, 1)]);
    assert!(matches!(status, Err(MockError::Status { status: 99, .. })));
    let unknown = server.respond_each("stock.nothing", [(200, 1)]);
    assert!(matches!(unknown, Err(MockError::UnknownOperation { .. })));
}

#[tokio::test]
async fn bytes_are_served_unchanged() {
    let server = MockServer::start().await.unwrap();
    let bytes: Vec<u8> = (0..=255).collect();
    server
        .respond_bytes(STOCK, "image/png", bytes.clone())
        .unwrap();
    let client = server.client();
    let request = || client.request(Method::GET, "/api/v1/stock");
    let response = request().send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(response.into_inner(), bytes);
    server.fail_once(STOCK, Fault::CutAtByte(200)).unwrap();
    let mut stream = request().stream().await.unwrap().into_inner();
    let (mut length, mut error) = (0, None);
    while let Some(piece) = stream.chunk().await {
        match piece {
            Ok(piece) => length += piece.len(),
            Err(failure) => error = Some(failure),
        }
    }
    assert_eq!((length, error.unwrap().kind()), (200, ErrorKind::Transport));
    let refused = server.respond_bytes(STOCK, "a\nb", "");
    assert!(matches!(refused, Err(MockError::MediaType)));
}

#[tokio::test]
async fn fault_reset_resets_the_connection() {
    let server = MockServer::start().await.unwrap();
    let client = server.client().with_options(|call| call.retries(0));
    server.fail_once(STOCK, Fault::Reset).unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    let causes = format!("{error:#}");
    assert!(causes.to_lowercase().contains("reset"), "{causes}");
    client.stock().get_stock_level().await.unwrap();
}

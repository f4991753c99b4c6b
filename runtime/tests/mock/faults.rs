//! Faults of the mock server.

use std::time::Duration;

use neo_client_fixture::mock::MockServer;
use neo_client_fixture::{Client, types};
use neo_client_runtime::mock::{Fault, MockError};
use neo_client_runtime::{Error, ErrorKind, RetryPolicy};

const STOCK: &str = "stock.get_stock_level";

/// Returns a client that does not retry.
fn once(server: &MockServer) -> Client {
    let policy = RetryPolicy::none();
    server
        .client()
        .with_options(|call| call.retry_policy(policy))
}

/// Returns the error that a fault causes, and asserts that the fault applies once.
async fn error_of(fault: Fault) -> Error {
    let server = MockServer::start().await.unwrap();
    let client = once(&server);
    let ends_by_timeout = matches!(fault, Fault::Hang | Fault::Slow(_));
    server.fail_once(STOCK, fault).unwrap();
    let hasty = match ends_by_timeout {
        true => client.with_options(|call| call.timeout(Duration::from_secs(1))),
        false => client.clone(),
    };
    let error = hasty.stock().get_stock_level().await.unwrap_err();
    client.stock().get_stock_level().await.unwrap();
    assert_eq!(server.requests().len(), 2);
    error
}

#[tokio::test]
async fn fault_causes_its_error() {
    for (fault, kind, status) in [
        (Fault::Status(500), ErrorKind::Api, Some(500)),
        (Fault::Html, ErrorKind::Api, Some(502)),
        (Fault::Truncated, ErrorKind::Transport, Some(200)),
        (Fault::Disconnect, ErrorKind::Transport, None),
        (Fault::Hang, ErrorKind::Timeout, None),
        (
            Fault::Slow(Duration::from_secs(60)),
            ErrorKind::Timeout,
            None,
        ),
    ] {
        let error = error_of(fault).await;
        assert_eq!(error.kind(), kind, "{fault:?}: {error:#}");
        assert_eq!(error.status().map(|it| it.as_u16()), status, "{fault:?}");
    }
    let error = error_of(Fault::RetryAfter(429, Duration::from_secs(7))).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn fault_slow_still_succeeds() {
    let server = MockServer::start().await.unwrap();
    let slow = Fault::Slow(Duration::from_millis(30));
    server.fail_once(STOCK, slow).unwrap();
    once(&server).stock().get_stock_level().await.unwrap();
}

#[tokio::test]
async fn fault_applies_once_to_its_operation() {
    let server = MockServer::start().await.unwrap();
    server.fail_once(STOCK, Fault::Status(503)).unwrap();
    server.fail_once("get-stock", Fault::Disconnect).unwrap();
    let client = once(&server);
    client.movements().list_arrivals().await.unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    client.stock().get_stock_level().await.unwrap();
}

#[tokio::test]
async fn events_scripted_arrive_and_end() {
    let server = MockServer::start().await.unwrap();
    let start = |client: Client| async move {
        let job = types::JobRequest::builder().work("count");
        client.jobs().start_job_stream(job).await
    };
    let pause = Duration::from_millis(5);
    server
        .respond_events("jobs.start_job_stream", ["a", "b\nc"], pause)
        .unwrap();
    let mut events = start(server.client()).await.unwrap();
    let mut data = Vec::new();
    while let Some(event) = events.next_event().await {
        data.push(event.unwrap().data);
    }
    assert_eq!(data, ["a", "b\nc"]);

    let name = "jobs.start_job_stream";
    server.fail_once(name, Fault::Truncated).unwrap();
    let mut events = start(server.client()).await.unwrap();
    let mut last = None;
    while let Some(event) = events.next_event().await {
        last = Some(event);
    }
    let error = last.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn fault_for_unknown_operation_is_an_error() {
    let server = MockServer::start().await.unwrap();
    let unknown = server.fail_once("stock.nothing", Fault::Html);
    assert!(matches!(unknown, Err(MockError::UnknownOperation { .. })));
    let unknown = server.respond_events("stock.nothing", [""], Duration::ZERO);
    assert!(matches!(unknown, Err(MockError::UnknownOperation { .. })));
    let status = server.fail_once(STOCK, Fault::Status(100));
    assert!(matches!(status, Err(MockError::Status { status: 100, .. })));
}

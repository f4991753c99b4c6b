//! The mock server's faults and event streams, through a client.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::Duration;

use neo_client::mock::{Fault, MockError, MockServer};
use neo_client::{Client, Error, ErrorKind, RetryPolicy, types};

const BALANCE: &str = "billing.get_credit_balance";

/// A client that does not repeat requests, and waits for a short time only.
fn once(server: &MockServer) -> Client {
    server.client().with(|call| {
        call.retry_policy(RetryPolicy::none())
            .timeout(Duration::from_millis(700))
    })
}

async fn error_of(fault: Fault) -> Error {
    let server = MockServer::start().await.unwrap();
    server.fail_once(BALANCE, fault).unwrap();
    let client = once(&server);
    let error = client.billing().get_credit_balance().await.unwrap_err();
    // Only once.
    client.billing().get_credit_balance().await.unwrap();
    assert_eq!(server.requests().len(), 2);
    error
}

#[tokio::test]
async fn each_fault_is_what_it_says() {
    for (fault, kind, status) in [
        (Fault::Status(500), ErrorKind::Api, Some(500)),
        (Fault::Html, ErrorKind::Api, Some(502)),
        (Fault::Truncated, ErrorKind::Transport, Some(200)),
        (Fault::Disconnect, ErrorKind::Transport, None),
        (Fault::Hang, ErrorKind::Timeout, None),
        (
            Fault::Slow(Duration::from_secs(2)),
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
async fn slow_is_right_in_the_end() {
    let server = MockServer::start().await.unwrap();
    let slow = Fault::Slow(Duration::from_millis(30));
    server.fail_once(BALANCE, slow).unwrap();
    once(&server).billing().get_credit_balance().await.unwrap();
}

#[tokio::test]
async fn faults_come_one_by_one_and_to_their_operation_only() {
    let server = MockServer::start().await.unwrap();
    server.fail_once(BALANCE, Fault::Status(503)).unwrap();
    server
        .fail_once("get-v1-billing-credits", Fault::Disconnect)
        .unwrap();
    let client = once(&server);
    client.usage().list_all_task_usages().await.unwrap();
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    client.billing().get_credit_balance().await.unwrap();
}

#[tokio::test]
async fn events_are_paced_and_end() {
    let server = MockServer::start().await.unwrap();
    let start = |client: Client| async move {
        let task = types::TaskCreateRequest::builder().task("scan");
        client.tasks().create_task_stream(task).await
    };
    let pause = Duration::from_millis(5);
    server
        .respond_events("tasks.create_task_stream", ["a", "b\nc"], pause)
        .unwrap();
    let mut events = start(server.client()).await.unwrap();
    let mut data = Vec::new();
    while let Some(event) = events.next_event().await {
        data.push(event.unwrap().data);
    }
    assert_eq!(data, ["a", "b\nc"]);

    let name = "tasks.create_task_stream";
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
async fn what_cannot_be_done_is_refused() {
    let server = MockServer::start().await.unwrap();
    let unknown = server.fail_once("billing.nothing", Fault::Html);
    assert!(matches!(unknown, Err(MockError::UnknownOperation { .. })));
    let unknown = server.respond_events("billing.nothing", [""], Duration::ZERO);
    assert!(matches!(unknown, Err(MockError::UnknownOperation { .. })));
    let status = server.fail_once(BALANCE, Fault::Status(100));
    assert!(matches!(status, Err(MockError::Status { status: 100, .. })));
}

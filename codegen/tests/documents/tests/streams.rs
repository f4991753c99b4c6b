//! Event streams of the documents: how they are resumed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

extern crate neo_client_documents as neo_client;

#[path = "../../../../tests/server/mod.rs"]
mod server;

use neo_client_documents::types::{DOCUMENTS, resume};
use server::{Server, reply};

/// A server that gives an event with an id, and then nothing.
fn server() -> Server {
    Server::start(|request| {
        let is_first =
            !request.target.contains("starting") && request.header("last-event-id").is_none();
        let body = if is_first { "id: 7\ndata: a\n\n" } else { "" };
        reply(200, &["content-type: text/event-stream"], body)
    })
}

#[tokio::test]
async fn a_declared_stream_is_resumed() {
    let server = server();
    let client = resume::Client::from(server.client());
    let mut events = client.events().by_header().await.unwrap();
    assert_eq!(events.next_event().await.unwrap().unwrap().data, "a");
    events.reconnect().await.unwrap();
    assert!(events.next_event().await.is_none());
    assert_eq!(server.received()[1].header("last-event-id"), Some("7"));

    let mut events = client.events().by_parameter().limit(3).await.unwrap();
    events.next_event().await.unwrap().unwrap();
    events.reconnect().await.unwrap();
    assert_eq!(
        server.received()[3].target,
        "/log?limit=3&starting%20after=7"
    );
}

#[tokio::test]
async fn another_is_not() {
    let server = server();
    let client = resume::Client::from(server.client());
    let mut events = client.events().starts_anew().await.unwrap();
    events.next_event().await.unwrap().unwrap();
    let error = events.reconnect().await.unwrap_err().to_string();
    assert!(
        error.starts_with("events.starts_anew: the document does not say"),
        "{error}"
    );
}

#[test]
fn a_declaration_that_does_not_hold_is_a_line_of_the_ledger() {
    let document = DOCUMENTS.iter().find(|it| it.name == "resume").unwrap();
    let lines: Vec<&str> = document
        .ledger
        .lines()
        .filter(|line| line.contains(" resume "))
        .filter_map(|line| line.split_once("/paths/"))
        .map(|(_, rest)| rest)
        .collect();
    assert_eq!(
        lines,
        [
            "~1log/post/x-resume  ignored: sending the request again starts anew: it is for operations that may be repeated",
            "~1wrong~1header/get/x-resume  ignored: the header's name is none",
            "~1wrong~1credential/get/x-resume  ignored: the header is the client's own",
            "~1wrong~1parameter/get/x-resume  ignored: the operation has no query parameter of that name",
            "~1wrong~1operation/get/x-resume  ignored: a stream is resumed by the operation that gave it, not by another",
            "~1wrong~1shape/get/x-resume  ignored: expected `header` or `parameter`, a text",
            "~1wrong~1reply/get/x-resume  ignored: the operation replies no event stream",
        ]
    );
}

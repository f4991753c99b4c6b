//! Every operation of the API, called once over real HTTP: by its generated method, and by its
//! path.
//!
//! `build.rs` generates the calls, so a new operation of the document needs no line here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::{BTreeMap, BTreeSet};

use neo_client::mock::{MockServer, RecordedRequest};
use neo_client::{Client, OPERATIONS, Operation, ResponseKind};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION};
use serde_json::{Value, json};

/// An id that is good for every path parameter, also where a UUID is asked for.
const ID: &str = "0198a3f2-7c4e-7d1a-9b52-3e6f8a1c2d40";

#[allow(clippy::all)]
mod calls {
    //! The calls that `build.rs` generates.
    include!(concat!(env!("OUT_DIR"), "/calls.rs"));
}
use calls::{CALLS, WITHOUT_CALL};

#[tokio::test]
async fn every_method_makes_its_request() {
    let server = MockServer::start().await.unwrap();
    for (index, (name, call)) in CALLS.iter().enumerate() {
        if let Err(error) = call(server.client()).await {
            panic!("{name}: {error}");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), index + 1, "{name}");
        let request = &requests[index];
        let operation = request.operation().unwrap();
        assert_eq!(operation.name, *name);
        assert_reached(request, operation);
        let headers = request.headers();
        let asks = !operation.security.is_empty();
        assert_eq!(headers.contains_key("x-api-key"), asks, "{name}");
        assert!(!headers.contains_key(AUTHORIZATION), "{name}");
        let accepts_events = headers[ACCEPT] == "text/event-stream";
        let sends_events = operation.response == ResponseKind::EventStream;
        assert_eq!(accepts_events, sends_events, "{name}");
    }
    let called = CALLS.iter().map(|(name, _)| *name);
    let all = OPERATIONS.iter().map(|operation| operation.name);
    assert_eq!(
        sorted(called.chain(WITHOUT_CALL.iter().copied())),
        sorted(all)
    );
}

#[tokio::test]
async fn every_operation_is_requested_by_path() {
    let server = MockServer::start().await.unwrap();
    let builder = Client::builder().bearer_token("token-of-a-test");
    let neo = builder.base_url(server.base_url()).build().unwrap();
    for operation in OPERATIONS {
        let request = neo.request(operation.method(), filled(operation.path));
        let request = match operation.method() {
            Method::GET | Method::DELETE => request,
            _ => request.json(&json!({})),
        };
        if let Err(error) = request.send_as::<Value>().await {
            panic!("{}: {error}", operation.name);
        }
    }
    let requests = server.requests();
    assert_eq!(
        ids(&requests),
        sorted(OPERATIONS.iter().map(|operation| operation.id))
    );
    for (request, operation) in requests.iter().zip(OPERATIONS) {
        assert_reached(request, operation);
        let token = request.headers().get(AUTHORIZATION);
        let expected = (!operation.security.is_empty()).then_some("Bearer token-of-a-test");
        assert_eq!(
            token.map(|it| it.to_str().unwrap()),
            expected,
            "{}",
            operation.name
        );
        assert!(
            !request.headers().contains_key("x-api-key"),
            "{}",
            operation.name
        );
    }
}

#[test]
fn operations_table_is_complete() {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let mut documented = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                let asks = operation["security"]
                    .as_array()
                    .is_some_and(|security| !security.is_empty());
                documented.insert(id, (method.to_uppercase(), path.as_str(), asks));
            }
        }
    }
    let listed = OPERATIONS.iter().map(|operation| {
        let method = operation.method.to_owned();
        (
            operation.id,
            (method, operation.path, !operation.security.is_empty()),
        )
    });
    assert_eq!(listed.collect::<BTreeMap<_, _>>(), documented);
    let names: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert_eq!(
        names.len(),
        OPERATIONS.len(),
        "a name is the path of one call"
    );
}

/// The template with [`ID`] for each parameter.
fn filled(template: &str) -> String {
    let fill = |segment| {
        if str::starts_with(segment, '{') {
            ID
        } else {
            segment
        }
    };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

fn sorted<'t>(ids: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids
}

/// The operation ids that were reached, each as often as it was.
fn ids(requests: &[RecordedRequest]) -> Vec<&str> {
    let operations = requests.iter().filter_map(RecordedRequest::operation);
    sorted(operations.map(|operation| operation.id))
}

/// The request has the operation's method, and a path of its template.
#[track_caller]
fn assert_reached(request: &RecordedRequest, operation: &Operation) {
    assert_eq!(request.method(), operation.method, "{}", operation.name);
    let segments = request.path().split('/').zip(operation.path.split('/'));
    let alike = |(segment, of_template): (&str, &str)| match of_template.starts_with('{') {
        true => !segment.is_empty(),
        false => segment == of_template,
    };
    let same_length = request.path().matches('/').count() == operation.path.matches('/').count();
    assert!(
        same_length && { segments }.all(alike),
        "{} {}",
        operation.name,
        request.path()
    );
}

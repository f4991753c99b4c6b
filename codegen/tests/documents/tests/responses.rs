//! Responses with several schemas, and bodies that are `null` or in a certain order.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use neo_client_documents::Part;
use neo_client_documents::generics::types::{PageOfDone, PageOfText};
use neo_client_documents::responses::types::{
    EitherForm, NestedResponse, OrderForm, ReadResponse, StartResponse, Wrapped,
};
use neo_client_documents::responses::{self, types};
use serde_json::json;
use support::server::{Server, response};

fn client(server: &Server) -> responses::Client {
    responses::Client::from(server.client())
}

#[tokio::test]
async fn status_selects_the_schema() {
    for (status, expected) in [(200, "Done"), (202, "Later"), (203, "Other")] {
        let server = Server::start(move |_| support::server::json(status, r#"{"id": "a"}"#));
        let started = client(&server).jobs().start().await.unwrap().unwrap();
        let found = match &started {
            StartResponse::Done(_) => "Done",
            StartResponse::Later(_) => "Later",
            StartResponse::Other(_) => "Other",
            _ => "Unknown",
        };
        assert_eq!(found, expected);
        assert_eq!(serde_json::to_value(&started).unwrap(), json!({"id": "a"}));
    }
    let server = Server::always(response(204, &[], ""));
    assert!(client(&server).jobs().start().await.unwrap().is_none());
}

#[tokio::test]
async fn media_type_selects_the_schema() {
    for (media_type, is_later) in [
        ("application/vnd.jobs.v1+json", false),
        ("application/vnd.jobs.v2+json; charset=utf-8", true),
        ("application/json", false),
    ] {
        let header = format!("content-type: {media_type}");
        let server = Server::start(move |_| response(200, &[header.as_str()], "{}"));
        let read = client(&server).jobs().read().await.unwrap();
        assert_eq!(
            matches!(read, ReadResponse::Later(_)),
            is_later,
            "{media_type}"
        );
    }
}

#[tokio::test]
async fn value_of_another_schema_is_decoded() {
    for (status, body) in [(200, r#""a""#), (200, "{}"), (201, "[]"), (201, "{}")] {
        let server = Server::start(move |_| support::server::json(status, body));
        let nested = client(&server).jobs().nested().await.unwrap();
        assert!(!matches!(nested, NestedResponse::Unknown(_)), "{status}");
        assert_eq!(serde_json::to_string(&nested).unwrap(), body);
    }
}

#[tokio::test]
async fn required_body_without_value_is_null() {
    let server = Server::always(response(204, &[], ""));
    let client = client(&server);
    client.bodies().replace().await.unwrap();
    let body = types::ReplaceBody::builder().a("b");
    client.bodies().replace().body(body).await.unwrap();
    let all = server.received();
    let bodies: Vec<&str> = all.iter().map(|it| it.body.as_str()).collect();
    assert_eq!(bodies, ["null", r#"{"a":"b"}"#]);
    assert_eq!(all[0].header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn parts_follow_the_order_of_the_document() {
    let server = Server::always(response(204, &[], ""));
    let client = client(&server);
    let form = OrderForm::builder()
        .file(Part::from("bytes"))
        .access("all")
        .about("<a/>")
        .policy("p");
    client.bodies().order(form).await.unwrap();
    let either = EitherForm::builder().url("u");
    client.bodies().either(either).await.unwrap();
    let all = server.received();
    let body = &all[0].body;
    let places: Vec<usize> = ["\"policy\"", "\"about\"", "\"access\"", "\"file\""]
        .map(|name| body.find(name).unwrap())
        .into();
    assert!(places.is_sorted(), "{body}");
    assert!(
        body.contains("Content-Type: application/xml\r\n\r\n<a/>\r\n"),
        "{body}"
    );
    assert!(all[1].body.contains("name=\"url\"\r\n\r\nu\r\n"));
}

#[test]
fn generic_schema_has_the_types_of_its_use() {
    let page: PageOfDone = serde_json::from_value(json!({"items": [{"id": "a"}]})).unwrap();
    assert_eq!(page.items[0].id.as_deref(), Some("a"));
    let page: PageOfText = serde_json::from_value(json!({"items": ["a"]})).unwrap();
    assert_eq!(page.items[0].as_str(), "a");
}

#[test]
fn wrapper_of_a_reference_is_its_target() {
    let done = types::Done::builder().id("a").build().unwrap();
    let wrapped = Wrapped::builder().done(done.clone()).build().unwrap();
    assert_eq!(wrapped.done, Some(done));
}

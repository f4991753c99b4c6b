//! Values that would mean something else on the wire: refused before anything is sent.

use std::collections::BTreeMap;

use neo_client_fixture::types;
use neo_client_runtime::{Error, ErrorKind, Form, Method, RawRequest};
use serde_json::json;

use crate::support::clients::KEY;
use crate::support::server::{Server, json};

const NOT_FINITE: [f64; 3] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

/// Asserts that a request was refused, with a text that holds `part`.
#[track_caller]
fn refused(error: &Error, part: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(error.attempts(), 0);
    let text = error.to_string();
    assert!(text.contains(part), "{text}");
    assert!(
        text.contains("which cannot be sent: use a finite number (nothing was sent"),
        "{text}"
    );
}

#[tokio::test]
async fn number_not_finite_in_a_body_sends_nothing() {
    let server = Server::always(json(200, "{}"));
    let client = server.client();
    for number in NOT_FINITE {
        let order = types::OrderRequest::builder()
            .action("buy")
            .quantity(number);
        let error = client.orders().place_order(order).await.unwrap_err();
        refused(
            &error,
            "orders.place_order: body: the value at `/quantity` is ",
        );
    }
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn number_not_finite_in_a_raw_request_sends_nothing() {
    let server = Server::always(json(200, "{}"));
    let client = server.client();
    let post = || client.request(Method::POST, "/x");
    let cap = |value| BTreeMap::from([("caps", vec![BTreeMap::from([("a/b", Some(value))])])]);
    for number in NOT_FINITE {
        let requests: [(RawRequest, &str); 4] = [
            (
                post().json(&cap(number)),
                "body: the value at `/caps/0/a~1b` is ",
            ),
            (post().json(&number), "body: the value is "),
            (
                post().query(&[("limit", number)]),
                "query: the value at `/0/1` is ",
            ),
            (
                post().query(&BTreeMap::from([("limit", number as f32)])),
                "query: the value at `/limit` is ",
            ),
        ];
        for (request, part) in requests {
            refused(&request.send().await.unwrap_err(), part);
        }
    }
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn number_not_finite_in_a_form_sends_nothing() {
    let server = Server::always(json(200, "{}"));
    let client = server.client();
    let forms: [fn(&mut Form); 3] = [
        |form| form.field("cap", None, &[1.0, f64::NAN]),
        |form| form.fields(&BTreeMap::from([("cap", f64::INFINITY)])),
        |form| form.field("cap", Some("application/json"), &json!(null)),
    ];
    for (number, change) in forms.into_iter().enumerate() {
        let mut form = Form::new();
        change(&mut form);
        let request = client.request(Method::POST, "/x").multipart(form);
        let outcome = request.send().await;
        match number {
            0 => refused(&outcome.unwrap_err(), "cap: the value at `/1` is NaN"),
            1 => refused(
                &outcome.unwrap_err(),
                "body: the value at `/cap` is infinite",
            ),
            _ => drop(outcome.unwrap()),
        }
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn value_without_json_form_names_its_location() {
    let server = Server::always(json(200, "{}"));
    let client = server.client();
    let keys = BTreeMap::from([("a", BTreeMap::from([((KEY, 1), 2)]))]);
    let request = client.request(Method::POST, "/x").json(&keys);
    let error = request.send().await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("at `/a/") && text.contains("key must be a string"),
        "{text}"
    );
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn body_is_sent_as_given() {
    let server = Server::always(json(200, "{}"));
    let client = server.client();
    let wide = i128::from(u64::MAX) * 4;
    let request = client.request(Method::PUT, "/x");
    request
        .json(&(wide, 0.1, None::<u8>, "ä"))
        .send()
        .await
        .unwrap();
    let request = client
        .request(Method::PUT, "/x")
        .header("content-type", "application/a+json");
    request.json(&json!({"b": 1})).send().await.unwrap();
    let received = server.received();
    assert_eq!(received[0].body, format!("[{wide},0.1,null,\"ä\"]"));
    assert_eq!(received[0].header("content-type"), Some("application/json"));
    assert_eq!(
        received[1].header("content-type"),
        Some("application/a+json")
    );
}

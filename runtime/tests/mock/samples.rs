//! The sample responses of the mock server.

use std::collections::BTreeSet;

use neo_client_fixture::mock::MockServer;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use super::plain_http::{
    DOCUMENT, Documented, STOCK_PATH, authorized, documented, errors, filled, keyed,
};

#[tokio::test]
async fn mock_samples_are_valid_against_schemas() {
    let server = MockServer::start().await.unwrap();
    let mut checked = 0;
    for Documented {
        method,
        template,
        operation,
    } in documented()
    {
        for (key, response) in operation["responses"].as_object().unwrap() {
            let content = response.get("content").and_then(Value::as_object);
            for (media_type, content) in content.into_iter().flatten() {
                let status = match key.as_str() {
                    "2XX" => 200,
                    key => key.parse().unwrap(),
                };
                if !(200..300).contains(&status) {
                    continue;
                }
                let request = authorized(&server, method.clone(), &filled(template));
                let response = request.header(ACCEPT, media_type).send().await.unwrap();
                assert_eq!(response.status(), status, "{method} {template}");
                assert_eq!(
                    response.headers()[CONTENT_TYPE],
                    media_type.as_str(),
                    "{method} {template}"
                );
                let text = response.text().await.unwrap();
                let value = match media_type.as_str() {
                    "application/json" => serde_json::from_str(&text).unwrap(),
                    _ => Value::from(text),
                };
                let errors = errors(&content["schema"], &value);
                assert!(
                    errors.is_empty(),
                    "{method} {template}: {errors:?}\n{value:#}"
                );
                checked += 1;
            }
        }
    }
    assert!(checked + 4 >= documented().count());
}

#[tokio::test]
async fn mock_samples_are_stable_and_complete() {
    let server = MockServer::start().await.unwrap();
    let other = MockServer::start().await.unwrap();
    let stock = async |server| {
        let response = keyed(server, Method::GET, STOCK_PATH).send().await.unwrap();
        response.bytes().await.unwrap()
    };
    let first = stock(&server).await;
    assert_eq!(first, stock(&server).await);
    assert_eq!(first, stock(&other).await);

    let sample: Value = serde_json::from_slice(&first).unwrap();
    let schema = &DOCUMENT["components"]["schemas"]["StockLevel"];
    let names = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(names(&sample), names(&schema["properties"]));
}

#[tokio::test]
async fn mock_samples_use_examples() {
    let server = MockServer::start().await.unwrap();
    let user: Value = keyed(&server, Method::GET, "/api/v1/account")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let examples =
        &DOCUMENT["components"]["schemas"]["Account"]["properties"]["features"]["examples"];
    assert_eq!(user["features"], examples[0]);
}

#[tokio::test]
async fn mock_accept_chooses_the_media_type() {
    let server = MockServer::start().await.unwrap();
    for (accept, status, media_type) in [
        (None, 202, "application/json"),
        (Some("*/*"), 202, "application/json"),
        (Some("application/json"), 202, "application/json"),
        (
            Some("application/json, text/event-stream;q=0.5"),
            202,
            "application/json",
        ),
        (Some("image/png"), 202, "application/json"),
        (Some("text/event-stream"), 200, "text/event-stream"),
        (
            Some("text/*, application/json;q=0.9"),
            200,
            "text/event-stream",
        ),
    ] {
        let request = keyed(&server, Method::POST, "/api/v1/jobs").json(&json!({}));
        // The client sends `*/*` where nothing else is set.
        let request = match accept {
            Some(accept) => request.header(ACCEPT, accept),
            None => request,
        };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{accept:?}");
        assert_eq!(response.headers()[CONTENT_TYPE], media_type, "{accept:?}");
        let body = response.text().await.unwrap();
        if media_type == "text/event-stream" {
            let events: Vec<_> = body
                .split("\n\n")
                .filter(|event| !event.is_empty())
                .collect();
            assert!(
                events.len() > 2 && events.iter().all(|event| event.starts_with("data: ")),
                "{body}"
            );
            let first: Value =
                serde_json::from_str(events[0].strip_prefix("data: ").unwrap()).unwrap();
            assert!(first["type"].is_string());
            assert_eq!(events.last(), Some(&"data: [DONE]"));
        } else {
            assert!(serde_json::from_str::<Value>(&body).unwrap().is_object());
        }
    }
}

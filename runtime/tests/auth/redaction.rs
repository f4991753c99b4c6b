//! A credential shows up nowhere: not in `Debug`, not in `Display`, not in the chain of causes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use std::collections::HashMap;
use std::fmt::{Debug, Write as _};

use neo_client::{BoxError, Client, Credential, CredentialsProvider, Error, ErrorCode, Method};
use server::{BALANCE, KEY, Server, json, reply};

/// Part of every credential here.
const CANARY: &str = "canary";

#[track_caller]
fn assert_hidden(value: &impl Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

#[track_caller]
fn assert_error_hidden(error: &Error) {
    assert_hidden(error);
    let mut shown = format!("{error} {error:#}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        write!(shown, "{error} {error:?}").unwrap();
        cause = error.source();
    }
    if let Some(api) = error.api() {
        write!(
            shown,
            "{api} {api:?} {:?}",
            api.decode::<serde_json::Value>()
        )
        .unwrap();
    }
    assert!(!shown.contains(CANARY), "{shown}");
}

struct Provider;

impl CredentialsProvider for Provider {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        Ok(Credential::bearer_token("canary")?)
    }
}

#[test]
fn in_no_type_that_holds_one() {
    assert_hidden(&Credential::api_key(KEY).unwrap());
    assert_hidden(&Credential::bearer_token("canary").unwrap());
    for builder in [
        Client::builder().api_key(KEY),
        Client::builder().api_key("canary"),
        Client::builder().bearer_token("canary"),
        Client::builder().bearer_token("canary\n"),
        Client::builder().credentials(Provider),
        Client::builder().base_url("https://canary:canary@neo.example/canary"),
    ] {
        assert_hidden(&builder);
        match builder.build() {
            Ok(client) => {
                assert_hidden(&client);
                assert_hidden(&client.billing());
                assert_hidden(&client.billing().get_credit_balance());
                assert_hidden(&client.request(Method::GET, "/x").json(&"body"));
            }
            Err(error) => assert_error_hidden(&error),
        }
    }
}

#[test]
fn in_no_error_of_a_setting() {
    for key in [
        "canary",
        "neo_sk_canary\r\nx: y",
        "neo_sk_canary ",
        "neo_sk_canäry canary",
    ] {
        assert_error_hidden(&Credential::api_key(key).unwrap_err());
    }
    assert_error_hidden(&Credential::bearer_token("Bearer canary").unwrap_err());
    let suffix = Client::builder().user_agent_suffix("canary\n").build();
    assert_error_hidden(&suffix.unwrap_err());
}

#[tokio::test]
async fn in_no_error_and_no_reply_of_a_server_that_echoes_everything() {
    for status in [200, 204, 302, 400, 401, 402, 418, 500, 503] {
        for body in [
            KEY.to_owned(),
            format!("\"{KEY}\""),
            format!(r#"{{"error": "{KEY}", "{KEY}": "{KEY}", "error_id": "{KEY}"}}"#),
            format!(r#"{{"available_credits": "{KEY}", "issued_credits": 1, "used_credits": 2}}"#),
            r#"{"error": "neo_sk_c\u0061nary0c\u0061nary0c\u0061nary0c\u0061nary0cana"}"#
                .to_owned(),
        ] {
            let echo = [
                &*format!("x-echo: {KEY}"),
                &*format!("content-type: {KEY}"),
                &*format!("retry-after: {KEY}"),
            ];
            let server = Server::always(reply(status, &echo, body));
            let client = server.client();
            let error = client.billing().get_credit_balance().await.unwrap_err();
            assert_error_hidden(&error);
            if let Ok(response) = client.request(Method::GET, "/x").send().await {
                assert_hidden(&response.map(|_| "headers and status only"));
            }
        }
    }
}

/// The error of asking for the balance with `token` when the server replies with `answer`.
async fn error_with(token: &str, answer: Vec<u8>) -> Error {
    let server = Server::always(answer);
    let client = server.builder().bearer_token(token).build().unwrap();
    client.billing().get_credit_balance().await.unwrap_err()
}

/// [`error_with`] the usual key, which no text of the error shows.
async fn echo_error(answer: Vec<u8>) -> Error {
    let error = error_with(KEY, answer).await;
    assert_error_hidden(&error);
    error
}

#[tokio::test]
async fn an_echo_of_the_credential_is_redacted() {
    let body = format!(r#"{{"error": "bad key {KEY}", "message": "{KEY}{KEY}", "code": "{KEY}"}}"#);
    let error = echo_error(json(401, &body)).await;
    let api = error.api().unwrap();
    assert_eq!(api.property("error").as_deref(), Some("bad key [redacted]"));
    assert_eq!(api.message(), Some("[redacted][redacted]"));
    assert_eq!(api.code().unwrap(), "[redacted]");
    assert!(
        !api.decode::<serde_json::Value>()
            .unwrap()
            .to_string()
            .contains("canary")
    );

    let error = echo_error(reply(502, &[], format!("<pre>X-Api-Key: {KEY}</pre>"))).await;
    assert_eq!(
        error.api().unwrap().excerpt(),
        Some("<pre>X-Api-Key: [redacted]</pre>")
    );

    // One that the limit would cut in two.
    for before in [65_500, 65_536 - 1, 65_536 - 39] {
        let body = "\"".to_owned() + &" ".repeat(before) + KEY + "\"";
        let error = echo_error(reply(502, &[], body)).await;
        let shown = format!("{error:?}");
        assert!(!shown.contains("neo_sk"), "{shown}");
    }

    // Replies that are not errors: of another type, and not JSON.
    let body =
        format!(r#"{{"available_credits": "{KEY}", "issued_credits": 1, "used_credits": 1}}"#);
    let error = echo_error(json(200, &body)).await;
    assert!(error.to_string().contains("[redacted]"), "{error}");
    let error = echo_error(reply(200, &[], KEY)).await;
    assert!(error.to_string().contains("[redacted]"), "{error}");
}

#[tokio::test]
async fn a_credential_that_is_a_word_destroys_no_error() {
    let body = r#"{"code": "not_exists", "error": "it exists not", "error_id": "e-42"}"#;
    for token in ["x", "e", "code", "exists", "not_exists", "error_id"] {
        let error = error_with(token, json(404, body)).await;
        assert_eq!(ErrorCode::of(&error), Some(ErrorCode::NotExists), "{token}");
        assert_eq!(error.error_id(), Some("e-42"), "{token}");
        assert_eq!(error.api().unwrap().message(), Some("it exists not"));
        assert!(
            !format!("{error} {error:?}").contains("redacted"),
            "{error}"
        );
    }
    // From 8 bytes on it is looked for, but in values that are not known codes.
    let body = r#"{"code": "a-secret", "error": "no a-secret", "a-secret": "not_exists"}"#;
    let error = error_with("a-secret", json(404, body)).await;
    assert_eq!(error.code().unwrap(), "[redacted]");
    assert!(
        !format!("{error} {error:?}").contains("a-secret"),
        "{error}"
    );
}

#[tokio::test]
async fn in_no_error_of_a_raw_request() {
    let secret = r#"{"apikey": "hidden-value", "n": [{"m": "hidden-value"}]}"#;
    for path in [
        "/api/v1/user/apikey",
        "/api/v1/user/%61pikey",
        "/api/v1/user/apikey/",
        "/api/v2/user/apikey",
        "/x",
    ] {
        let cut = secret.get(..30).unwrap();
        for answer in [
            json(200, secret),
            json(200, cut),
            reply(200, &[], "hidden-value"),
        ] {
            let client = Server::always(answer).client();
            let request = client.request(Method::GET, path);
            let error = request.send_as::<HashMap<String, i32>>().await.unwrap_err();
            let shown = format!("{error} {error:#} {error:?}");
            assert!(!shown.contains("hidden"), "{shown}");
            assert!(shown.contains("not shown"), "{shown}");
        }
    }
    // Nor is any page that an operation with a secret replies with.
    let client = Server::always(reply(502, &[], "hidden-value")).client();
    let request = client.request(Method::GET, "/api/v1/user/apikey");
    let error = request.send().await.unwrap_err();
    assert_eq!(error.api().unwrap().excerpt(), None);
    // What the document knows as harmless says more.
    let client = Server::always(json(200, r#"{"used_credits": "many"}"#)).client();
    let request = client.request(Method::GET, server::CREDITS);
    let error = request.send_as::<HashMap<String, i32>>().await.unwrap_err();
    assert!(error.to_string().contains("\"many\""), "{error}");
}

#[tokio::test]
async fn in_no_error_of_the_network() {
    for answer in [&b""[..], b"HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\n{"] {
        let server = Server::always(answer.to_vec());
        let request = server.client().request(Method::GET, "/x");
        let error = request.query(&[("q", CANARY)]).send().await.unwrap_err();
        assert_error_hidden(&error);
    }
}

#[tokio::test]
async fn in_no_error_of_a_redirect() {
    for location in [
        format!("http://{KEY}.example/"),
        format!("http://{KEY}@other.example/"),
    ] {
        let server = Server::always(reply(302, &[&format!("location: {location}")], ""));
        let error = server.client().billing().get_credit_balance().await;
        assert_error_hidden(&error.unwrap_err());
    }
}

#[tokio::test]
async fn a_reply_shows_its_value_and_no_headers() {
    let server = Server::always(reply(200, &["set-cookie: canary"], BALANCE));
    let response = server
        .client()
        .billing()
        .get_credit_balance()
        .send()
        .await
        .unwrap();
    assert_hidden(&response);
    assert!(format!("{response:?}").contains("available_credits: 60.0"));
}

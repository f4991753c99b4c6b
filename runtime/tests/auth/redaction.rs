//! Redaction: no `Debug`, no `Display` and no cause of an error shows a credential.

use std::collections::HashMap;
use std::fmt::{Debug, Write as _};

use neo_client_fixture::Client;
use neo_client_runtime::{BoxError, Credential, CredentialsProvider, Error, Method};

use crate::support::clients::{KEY, STOCK, STOCK_PATH};
use crate::support::server::{Server, json, response};

/// A part of every credential in these tests.
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
fn debug_of_any_type_hides_the_credential() {
    assert_hidden(&Credential::api_key(KEY).unwrap());
    assert_hidden(&Credential::bearer_token("canary").unwrap());
    for builder in [
        Client::builder().depot_key(KEY),
        Client::builder().depot_key("canary"),
        Client::builder().staff_token("canary"),
        Client::builder().staff_token("canary\n"),
        Client::builder().credentials(Provider),
        Client::builder().base_url("https://canary:canary@depot.example/canary"),
    ] {
        assert_hidden(&builder);
        match builder.build() {
            Ok(client) => {
                assert_hidden(&client);
                assert_hidden(&client.stock());
                assert_hidden(&client.stock().get_stock_level());
                assert_hidden(&client.request(Method::GET, "/x").json(&"body"));
            }
            Err(error) => assert_error_hidden(&error),
        }
    }
}

#[test]
fn configuration_error_hides_the_credential() {
    for key in [
        "dpt_sk_canary\r\nx: y",
        "dpt_sk_canary ",
        "dpt_sk_canäry canary",
    ] {
        assert_error_hidden(&Credential::api_key(key).unwrap_err());
    }
    assert_error_hidden(&Credential::bearer_token("Bearer canary").unwrap_err());
    let suffix = Client::builder().user_agent_suffix("canary\n").build();
    assert_error_hidden(&suffix.unwrap_err());
}

#[tokio::test]
async fn echo_of_credential_is_hidden_everywhere() {
    for status in [200, 204, 302, 400, 401, 402, 418, 500, 503] {
        for body in [
            KEY.to_owned(),
            format!("\"{KEY}\""),
            format!(r#"{{"error": "{KEY}", "{KEY}": "{KEY}", "error_id": "{KEY}"}}"#),
            format!(r#"{{"available": "{KEY}", "stocked": 1, "shipped": 2}}"#),
            r#"{"error": "dpt_sk_c\u0061nary0c\u0061nary0c\u0061nary0c\u0061nary0cana"}"#
                .to_owned(),
        ] {
            let echo = [
                &*format!("x-echo: {KEY}"),
                &*format!("content-type: {KEY}"),
                &*format!("retry-after: {KEY}"),
            ];
            let server = Server::always(response(status, &echo, body));
            let client = server.client();
            let error = client.stock().get_stock_level().await.unwrap_err();
            assert_error_hidden(&error);
            if let Ok(response) = client.request(Method::GET, "/x").send().await {
                assert_hidden(&response.map(|_| "headers and status only"));
            }
        }
    }
}

/// Returns the error of a call with `token` to a server that sends `answer`.
async fn error_with(token: &str, answer: Vec<u8>) -> Error {
    let server = Server::always(answer);
    let client = server.builder().staff_token(token).build().unwrap();
    client.stock().get_stock_level().await.unwrap_err()
}

/// Returns the error of a call with the usual key, and asserts that nothing shows the key.
async fn echo_error(answer: Vec<u8>) -> Error {
    let error = error_with(KEY, answer).await;
    assert_error_hidden(&error);
    error
}

#[tokio::test]
async fn echo_of_credential_in_error_is_redacted() {
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

    let error = echo_error(response(502, &[], format!("<pre>X-Depot-Key: {KEY}</pre>"))).await;
    assert_eq!(
        error.api().unwrap().excerpt(),
        Some("X-Depot-Key: [redacted]")
    );

    // A credential that the limit of the excerpt would cut in two.
    for before in [65_500, 65_536 - 1, 65_536 - 39] {
        let body = "\"".to_owned() + &" ".repeat(before) + KEY + "\"";
        let error = echo_error(response(502, &[], body)).await;
        let shown = format!("{error:?}");
        assert!(!shown.contains("dpt_sk"), "{shown}");
    }

    // Successful responses of another type, and without JSON.
    let body = format!(r#"{{"available": "{KEY}", "stocked": 1, "shipped": 1}}"#);
    let error = echo_error(json(200, &body)).await;
    assert!(error.to_string().contains("[redacted]"), "{error}");
    let error = echo_error(response(200, &[], KEY)).await;
    assert!(error.to_string().contains("[redacted]"), "{error}");
}

#[tokio::test]
async fn short_credential_does_not_garble_errors() {
    let body = r#"{"code": "not_found", "error": "nothing was found", "error_id": "e-42"}"#;
    for token in ["x", "e", "code", "found", "not_found", "error_id"] {
        let error = error_with(token, json(404, body)).await;
        assert_eq!(error.code(), Some("not_found"), "{token}");
        assert_eq!(error.error_id(), Some("e-42"), "{token}");
        assert_eq!(error.api().unwrap().message(), Some("nothing was found"));
        assert!(
            !format!("{error} {error:?}").contains("redacted"),
            "{error}"
        );
    }
    // A credential of 8 bytes or more is redacted, except in known codes.
    let body = r#"{"code": "a-secret", "error": "no a-secret", "a-secret": "not_found"}"#;
    let error = error_with("a-secret", json(404, body)).await;
    assert_eq!(error.code().unwrap(), "[redacted]");
    assert!(
        !format!("{error} {error:?}").contains("a-secret"),
        "{error}"
    );
}

#[tokio::test]
async fn raw_request_error_hides_the_body() {
    let secret = r#"{"apikey": "hidden-value", "n": [{"m": "hidden-value"}]}"#;
    for path in [
        "/api/v1/account/key",
        "/api/v1/account/%6bey",
        "/api/v1/account/key/",
        "/api/v2/account/key",
        "/x",
    ] {
        let cut = secret.get(..30).unwrap();
        for answer in [
            json(200, secret),
            json(200, cut),
            response(200, &[], "hidden-value"),
        ] {
            let client = Server::always(answer).client();
            let request = client.request(Method::GET, path);
            let error = request.send_as::<HashMap<String, i32>>().await.unwrap_err();
            let shown = format!("{error} {error:#} {error:?}");
            assert!(!shown.contains("hidden"), "{shown}");
            assert!(shown.contains("not shown"), "{shown}");
        }
    }
    // Nor is a page of an operation with a secret.
    let client = Server::always(response(502, &[], "hidden-value")).client();
    let request = client.request(Method::GET, "/api/v1/account/key");
    let error = request.send().await.unwrap_err();
    assert_eq!(error.api().unwrap().excerpt(), None);
    // An operation without secrets shows the value.
    let client = Server::always(json(200, r#"{"shipped": "many"}"#)).client();
    let request = client.request(Method::GET, STOCK_PATH);
    let error = request.send_as::<HashMap<String, i32>>().await.unwrap_err();
    assert!(error.to_string().contains("\"many\""), "{error}");
}

#[tokio::test]
async fn transport_error_hides_the_query() {
    for answer in [&b""[..], b"HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\n{"] {
        let server = Server::always(answer.to_vec());
        let request = server.client().request(Method::GET, "/x");
        let error = request.query(&[("q", CANARY)]).send().await.unwrap_err();
        assert_error_hidden(&error);
    }
}

#[tokio::test]
async fn redirect_error_hides_the_credential() {
    for location in [
        format!("http://{KEY}.example/"),
        format!("http://{KEY}@other.example/"),
    ] {
        let server = Server::always(response(302, &[&format!("location: {location}")], ""));
        let error = server.client().stock().get_stock_level().await;
        assert_error_hidden(&error.unwrap_err());
    }
}

#[tokio::test]
async fn debug_of_response_hides_headers() {
    let server = Server::always(response(200, &["set-cookie: canary"], STOCK));
    let response = server
        .client()
        .stock()
        .get_stock_level()
        .send()
        .await
        .unwrap();
    assert_hidden(&response);
    assert!(format!("{response:?}").contains("available: 60.0"));
}

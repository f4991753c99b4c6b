//! A credential shows up nowhere: not in `Debug`, not in `Display`, not in the chain of causes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use std::fmt::{Debug, Write as _};

use neo_client::{BoxError, Client, Credential, CredentialsProvider, Error, Method};
use server::{BALANCE, KEY, Server, reply};

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

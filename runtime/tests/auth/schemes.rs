//! Security schemes: each operation gets the credentials that the document asks for.

use neo_client_fixture::ClientBuilder;
use neo_client_runtime::{Error, ErrorKind};

use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Received, Server, json};

/// Starts a server that responds to everything with an empty object.
fn server() -> Server {
    Server::always(json(200, "{}"))
}

/// Returns the only request that the server received.
fn only(server: &Server) -> Received {
    let received = server.received();
    assert_eq!(received.len(), 1);
    received[0].clone()
}

/// Asserts that a call failed for want of a credential, with an error that names each of `parts`.
fn is_missing<T: std::fmt::Debug>(outcome: Result<T, Error>, parts: &[&str]) {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.attempts(), 0);
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn alternative_first_in_the_document_is_sent() {
    let server = Server::always(json(200, STOCK));
    let client = server.builder().depot_key(KEY).staff_token("token-1");
    let client = client.build().unwrap();
    client.stock().get_stock_level().await.unwrap();
    let request = only(&server);
    assert_eq!(request.header("authorization"), Some("Bearer token-1"));
    assert_eq!(request.header("x-depot-key"), None);
}

#[tokio::test]
async fn combined_schemes_are_sent_together() {
    let server = server();
    let client = server.builder().depot_key(KEY).staff_token("token-1");
    let client = client.build().unwrap();
    client.gates().open_gate("7").await.unwrap();
    let request = only(&server);
    assert_eq!(request.header("authorization"), Some("Bearer token-1"));
    assert_eq!(request.header("x-depot-key"), Some(KEY));
}

#[tokio::test]
async fn combined_schemes_incomplete_send_nothing() {
    let server = server();
    let client = server.builder().depot_key(KEY).build().unwrap();
    is_missing(
        client.gates().open_gate("7").await,
        &["gates.open_gate", "StaffToken", "staff_token"],
    );
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn optional_security_sends_the_key_if_there_is_one() {
    let server = server();
    let builder = || server.builder();
    let with_key = builder().depot_key(KEY).build().unwrap();
    let without = builder().build().unwrap();
    with_key.gates().list_gates().await.unwrap();
    without.gates().list_gates().await.unwrap();
    let received = server.received();
    assert_eq!(received[0].header("x-depot-key"), Some(KEY));
    assert!(!received[1].holds(KEY));
}

/// Returns a builder for a server that cannot be reached, to look at what is shown.
fn shown(builder: ClientBuilder) -> String {
    let client = builder.build().unwrap();
    format!("{client:?} {client:#?}")
}

#[tokio::test]
async fn query_key_is_encoded_and_hidden() {
    let server = server();
    let client = server.builder().log_key("a.b/canary=").build().unwrap();
    client.gates().get_gate_log("7").await.unwrap();
    let target = only(&server).target;
    assert!(
        target == "/api/v1/gates/7/log?log_key=a.b/canary="
            || target == "/api/v1/gates/7/log?log_key=a.b%2Fcanary%3D",
        "{target}"
    );
    assert!(!shown(server.builder().log_key("canary")).contains("canary"));

    let refusing = Server::always(json(401, r#"{"error": "no, canary"}"#));
    let client = refusing.builder().log_key("canary-key").build().unwrap();
    let error = client.gates().get_gate_log("7").await.unwrap_err();
    let shown = format!("{error} {error:#} {error:?}");
    assert!(!shown.contains("canary-key"), "{shown}");
}

#[tokio::test]
async fn cookie_key_is_sent_as_cookie() {
    let server = server();
    let client = server.builder().camera_session(KEY).build().unwrap();
    client.gates().get_gate_camera("7").await.unwrap();
    let cookie = format!("camera={KEY}");
    assert_eq!(only(&server).header("cookie"), Some(&*cookie));
}

#[tokio::test]
async fn basic_is_sent_as_user_and_password() {
    let server = server();
    let client = server.builder().badge("ada", "secret").build().unwrap();
    client.gates().get_gate_badge("7").await.unwrap();
    let expected = "Basic YWRhOnNlY3JldA==";
    assert_eq!(only(&server).header("authorization"), Some(expected));
    assert!(!shown(server.builder().badge("ada", "canary")).contains("canary"));
}

#[tokio::test]
async fn alternative_of_several_schemes_is_sent_in_full() {
    let server = server();
    let client = server.builder().depot_key(KEY).log_key("log-key");
    let client = client.build().unwrap();
    client.gates().get_gate_badge("7").await.unwrap();
    let request = only(&server);
    assert_eq!(request.header("x-depot-key"), Some(KEY));
    assert!(request.target.ends_with("?log_key=log-key"));
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn missing_credential_names_every_alternative() {
    let server = server();
    let client = server.builder().build().unwrap();
    let outcome = client.gates().get_gate_badge("7").await;
    is_missing(outcome, &["Badge", "DepotKey", "LogKey"]);
    assert_eq!(server.accepted(), 0);
}

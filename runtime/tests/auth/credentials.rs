//! Credentials: where they come from and how they are sent.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use std::process::Command;

use neo_client::{Client, ErrorKind, Method};
use server::{BALANCE, CREDITS, KEY, Server, json};

#[tokio::test]
async fn an_api_key_goes_into_its_header() {
    let server = Server::always(json(200, BALANCE));
    let balance = server.client().billing().get_credit_balance().await;
    assert_eq!(balance.unwrap().available_credits, 60.0);
    let request = &server.received()[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("GET", CREDITS)
    );
    assert_eq!(request.header("x-api-key"), Some(KEY));
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.header("accept"), Some("application/json"));
    let version = env!("CARGO_PKG_VERSION");
    let agent = format!("neo-client/{version}");
    assert_eq!(request.header("user-agent"), Some(agent.as_str()));
}

#[tokio::test]
async fn a_bearer_token_goes_into_its_header() {
    let server = Server::always(json(200, BALANCE));
    let client = server
        .builder()
        .bearer_token("a.b.c")
        .user_agent_suffix("scan/2 (ci)");
    client
        .build()
        .unwrap()
        .billing()
        .get_credit_balance()
        .await
        .unwrap();
    let request = &server.received()[0];
    assert_eq!(request.header("authorization"), Some("Bearer a.b.c"));
    assert_eq!(request.header("x-api-key"), None);
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .ends_with(" scan/2 (ci)")
    );
}

#[tokio::test]
async fn without_a_credential_nothing_is_sent() {
    let server = Server::always(json(200, BALANCE));
    let client = server.builder().build().unwrap();
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.attempts(), 0);
    let text = error.to_string();
    assert!(
        text.contains("billing.get_credit_balance") && text.contains("`NEO_API_KEY`"),
        "{text}"
    );
    let error = client
        .request(Method::GET, CREDITS)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn an_operation_without_security_gets_no_credential() {
    let server = Server::always(json(200, "{}"));
    for client in [server.client(), server.builder().build().unwrap()] {
        let _ = client
            .tasks()
            .get_shared_task("7")
            .send_as::<serde_json::Value>()
            .await
            .unwrap();
    }
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert!(received.iter().all(|request| !request.holds(KEY)));
}

#[tokio::test]
async fn a_key_that_is_refused_is_not_sent_again() {
    let server = Server::always(json(401, r#"{"error": "no such key"}"#));
    let error = server
        .client()
        .billing()
        .get_credit_balance()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.attempts(), 1);
    assert_eq!(server.received().len(), 1);
}

/// Variables belong to the process, so the test runs itself again, as a child that has them.
#[test]
fn from_env() {
    if std::env::var_os("AS_CHILD").is_some() {
        match Client::from_env() {
            Ok(client) => println!("<<{client:?}>>"),
            Err(error) => println!("<<{:?}: {error}>>", error.kind()),
        }
        return;
    }
    let ask = |variables: &[(&str, &str)]| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        for name in ["NEO_API_KEY", "NEO_BEARER_TOKEN", "NEO_BASE_URL"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied()).env("AS_CHILD", "1");
        let output = command.args(["--exact", "from_env", "--nocapture"]);
        let output = String::from_utf8(output.output().unwrap().stdout).unwrap();
        assert!(!output.contains("canary"), "{output}");
        let (_, said) = output.split_once("<<").unwrap();
        said.split_once(">>").unwrap().0.to_owned()
    };
    let key = ("NEO_API_KEY", KEY);
    let token = ("NEO_BEARER_TOKEN", "canary");
    for (variables, parts) in [
        (
            &[key][..],
            ["API key", "https://neo.api.projectdiscovery.io"],
        ),
        (
            &[token],
            ["bearer token", "https://neo.api.projectdiscovery.io"],
        ),
        (&[key, token], ["API key", "Client"]),
        (
            &[key, ("NEO_BASE_URL", "http://localhost:1/")],
            ["API key", "http://localhost:1\""],
        ),
        (&[], ["Configuration: no credential", "`NEO_API_KEY`"]),
        (
            &[("NEO_API_KEY", ""), token],
            ["Configuration", "`NEO_API_KEY`: is set but empty"],
        ),
        (
            &[("NEO_BEARER_TOKEN", "")],
            ["Configuration", "`NEO_BEARER_TOKEN`: is set but empty"],
        ),
        (
            &[key, ("NEO_BASE_URL", "")],
            ["Configuration", "`NEO_BASE_URL`: is set but empty"],
        ),
        (
            &[("NEO_API_KEY", "canary")],
            ["`NEO_API_KEY`", "begins with `neo_sk_`"],
        ),
        (
            &[("NEO_API_KEY", "neo_sk_canary\n")],
            ["`NEO_API_KEY`", "a line break"],
        ),
        (
            &[("NEO_BEARER_TOKEN", "bearer canary")],
            ["`NEO_BEARER_TOKEN`", "without the word"],
        ),
        (
            &[key, ("NEO_BASE_URL", "http://canary.example")],
            ["`NEO_BASE_URL`", "`https://`"],
        ),
    ] {
        let said = ask(variables);
        assert!(
            parts.iter().all(|part| said.contains(part)),
            "{variables:?}: {said}"
        );
    }
}

//! Neo's credentials: the API key, the bearer token, and the environment variables.

use std::process::Command;

use neo_client::mock::MockServer;
use neo_client::{Client, ErrorKind, Method};

/// A valid API key. A test fails if anything prints it.
const KEY: &str = "neo_sk_canary0canary0canary0canary0cana";

const CREDITS: &str = "/api/v1/billing/credits";

#[tokio::test]
async fn api_key_is_sent_as_x_api_key() {
    let server = MockServer::start().await.unwrap();
    let builder = Client::builder().base_url(server.base_url()).api_key(KEY);
    let neo = builder.build().unwrap();
    neo.billing().get_credit_balance().await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.path(), CREDITS);
    assert_eq!(request.headers()["x-api-key"], KEY);
    assert!(!request.headers().contains_key("authorization"));
    let agent = format!("neo-client/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.headers()["user-agent"], agent.as_str());
}

#[tokio::test]
async fn bearer_token_is_sent_as_authorization() {
    let server = MockServer::start().await.unwrap();
    let builder = Client::builder().base_url(server.base_url());
    let neo = builder.bearer_token("a.b.c").build().unwrap();
    neo.billing().get_credit_balance().await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.headers()["authorization"], "Bearer a.b.c");
    assert!(!request.headers().contains_key("x-api-key"));
}

#[tokio::test]
async fn missing_credential_names_variable_and_setter() {
    let server = MockServer::start().await.unwrap();
    let builder = Client::builder().base_url(server.base_url());
    let neo = builder.build().unwrap();
    let error = neo.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let text = error.to_string();
    assert!(text.contains("billing.get_credit_balance"), "{text}");
    assert!(text.contains("`NEO_API_KEY`"), "{text}");
    let setters = "call `bearer_token` (`BearerAuth`), or `api_key` (`ApiKeyAuth`)";
    assert!(text.contains(setters), "{text}");
    let request = neo.request(Method::GET, CREDITS);
    let error = request.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn shared_task_needs_no_credential() {
    let server = MockServer::start().await.unwrap();
    let builder = || Client::builder().base_url(server.base_url());
    for neo in [builder().build(), builder().api_key(KEY).build()] {
        let neo = neo.unwrap();
        neo.tasks().get_shared_task("7").await.unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert!(!request.headers().contains_key("x-api-key"));
    }
}

#[test]
fn api_key_without_prefix_is_rejected_and_hidden() {
    for key in [
        "canary",
        "neo_sk_canary\r\nx: y",
        "neo_sk_canary ",
        "neo_sk_canäry canary",
    ] {
        let error = Client::builder().api_key(key).build().unwrap_err();
        let shown = format!("{error} {error:#} {error:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

/// Environment variables belong to the process: the test starts itself as a child that has them.
#[test]
fn from_env_reads_the_variables() {
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
        let output = command.args([
            "--exact",
            "credentials::from_env_reads_the_variables",
            "--nocapture",
        ]);
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

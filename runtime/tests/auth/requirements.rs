//! Requirements that a client cannot meet: the error says why, and nothing is sent.

use neo_client_runtime::{
    Api, BoxError, Client, ClientBuilder, Credential, CredentialsProvider, Error, ErrorKind,
    Method, Requirements, SecurityScheme, SecuritySchemeKind, reqwest,
};

use crate::support::server::{Server, json, response};

const SCHEMES: &[SecurityScheme] = &[
    SecurityScheme::new("Key", "key", SecuritySchemeKind::Header("X-Key")),
    SecurityScheme::new("Token", "token", SecuritySchemeKind::Bearer),
    SecurityScheme::new("Login", "login", SecuritySchemeKind::Basic),
    SecurityScheme::new("Cert", "cert", SecuritySchemeKind::MutualTls),
];

/// Returns a builder for an API whose requests have these requirements.
fn builder(server: &Server, requirements: Requirements) -> ClientBuilder {
    let api = Api::new("gates", "Gates", "1")
        .security_schemes(SCHEMES)
        .security(requirements);
    Client::builder(Box::leak(Box::new(api))).base_url(server.url())
}

async fn send(builder: ClientBuilder) -> Result<(), Error> {
    let client = builder.build().unwrap();
    client.request(Method::GET, "/gates").send().await.map(drop)
}

/// Asserts that a call fails before anything is sent, with an error that holds each of `parts`.
async fn fails(server: &Server, builder: ClientBuilder, parts: &[&str]) {
    let error = send(builder).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn unknown_scheme_is_not_sent_anonymously() {
    let server = Server::always(json(200, "{}"));
    let only = builder(&server, &[&["Sig"]]);
    let parts = ["`Sig`, which this client cannot send"];
    fails(&server, only, &parts).await;
    let other = builder(&server, &[&["Key", "Sig"], &["Token"]]);
    fails(&server, other, &[parts[0], "`token` (`Token`)"]).await;
}

#[tokio::test]
async fn certificate_needs_the_http_client_of_the_caller() {
    let server = Server::always(json(200, "{}"));
    let without = builder(&server, &[&["Cert"]]);
    let parts = ["`http_client` with a client certificate (`Cert`)"];
    fails(&server, without, &parts).await;
    let with = builder(&server, &[&["Cert"]]).http_client(reqwest::Client::new());
    send(with).await.unwrap();
}

#[tokio::test]
async fn authorization_holds_one_credential() {
    let server = Server::always(json(200, "{}"));
    let both = builder(&server, &[&["Login", "Token"]])
        .credential("Login", Credential::basic("ada", "canary"))
        .credential("Token", Credential::bearer_token("canary"));
    fails(&server, both, &["`Login` and `Token`", "`Authorization`"]).await;
}

#[tokio::test]
async fn credential_for_another_scheme_is_explained() {
    let server = Server::always(json(200, "{}"));
    let key = Credential::api_key("canary").map(|key| key.for_scheme("Token"));
    let wrong = builder(&server, &[&["Key"]]).credential("Key", key);
    fails(&server, wrong, &["`Key`", "another scheme"]).await;
}

/// Gives a token that may name its scheme.
struct Tokens(Option<&'static str>);

impl CredentialsProvider for Tokens {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        let token = Credential::api_key("canary")?;
        Ok(match self.0 {
            Some(scheme) => token.for_scheme(scheme),
            None => token,
        })
    }
}

#[tokio::test]
async fn provider_of_several_schemes_names_one() {
    let server = Server::always(json(200, "{}"));
    let provided = |requirements, scheme| {
        let schemes = ["Key", "Token"];
        builder(&server, requirements).credentials_provider(schemes, Tokens(scheme))
    };
    let unnamed = provided(&[&["Key"], &["Token"]], None);
    fails(&server, unnamed, &["`for_scheme`"]).await;
    let other = provided(&[&["Key"]], Some("Token"));
    fails(&server, other, &["`Key`", "another scheme"]).await;
    let either: Requirements = &[&["Key"], &["Token"]];
    send(provided(either, Some("Token"))).await.unwrap();
    let request = &server.received()[0];
    assert_eq!(request.header("authorization"), Some("Bearer canary"));
}

#[tokio::test]
async fn user_name_that_is_a_key_is_redacted() {
    let body = r#"{"error": "no user key-canary"}"#;
    let server = Server::always(response(401, &["content-type: application/json"], body));
    let login = Credential::basic("key-canary", "");
    let error = send(builder(&server, &[&["Login"]]).credential("Login", login));
    let error = error.await.unwrap_err();
    let shown = format!("{error:#} {error:?}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn short_user_name_that_is_a_key_is_redacted() {
    let body = r#"{"error": "no user `canary`, password x"}"#;
    let server = Server::always(response(401, &["content-type: application/json"], body));
    let login = Credential::basic("canary", "");
    let error = send(builder(&server, &[&["Login"]]).credential("Login", login));
    let error = error.await.unwrap_err();
    let shown = format!("{error:#} {error:?}");
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("no user `[redacted]`"), "{shown}");
}

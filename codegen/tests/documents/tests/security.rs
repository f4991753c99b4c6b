//! Credentials as the `security` of each operation requires them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use neo_client_documents::runtime;
use neo_client_documents::security::{self, API};
use neo_client_documents::{
    BoxError, Credential, CredentialsProvider, DOCUMENTS, ErrorKind, Method,
};
use support::server::{Received, Server, response};

/// A client of `server`, with these secrets by the names of their schemes.
fn client(server: &Server, secrets: &[(&'static str, &str)]) -> security::Client {
    let mut builder = runtime::Client::builder(&API).base_url(server.url());
    for (scheme, secret) in secrets {
        builder = match secret.split_once(' ') {
            Some((user, password)) => builder.user_and_password(scheme, user, password),
            None => builder.secret(scheme, *secret),
        };
    }
    security::Client::of(builder.build().unwrap())
}

fn no_content() -> Server {
    Server::always(response(204, &[], ""))
}

/// The headers that may carry a credential, and the target.
fn sent(received: &Received) -> String {
    let names = [
        "x-app-id",
        "x-app-key",
        "authorization",
        "cookie",
        "x-api-key",
    ];
    let headers = names
        .iter()
        .filter_map(|name| Some(format!("{name}={}", received.header(name)?)));
    let headers: Vec<String> = headers.collect();
    format!("{} {}", received.target, headers.join(" "))
        .trim_end()
        .to_owned()
}

#[tokio::test]
async fn first_satisfied_alternative_is_sent() {
    let both = [("appId", "id-1"), ("appKey", "key-1")];
    let with_token = [("appId", "id-1"), ("bearer", "token-1")];
    for (secrets, expected) in [
        (&both[..], "/series x-app-id=id-1 x-app-key=key-1"),
        (&with_token[..], "/series authorization=Bearer token-1"),
    ] {
        let server = no_content();
        client(&server, secrets)
            .series()
            .list_series()
            .await
            .unwrap();
        assert_eq!(sent(&server.received()[0]), expected);
    }
    let server = no_content();
    let error = client(&server, &[("appId", "canary-1")])
        .series()
        .list_series()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let text = error.to_string();
    assert!(
        text.contains("`app_key` (`appKey`), or `bearer` (`bearer`)"),
        "{text}"
    );
    assert!(!text.contains("canary"));
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn no_security_sends_nothing_and_optional_security_what_there_is() {
    let server = no_content();
    let anonymous = client(&server, &[]);
    anonymous.series().ping().await.unwrap();
    anonymous.series().maybe().await.unwrap();
    let known = client(&server, &[("bearer", "token-1")]);
    known.series().ping().await.unwrap();
    known.series().maybe().await.unwrap();
    known.request(Method::GET, "/unknown").send().await.unwrap();
    known.request(Method::GET, "/ping").send().await.unwrap();
    let expected = [
        "/ping",
        "/maybe",
        "/ping",
        "/maybe authorization=Bearer token-1",
        "/unknown authorization=Bearer token-1",
        "/ping",
    ];
    let received = server.received();
    assert_eq!(received.iter().map(sent).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn query_key_is_sent_once_and_kept_on_redirects() {
    let server = Server::start(|request| match request.target.starts_with("/forecast") {
        true if !request.target.contains("moved") => {
            response(307, &["location: /forecast?moved=1&appid=stale"], "")
        }
        _ => response(
            400,
            &[],
            format!("no {} at key%2F1%2B2-canary", request.target),
        ),
    });
    let client = client(&server, &[("appid", "key/1+2-canary")]);
    let error = client.weather().forecast("a b").await.unwrap_err();
    let received = server.received();
    let targets: Vec<&str> = received.iter().map(|it| it.target.as_str()).collect();
    assert_eq!(
        targets,
        [
            "/forecast?q=a%20b&appid=key%2F1%2B2-canary",
            "/forecast?moved=1&appid=key%2F1%2B2-canary"
        ]
    );
    let shown = format!("{error:#} {error:?} {client:?}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn cookie_and_other_schemes_are_sent() {
    let server = no_content();
    let with_cookie = client(&server, &[("sid", "s-1"), ("appId", "id-1")]);
    with_cookie.weather().session().lang("de").await.unwrap();
    let with_password = client(&server, &[("type", "Aladdin open sesame"), ("sid", "s-1")]);
    with_password.weather().session().await.unwrap();
    client(&server, &[("dpop", "proof")])
        .weather()
        .signed()
        .await
        .unwrap();
    client(&server, &[("oauth", "token-1")])
        .weather()
        .signed()
        .await
        .unwrap();
    // The certificate is that of the caller's HTTP client.
    let error = client(&server, &[]).weather().signed().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let text = error.to_string();
    assert!(
        text.contains("`http_client` with a client certificate"),
        "{text}"
    );
    let builder = runtime::Client::builder(&API).base_url(server.url());
    let builder = builder.http_client(runtime::reqwest::Client::new());
    let with_certificate = security::Client::of(builder.build().unwrap());
    with_certificate.weather().signed().await.unwrap();
    let expected = [
        "/session x-app-id=id-1 cookie=lang=de; sid=s-1",
        "/session authorization=Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "/signed authorization=DPoP proof",
        "/signed authorization=Bearer token-1",
        "/signed",
    ];
    let received = server.received();
    assert_eq!(received.iter().map(sent).collect::<Vec<_>>(), expected);
}

/// Gives `token-1`, `token-2` and so on.
struct Tokens(std::sync::atomic::AtomicUsize);

impl CredentialsProvider for Tokens {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        Ok(Credential::api_key(format!("token-{number}"))?)
    }
}

#[tokio::test]
async fn unauthorized_renews_the_provider_of_the_call() {
    let server = Server::start(|request| match request.header("x-app-key") {
        Some("token-1") => response(401, &[], ""),
        _ => response(204, &[], ""),
    });
    let tokens = Tokens(Default::default());
    let builder = runtime::Client::builder(&API)
        .base_url(server.url())
        .secret("appId", "id-1");
    let builder = builder.credentials_provider(["appKey"], tokens);
    let client = security::Client::of(builder.build().unwrap());
    client.series().list_series().await.unwrap();
    let received = server.received();
    let expected = [
        "/series x-app-id=id-1 x-app-key=token-1",
        "/series x-app-id=id-1 x-app-key=token-2",
    ];
    assert_eq!(received.iter().map(sent).collect::<Vec<_>>(), expected);
}

#[test]
fn unknown_scheme_is_a_line_of_the_ledger() {
    let document = DOCUMENTS.iter().find(|it| it.name == "security").unwrap();
    assert!(
        document.ledger.contains("/paths/~1session/get/security"),
        "{}",
        document.ledger
    );
}

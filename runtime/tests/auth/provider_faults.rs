//! Providers that fail or hang, and credentials that the server rejects.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_fixture::Client;
use neo_client_runtime::{Body, BoxError, Credential, CredentialsProvider, ErrorKind, Method};

use crate::support::calls::{
    SECOND, client, in_turn, place_order, quick, stock_error, stock_level,
};
use crate::support::clients::STOCK;
use crate::support::server::{Server, json};

/// Provides `token-1`, `token-2` and so on. From call `from` on it does what `then` says.
#[derive(Clone)]
struct Tokens {
    asked: Arc<AtomicUsize>,
    from: usize,
    then: Then,
}

#[derive(Clone, Copy)]
enum Then {
    Fail,
    FailOnce,
    GiveEmpty,
    Hang,
}

impl Tokens {
    fn new(from: usize, then: Then) -> Self {
        let asked = Arc::default();
        Self { asked, from, then }
    }

    fn client(&self, server: &Server) -> Client {
        let builder = server.builder().credentials(self.clone());
        builder
            .retry_policy(quick())
            .timeout(3 * SECOND)
            .build()
            .unwrap()
    }
}

impl CredentialsProvider for Tokens {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        match self.then {
            _ if number < self.from => Ok(Credential::bearer_token(format!("token-{number}"))?),
            Then::FailOnce if number > self.from => {
                Ok(Credential::bearer_token(format!("token-{number}"))?)
            }
            Then::GiveEmpty => Ok(Credential::bearer_token("")?),
            Then::Fail | Then::FailOnce => Err(format!("the vault is sealed ({number})").into()),
            Then::Hang => std::future::pending().await,
        }
    }
}

/// Starts a server that accepts one token only.
fn only(token: &'static str) -> Server {
    Server::start(move |request| match request.header("authorization") {
        Some(sent) if sent.ends_with(token) => json(200, STOCK),
        _ => json(401, r#"{"error": "expired"}"#),
    })
}

#[tokio::test]
async fn rejected_token_is_renewed_and_call_repeated() {
    let server = only("token-2");
    stock_level(&Tokens::new(9, Then::Fail).client(&server))
        .await
        .unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn rejected_order_is_resent_with_new_token() {
    let server = only("token-2");
    let error = place_order(&Tokens::new(9, Then::Fail).client(&server))
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Decode,
        "a stock level is no receipt: {error}"
    );
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].body, received[1].body);
}

#[tokio::test]
async fn token_rejected_twice_ends_the_call() {
    let server = only("token-3");
    let error = stock_error(&Tokens::new(9, Then::Fail).client(&server)).await;
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (401, 2)
    );
}

#[tokio::test]
async fn rejected_token_without_new_one_tells_both() {
    let server = only("token-9");
    let error = stock_error(&Tokens::new(2, Then::Fail).client(&server)).await;
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (401, 1)
    );
    let whole = format!("{error:#}");
    assert!(
        whole.contains("expired") && whole.contains("the vault is sealed (3)"),
        "{whole}"
    );
}

#[tokio::test]
async fn provider_failure_sends_nothing() {
    let server = Server::always(json(200, STOCK));
    let error = stock_error(&Tokens::new(1, Then::Fail).client(&server)).await;
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Credentials, 0)
    );
    assert!(format!("{error:#}").contains("the credentials provider failed: the vault is sealed"));
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn provider_hanging_ends_by_call_timeout() {
    let server = Server::always(json(200, STOCK));
    let client = Tokens::new(1, Then::Hang).client(&server);
    let error = stock_error(&client.with_options(|call| call.timeout(SECOND / 4))).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    let text = error.to_string();
    let expected = "the credentials provider gave nothing within 0.25 s, the call timeout";
    assert!(text.contains(expected), "{text}");
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn provider_hanging_after_rejection_ends_by_timeout() {
    let server = only("token-9");
    let error = stock_error(&Tokens::new(2, Then::Hang).client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(
        error
            .to_string()
            .contains("provider gave nothing within 3 s"),
        "{error}"
    );
}

#[tokio::test]
async fn provider_failing_once_is_asked_again() {
    let server = Server::always(json(200, STOCK));
    let tokens = Tokens::new(1, Then::FailOnce);
    stock_level(&tokens.client(&server)).await.unwrap();
    assert_eq!(tokens.asked.load(Ordering::SeqCst), 2);
    let request = &server.received()[0];
    assert_eq!(request.header("authorization"), Some("Bearer token-2"));
}

#[tokio::test]
async fn provider_failing_is_asked_as_often_as_permitted() {
    let server = Server::always(json(200, STOCK));
    let tokens = Tokens::new(1, Then::Fail);
    let error = stock_error(&tokens.client(&server)).await;
    assert!(error.is_retryable());
    assert_eq!(tokens.asked.load(Ordering::SeqCst), 3);
    // An invalid token does not become valid.
    let tokens = Tokens::new(1, Then::GiveEmpty);
    let error = stock_error(&tokens.client(&server)).await;
    assert!(!error.is_retryable());
    assert_eq!(tokens.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn token_rejected_for_a_stream_is_forgotten() {
    let server = only("token-2");
    let client = Tokens::new(9, Then::Fail).client(&server);
    let upload = || {
        let body = Body::wrap(Body::from("data"));
        client.request(Method::POST, "/api/v1/things").body(body)
    };
    let error = upload().send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 401);
    upload().send().await.unwrap();
    let received = server.received();
    let sent: Vec<_> = received
        .iter()
        .map(|it| it.header("authorization"))
        .collect();
    assert_eq!(sent, [Some("Bearer token-1"), Some("Bearer token-2")]);
}

#[tokio::test]
async fn fixed_key_rejected_is_not_resent() {
    let server = in_turn([json(401, "{}"), json(200, STOCK)]);
    let error = stock_error(&client(&server)).await;
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (401, 1)
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn rejection_does_not_use_up_a_retry() {
    let server = in_turn([json(503, "{}"), json(401, "{}"), json(200, STOCK)]);
    stock_level(&Tokens::new(9, Then::Fail).client(&server))
        .await
        .unwrap();
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn missing_credential_opens_no_connection() {
    let server = Server::always(json(200, STOCK));
    let error = stock_error(&server.builder().build().unwrap()).await;
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Credentials, 0)
    );
    assert_eq!(server.accepted(), 0);
}

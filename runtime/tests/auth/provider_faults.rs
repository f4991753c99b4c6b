//! Credentials that are refused, renewed, late or missing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client::{BoxError, Client, Credential, CredentialsProvider, ErrorKind};

use crate::faults::scene::{SECOND, balance, balance_error, client, in_turn, purchase, quick};
use crate::server::{BALANCE, Server, json};

/// Gives `token-1`, `token-2` and so on, but from the n-th on does what it is told.
#[derive(Clone)]
struct Tokens {
    asked: Arc<AtomicUsize>,
    from: usize,
    then: Then,
}

#[derive(Clone, Copy)]
enum Then {
    Fail,
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
            .timeout(2 * SECOND)
            .build()
            .unwrap()
    }
}

impl CredentialsProvider for Tokens {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        match self.then {
            _ if number < self.from => Ok(Credential::bearer_token(format!("token-{number}"))?),
            Then::Fail => Err(format!("the vault is sealed ({number})").into()),
            Then::Hang => std::future::pending().await,
        }
    }
}

fn only(token: &'static str) -> Server {
    Server::start(move |request| match request.header("authorization") {
        Some(sent) if sent.ends_with(token) => json(200, BALANCE),
        _ => json(401, r#"{"error": "expired"}"#),
    })
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_call_repeated() {
    let server = only("token-2");
    balance(&Tokens::new(9, Then::Fail).client(&server))
        .await
        .unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_purchase_is_sent_again_with_another_token_as_nothing_was_done() {
    let server = only("token-2");
    let error = purchase(&Tokens::new(9, Then::Fail).client(&server))
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Decode,
        "the balance is no receipt: {error}"
    );
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].body, received[1].body);
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_the_end() {
    let server = only("token-3");
    let error = balance_error(&Tokens::new(9, Then::Fail).client(&server)).await;
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (401, 2)
    );
}

#[tokio::test]
async fn a_refusal_without_another_token_tells_both() {
    let server = only("token-9");
    let error = balance_error(&Tokens::new(2, Then::Fail).client(&server)).await;
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (401, 1)
    );
    let whole = format!("{error:#}");
    assert!(
        whole.contains("expired") && whole.contains("the vault is sealed (2)"),
        "{whole}"
    );
}

#[tokio::test]
async fn a_provider_that_fails() {
    let server = Server::always(json(200, BALANCE));
    let error = balance_error(&Tokens::new(1, Then::Fail).client(&server)).await;
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Credentials, 0)
    );
    assert!(format!("{error:#}").contains("the credentials provider failed: the vault is sealed"));
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn a_provider_that_hangs() {
    let server = Server::always(json(200, BALANCE));
    let client = Tokens::new(1, Then::Hang).client(&server);
    let error = balance_error(&client.with(|call| call.timeout(SECOND / 4))).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    let text = error.to_string();
    let expected =
        "the credentials provider gave nothing within 0.25 s, the time limit of the call";
    assert!(text.contains(expected), "{text}");
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn a_provider_that_hangs_after_a_refusal() {
    let server = only("token-9");
    let error = balance_error(&Tokens::new(2, Then::Hang).client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(
        error
            .to_string()
            .contains("provider gave nothing within 2 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_fixed_key_that_is_refused_is_not_sent_again() {
    let server = in_turn([json(401, "{}"), json(200, BALANCE)]);
    let error = balance_error(&client(&server)).await;
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (401, 1)
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_refusal_among_other_failures_costs_no_attempt_of_the_policy() {
    let server = in_turn([json(503, "{}"), json(401, "{}"), json(200, BALANCE)]);
    balance(&Tokens::new(9, Then::Fail).client(&server))
        .await
        .unwrap();
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn without_a_credential_nothing_is_sent() {
    let server = Server::always(json(200, BALANCE));
    let error = balance_error(&server.builder().build().unwrap()).await;
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Credentials, 0)
    );
    assert_eq!(server.accepted(), 0);
}

//! Credentials from a provider: kept, renewed early, after a refusal, and one at a time.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use neo_client::{BoxError, Client, Credential, CredentialsProvider, ErrorKind, Method};
use server::{BALANCE, Server, json, reply};

/// Gives `token-1`, `token-2` … and counts how many are asked for at the same time.
#[derive(Clone, Default)]
struct Counter {
    given: Arc<AtomicUsize>,
    active: Arc<AtomicUsize>,
    life: Option<Duration>,
}

impl Counter {
    fn given(&self) -> usize {
        self.given.load(Ordering::SeqCst)
    }
}

impl CredentialsProvider for Counter {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        assert_eq!(
            self.active.fetch_add(1, Ordering::SeqCst),
            0,
            "asked twice at a time"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.active.fetch_sub(1, Ordering::SeqCst);
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        let credential = Credential::bearer_token(format!("token-{number}"))?;
        Ok(match self.life {
            Some(life) => credential.expires_in(life),
            None => credential,
        })
    }
}

/// Asks for the balance `count` times at once.
async fn at_once(client: &Client, count: usize) -> Vec<Result<f64, neo_client::Error>> {
    let calls: Vec<_> = (0..count)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let balance = client.billing().get_credit_balance().await?;
                Ok(balance.available_credits)
            })
        })
        .collect();
    let mut results = Vec::new();
    for call in calls {
        results.push(call.await.unwrap());
    }
    results
}

#[tokio::test]
async fn one_credential_serves_all_calls() {
    let server = Server::always(json(200, BALANCE));
    let provider = Counter::default();
    let client = server
        .builder()
        .credentials(provider.clone())
        .build()
        .unwrap();
    for _ in 0..2 {
        assert!(at_once(&client, 8).await.iter().all(Result::is_ok));
    }
    assert_eq!(provider.given(), 1);
    assert_eq!(server.received().len(), 16);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all() {
    let server = Server::start(|request| match request.header("authorization") {
        Some("Bearer token-1") => json(401, r#"{"error": "expired"}"#),
        _ => json(200, BALANCE),
    });
    let provider = Counter::default();
    let client = server
        .builder()
        .credentials(provider.clone())
        .build()
        .unwrap();
    assert!(at_once(&client, 8).await.iter().all(Result::is_ok));
    assert_eq!(provider.given(), 2);
    assert_eq!(server.received().len(), 16);

    let body = client.request(Method::POST, "/api/v1/things").json(&[1, 2]);
    body.send().await.unwrap();
    assert_eq!(provider.given(), 2, "the new token is kept");
}

#[tokio::test]
async fn a_body_is_sent_again_with_the_new_token() {
    let server = Server::start(|request| match request.header("authorization") {
        Some("Bearer token-1") => json(401, "{}"),
        _ => json(200, "{}"),
    });
    let client = server
        .builder()
        .credentials(Counter::default())
        .build()
        .unwrap();
    let request = client.request(Method::POST, "/api/v1/things").json(&[1, 2]);
    request.send_as::<serde_json::Value>().await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert!(
        received
            .iter()
            .all(|it| it.body == "[1,2]" && it.method == "POST")
    );
}

#[tokio::test]
async fn a_second_refusal_is_the_answer() {
    let server = Server::always(json(401, r#"{"error": "who are you"}"#));
    let provider = Counter::default();
    let client = server
        .builder()
        .credentials(provider.clone())
        .build()
        .unwrap();
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.attempts(), 2);
    assert!(error.to_string().contains("(2 attempts)"), "{error}");
    assert_eq!((provider.given(), server.received().len()), (2, 2));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let server = Server::always(json(200, BALANCE));
    let provider = Counter {
        life: Some(Duration::from_secs(2)),
        ..Counter::default()
    };
    let client = server
        .builder()
        .credentials(provider.clone())
        .build()
        .unwrap();
    let call = async || client.billing().get_credit_balance().await.unwrap();
    call().await;
    call().await;
    assert_eq!(provider.given(), 1);
    // Four fifths of its life have passed, but not all.
    tokio::time::sleep(Duration::from_millis(1700)).await;
    call().await;
    assert_eq!(provider.given(), 2);
}

/// Does what its function says for the number of the attempt, which takes a while; `None` is to hang.
#[derive(Clone)]
struct Script {
    asked: Arc<AtomicUsize>,
    answer: fn(usize) -> Option<Result<Credential, BoxError>>,
}

impl Script {
    fn new(answer: fn(usize) -> Option<Result<Credential, BoxError>>) -> Self {
        let asked = Arc::default();
        Self { asked, answer }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl CredentialsProvider for Script {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        match (self.answer)(number) {
            None => std::future::pending().await,
            Some(answer) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                answer
            }
        }
    }
}

fn token(life: Duration) -> Result<Credential, BoxError> {
    Ok(Credential::bearer_token("first")?.expires_in(life))
}

#[tokio::test]
async fn a_provider_may_fail_while_the_last_token_is_valid() {
    let server = Server::always(json(200, BALANCE));
    let client = server
        .builder()
        .credentials(Script::new(|number| match number {
            1 => Some(token(Duration::from_secs(3))),
            _ => Some(Err("the vault is sealed".into())),
        }))
        .build()
        .unwrap();
    client.billing().get_credit_balance().await.unwrap();
    tokio::time::sleep(Duration::from_millis(2500)).await;
    client.billing().get_credit_balance().await.unwrap();
    tokio::time::sleep(Duration::from_millis(700)).await;
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(
        format!("{error:#}"),
        "billing.get_credit_balance: the credentials provider failed: the vault is sealed"
    );
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn the_time_limit_holds_for_the_provider() {
    let server = Server::always(reply(200, &[], ""));
    let builder = server.builder().credentials(Script::new(|_| None));
    let client = builder.timeout(Duration::from_millis(50)).build().unwrap();
    for error in at_once(&client, 3).await {
        let error = error.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(error.attempts(), 0);
        assert!(
            error
                .to_string()
                .contains("provider gave nothing within 0.05 s"),
            "{error}"
        );
    }
}

/// What a vault says that is sealed, and why.
#[derive(Debug)]
struct Sealed(std::io::Error);

impl std::fmt::Display for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the vault is sealed")
    }
}

impl std::error::Error for Sealed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn a_valid_token_is_used_while_its_early_renewal_hangs() {
    let server = Server::always(json(200, BALANCE));
    let provider = Script::new(|number| (number == 1).then(|| token(Duration::from_millis(1500))));
    let builder = server.builder().credentials(provider.clone());
    let client = builder.build().unwrap();
    client.billing().get_credit_balance().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1250)).await;
    for result in at_once(&client, 3).await {
        result.unwrap();
    }
    assert_eq!(provider.asked(), 2);
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn an_error_of_the_provider_is_shared_by_all_that_wait() {
    let server = Server::always(json(200, BALANCE));
    let provider = Script::new(|_| {
        let sealed = Sealed(std::io::Error::other("no quorum"));
        Some(Err(sealed.into()))
    });
    let builder = server.builder().credentials(provider.clone());
    let client = builder.build().unwrap();
    for result in at_once(&client, 20).await {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(
            format!("{error:#}"),
            "billing.get_credit_balance: the credentials provider failed: the vault is sealed: no quorum"
        );
        let source = std::error::Error::source(&error).unwrap();
        let shared: &Arc<dyn std::error::Error + Send + Sync> = source.downcast_ref().unwrap();
        assert!(shared.downcast_ref::<Sealed>().is_some());
    }
    assert_eq!(provider.asked(), 1);
    client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(provider.asked(), 2, "a later call asks again");
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_dropped_caller_does_not_hold_up_the_others() {
    let server = Server::always(json(200, BALANCE));
    let provider = Script::new(|number| (number > 1).then(|| token(Duration::from_secs(60))));
    let builder = server.builder().credentials(provider.clone());
    let client = builder.build().unwrap();
    let dropped = tokio::time::timeout(
        Duration::from_millis(200),
        client.billing().get_credit_balance().into_future(),
    );
    let others = async {
        while provider.asked() == 0 {
            tokio::task::yield_now().await;
        }
        at_once(&client, 8).await
    };
    let (dropped, others) = tokio::join!(dropped, others);
    assert!(dropped.is_err());
    assert!(others.iter().all(Result::is_ok));
    assert_eq!(provider.asked(), 2);
}

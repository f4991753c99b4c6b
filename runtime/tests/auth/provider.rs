//! Credentials from a provider: cached, renewed early or after a rejection, one request at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use neo_client_fixture::Client;
use neo_client_runtime::{
    BoxError, Credential, CredentialsProvider, ErrorKind, Method, RetryPolicy,
};

use crate::support::calls::pass;
use crate::support::clients::STOCK;
use crate::support::server::{Server, json, response};

/// Provides `token-1`, `token-2` and so on, and panics if it is called concurrently.
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

/// Requests the stock level `count` times at once.
async fn at_once(client: &Client, count: usize) -> Vec<Result<f64, neo_client_runtime::Error>> {
    let calls: Vec<_> = (0..count)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let level = client.stock().get_stock_level().await?;
                Ok(level.available)
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
async fn provider_credential_serves_all_calls() {
    let server = Server::always(json(200, STOCK));
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
async fn provider_rejected_token_is_renewed_once() {
    let server = Server::start(|request| match request.header("authorization") {
        Some("Bearer token-1") => json(401, r#"{"error": "expired"}"#),
        _ => json(200, STOCK),
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
async fn provider_new_token_resends_the_body() {
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
async fn provider_second_rejection_is_the_error() {
    let server = Server::always(json(401, r#"{"error": "who are you"}"#));
    let provider = Counter::default();
    let client = server
        .builder()
        .credentials(provider.clone())
        .build()
        .unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.attempts(), 2);
    assert!(error.to_string().contains("(2 attempts; "), "{error}");
    assert_eq!((provider.given(), server.received().len()), (2, 2));
}

#[tokio::test]
async fn provider_token_is_renewed_before_expiry() {
    let server = Server::always(json(200, STOCK));
    let provider = Counter {
        life: Some(Duration::from_secs(1000)),
        ..Counter::default()
    };
    let client = server
        .builder()
        .credentials(provider.clone())
        .build()
        .unwrap();
    let call = async || client.stock().get_stock_level().await.unwrap();
    call().await;
    call().await;
    assert_eq!(provider.given(), 1);
    // The token is due for renewal, and still valid.
    pass(Duration::from_secs(985)).await;
    call().await;
    assert_eq!(provider.given(), 2);
}

/// Does what its function returns for the number of the call. `None` hangs.
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
async fn provider_may_fail_while_token_is_valid() {
    let server = Server::always(json(200, STOCK));
    let client = server
        .builder()
        .credentials(Script::new(|number| match number {
            1 => Some(token(Duration::from_secs(1000))),
            _ => Some(Err("the vault is sealed".into())),
        }))
        .build()
        .unwrap();
    client.stock().get_stock_level().await.unwrap();
    pass(Duration::from_secs(990)).await;
    client.stock().get_stock_level().await.unwrap();
    pass(Duration::from_secs(11)).await;
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(
        format!("{error:#}"),
        "stock.get_stock_level: the credentials provider failed: the vault is sealed (trying again may help)"
    );
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn provider_time_counts_toward_call_timeout() {
    let server = Server::always(response(200, &[], ""));
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

/// The error of a vault, with its cause.
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
async fn provider_token_is_used_while_renewal_hangs() {
    let server = Server::always(json(200, STOCK));
    let provider = Script::new(|number| (number == 1).then(|| token(Duration::from_secs(1000))));
    let builder = server.builder().credentials(provider.clone());
    let client = builder.build().unwrap();
    client.stock().get_stock_level().await.unwrap();
    pass(Duration::from_secs(996)).await;
    for result in at_once(&client, 3).await {
        result.unwrap();
    }
    assert_eq!(provider.asked(), 2);
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn provider_error_is_shared_by_waiting_calls() {
    let server = Server::always(json(200, STOCK));
    let provider = Script::new(|_| {
        let sealed = Sealed(std::io::Error::other("no quorum"));
        Some(Err(sealed.into()))
    });
    let builder = server.builder().credentials(provider.clone());
    let client = builder.retry_policy(RetryPolicy::none()).build().unwrap();
    for result in at_once(&client, 20).await {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(
            format!("{error:#}"),
            "stock.get_stock_level: the credentials provider failed: the vault is sealed: no quorum (trying again may help)"
        );
        let source = std::error::Error::source(&error).unwrap();
        let shared: &Arc<dyn std::error::Error + Send + Sync> = source.downcast_ref().unwrap();
        assert!(shared.downcast_ref::<Sealed>().is_some());
    }
    assert_eq!(provider.asked(), 1);
    client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(provider.asked(), 2, "a later call asks again");
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn provider_dropped_call_does_not_block_others() {
    let server = Server::always(json(200, STOCK));
    let provider = Script::new(|number| (number > 1).then(|| token(Duration::from_secs(60))));
    let builder = server.builder().credentials(provider.clone());
    let client = builder.build().unwrap();
    let dropped = tokio::time::timeout(
        Duration::from_millis(200),
        client.stock().get_stock_level().into_future(),
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

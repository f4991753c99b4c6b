//! What the scenarios share: clients whose waits are short, calls that must not hang, and what holds for every error.

use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use neo_client::{CallOptions, Client, Error, ErrorKind, Method, Response, RetryPolicy, types};

use crate::server::{KEY, Server};

/// More than any scenario takes on a busy machine. What takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(25);

pub const SECOND: Duration = Duration::from_secs(1);

/// Three attempts with next to no wait in between.
pub fn quick() -> RetryPolicy {
    let millisecond = Duration::from_millis(1);
    RetryPolicy::default().backoff(millisecond, 2 * millisecond)
}

/// A client of `server` that repeats without waiting.
pub fn client(server: &Server) -> Client {
    client_with(server, |call| call)
}

/// [`client`] with other options.
pub fn client_with(server: &Server, change: impl FnOnce(CallOptions) -> CallOptions) -> Client {
    server
        .client()
        .with(|call| change(call.retry_policy(quick())))
}

/// A client of `server` that makes one attempt.
pub fn once(server: &Server) -> Client {
    client_with(server, |call| call.retries(0))
}

/// A server that gives each request the next answer, and the last one to all that follow.
pub fn in_turn(answers: impl IntoIterator<Item = Vec<u8>>) -> Server {
    let answers: Vec<_> = answers.into_iter().collect();
    let asked = AtomicUsize::new(0);
    Server::start(move |_| {
        let number = asked.fetch_add(1, Ordering::SeqCst);
        answers[number.min(answers.len() - 1)].clone()
    })
}

/// The balance, asked for within [`PATIENCE`]; an error is checked.
pub async fn balance(client: &Client) -> Result<Response<types::BillingCreditsResponse>, Error> {
    ends(client.billing().get_credit_balance().send()).await
}

/// The error of asking for the balance.
pub async fn balance_error(client: &Client) -> Error {
    balance(client).await.unwrap_err()
}

/// The purchase of 100 credits.
pub async fn purchase(client: &Client) -> Result<types::BillingPurchaseResponse, Error> {
    let order = types::BillingPurchaseRequest::builder()
        .action("purchase")
        .credits(100.0);
    ends(client.billing().purchase_credits(order).into_future()).await
}

/// What a request with `method` to a path that the document lacks ends in.
pub async fn send(client: &Client, method: Method) -> Result<(), Error> {
    let request = client.request(method, "/api/v1/things");
    ends(request.send()).await.map(drop)
}

/// Waits for the end of a call, which must come; an error is checked.
pub async fn ends<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let outcome = tokio::time::timeout(PATIENCE, call).await;
    outcome.unwrap().inspect_err(check)
}

/// What holds for every error: one bounded line without the credential that says who failed, what the server said and
/// whether to try again; causes that are chained and not repeated.
pub fn check(error: &Error) {
    let text = error.to_string();
    let whole = format!("{error:#}");
    for shown in [&text, &whole, &format!("{error:?}")] {
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
        assert!(shown.chars().count() < 3000, "{shown}");
        assert!(!shown.contains(KEY), "{shown}");
    }
    if let Some(operation) = error.operation() {
        assert!(text.starts_with(&format!("{}: ", operation.name)), "{text}");
    }
    if error.attempts() > 1 {
        let attempts = format!("{} attempts", error.attempts());
        assert!(text.contains(&attempts), "{text}");
    }
    let advice = [
        "try again in ",
        "trying again may help",
        "before trying again",
    ];
    let is_advised = advice.iter().any(|advice| text.contains(advice));
    assert_eq!(is_advised, error.is_retryable(), "{text}");
    if let Some(api) = error.api() {
        assert_eq!(error.kind(), ErrorKind::Api);
        let said = [api.code(), api.message(), api.error_id()];
        for said in said.into_iter().flatten().chain([api.status().as_str()]) {
            // Between the words it may be written otherwise, to stay on one line.
            for word in said.split(|it: char| !it.is_alphanumeric()) {
                assert!(text.contains(word), "{said}: {text}");
            }
        }
    }
    let mut above = text;
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        assert!(!text.is_empty(), "{whole}");
        assert!(!above.contains(&text), "`{text}` twice: {whole}");
        assert!(!text.contains(&above), "`{above}` twice: {whole}");
        above = text;
        cause = error.source();
    }
}

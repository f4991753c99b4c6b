//! Clients that retry without waiting, calls that must end, and checks that hold for every error.

use std::error::Error as StdError;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use neo_client_fixture::{Client, types};
use neo_client_runtime::{CallOptions, Error, ErrorKind, Method, Response, RetryPolicy};
use socket2::{Domain, Socket, Type};

use crate::support::clients::KEY;
use crate::support::server::Server;

/// The time after which a call counts as hanging, far above what any test takes.
const PATIENCE: Duration = Duration::from_secs(120);

pub const SECOND: Duration = Duration::from_secs(1);

/// Returns a policy of three attempts with hardly any wait between them.
pub fn quick() -> RetryPolicy {
    let millisecond = Duration::from_millis(1);
    RetryPolicy::default().backoff(millisecond, 2 * millisecond)
}

/// Returns a client of `server` that retries without waiting.
pub fn client(server: &Server) -> Client {
    client_with(server, |call| call)
}

/// Returns what [`client`] returns, with changed options.
pub fn client_with(server: &Server, change: impl FnOnce(CallOptions) -> CallOptions) -> Client {
    server
        .client()
        .with_options(|call| change(call.retry_policy(quick())))
}

/// Returns a client of `server` that makes one attempt.
pub fn once(server: &Server) -> Client {
    client_with(server, |call| call.retries(0))
}

/// Starts a server that sends each request the next response, and the last response to all others.
pub fn in_turn(answers: impl IntoIterator<Item = Vec<u8>>) -> Server {
    let answers: Vec<_> = answers.into_iter().collect();
    let asked = AtomicUsize::new(0);
    Server::start(move |_| {
        let number = asked.fetch_add(1, Ordering::SeqCst);
        answers[number.min(answers.len() - 1)].clone()
    })
}

/// Requests the stock level. Checks an error.
pub async fn stock_level(client: &Client) -> Result<Response<types::StockLevel>, Error> {
    ends(client.stock().get_stock_level().send()).await
}

/// Returns the error of a request for the stock level.
pub async fn stock_error(client: &Client) -> Error {
    stock_level(client).await.unwrap_err()
}

/// Orders 100 units, which no client may do twice. Checks an error.
pub async fn place_order(client: &Client) -> Result<types::OrderReceipt, Error> {
    let order = types::OrderRequest::builder().action("buy").quantity(100.0);
    ends(client.orders().place_order(order).into_future()).await
}

/// Sends a request with `method` to a path that the document lacks. Checks an error.
pub async fn send(client: &Client, method: Method) -> Result<(), Error> {
    let request = client.request(method, "/api/v1/things");
    ends(request.send()).await.map(drop)
}

/// Waits for a call to end within [`PATIENCE`]. Checks an error.
pub async fn ends<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let outcome = tokio::time::timeout(PATIENCE, call).await;
    outcome.unwrap().inspect_err(check)
}

/// Checks what holds for every error.
///
/// The text is one bounded line without the credential. It names the operation, what the server
/// said, and whether to try again. The causes are chained and not repeated.
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
    // The messages of these kinds name the setting.
    let is_in_message = [
        ErrorKind::Configuration,
        ErrorKind::Credentials,
        ErrorKind::Proxy,
    ];
    // So do some messages, which quote the item to use.
    let is_explained = text.ends_with(')') || text.contains(": ") && text.contains('`');
    assert!(
        is_explained || is_in_message.contains(&error.kind()),
        "{text}"
    );
    if let Some(api) = error.api() {
        assert_eq!(error.kind(), ErrorKind::Api);
        let said = [api.code(), api.message(), api.error_id()];
        for said in said.into_iter().flatten().chain([api.status().as_str()]) {
            // Only the words: the text may replace the characters between them.
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

/// Moves the clock of tokio forward, without waiting. No call may be in flight.
pub async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Returns a bound socket that refuses connections, and its base URL.
///
/// While the socket exists, no other process gets its port.
pub fn refusing_socket() -> (Socket, String) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&any_port.into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    (socket, format!("http://{address}"))
}

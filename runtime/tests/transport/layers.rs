//! Services between the client and the network: tower layers, and fakes without a socket.

use std::future::{pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use neo_client_fixture::{Client, ClientBuilder};
use neo_client_runtime::reqwest::{self, Request, Response};
use neo_client_runtime::tower_service::Service;
use neo_client_runtime::{BoxError, ErrorKind, Method};
use tower::{ServiceBuilder, ServiceExt, service_fn};

use crate::support::calls::{SECOND, ends, in_turn, place_order, quick, stock_error, stock_level};
use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Server, json};

fn builder() -> ClientBuilder {
    Client::builder()
        .base_url("http://localhost:1")
        .depot_key(KEY)
        .retry_policy(quick())
}

/// Returns a response without a URL, as fakes make it.
fn made(status: u16, location: &str, body: &'static str) -> Result<Response, BoxError> {
    let response = http::Response::builder().status(status);
    let response = response.header("location", location);
    Ok(Response::from(response.body(body)?))
}

/// Returns a client whose requests all end as `answer` says, and the requests.
fn fake(
    answer: impl Fn(&Request) -> Result<Response, BoxError> + Send + 'static,
) -> (Client, Arc<Mutex<Vec<Request>>>) {
    let sent = Arc::<Mutex<Vec<Request>>>::default();
    let record = Arc::clone(&sent);
    let fake = service_fn(move |request: Request| {
        let answer = answer(&request);
        record.lock().unwrap().push(request);
        ready(answer)
    });
    (builder().transport(move |_| fake).build().unwrap(), sent)
}

#[tokio::test]
async fn fake_answers_without_a_socket() {
    let (client, sent) = fake(|_| made(200, "", STOCK));
    let level = stock_level(&client).await.unwrap();
    assert_eq!(level.available, 60.0);
    let sent = sent.lock().unwrap();
    assert_eq!(sent[0].url().path(), "/api/v1/stock");
    assert_eq!(sent[0].headers()["x-depot-key"], KEY);
}

#[tokio::test]
async fn fake_sees_the_bytes_of_the_body() {
    let receipt = r#"{"action": "buy", "price_cents": 1, "price_display": "$", "quantity": 100}"#;
    let (client, sent) = fake(move |_| made(200, "", receipt));
    place_order(&client).await.unwrap();
    let sent = sent.lock().unwrap();
    let body = sent[0].body().unwrap().as_bytes().unwrap();
    assert_eq!(body, br#"{"action":"buy","quantity":100.0}"#);
}

#[tokio::test]
async fn fake_redirect_within_origin_is_followed() {
    let (client, sent) = fake(|request| match request.url().path() {
        "/api/v1/stock" => made(307, "/elsewhere", ""),
        _ => made(200, "", STOCK),
    });
    stock_level(&client).await.unwrap();
    {
        let sent = sent.lock().unwrap();
        assert_eq!(sent[1].url().as_str(), "http://localhost:1/elsewhere");
        assert_eq!(sent[1].headers()["x-depot-key"], KEY);
    }

    let (client, sent) = fake(|_| made(307, "http://localhost:2/", ""));
    let error = stock_error(&client).await;
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(sent.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn failure_of_transport_is_told_without_the_key() {
    let (client, sent) = fake(|_| Err(format!("the cache is gone, {KEY}").into()));
    let error = stock_error(&client).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
    let text = format!("{error:#}");
    assert!(text.contains("ClientBuilder::transport"), "{text}");
    assert!(text.contains("the cache is gone"), "{text}");
    assert_eq!(sent.lock().unwrap().len(), 3);

    // The server may have carried out the order.
    let error = place_order(&client).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    let text = error.to_string();
    assert!(text.contains("it may have been carried out"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn rate_limit_delays_calls_and_loses_none() {
    let count = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&count);
    let fake = service_fn(move |_: Request| {
        counted.fetch_add(1, Ordering::SeqCst);
        ready(made(200, "", STOCK))
    });
    // Two requests an hour: the others wait far longer than an attempt may take.
    let builder = builder().timeout(24 * 3600 * SECOND).transport(move |_| {
        let limited = ServiceBuilder::new().rate_limit(2, 3600 * SECOND);
        limited.service(fake)
    });
    let client = builder.build().unwrap();
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.stock().get_stock_level().await.map(drop) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(count.load(Ordering::SeqCst), 10);
}

/// A service that is never ready, or never will be again.
struct Unready(bool);

impl Service<Request> for Unready {
    type Response = Response;
    type Error = BoxError;
    type Future = std::future::Ready<Result<Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self.0 {
            true => Poll::Ready(Err("the worker ended".into())),
            false => Poll::Pending,
        }
    }

    fn call(&mut self, _: Request) -> Self::Future {
        ready(made(200, "", STOCK))
    }
}

#[tokio::test(start_paused = true)]
async fn transport_never_ready_ends_by_call_timeout() {
    let client = builder().transport(|_| Unready(false)).build().unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let text = error.to_string();
    let expected = "the transport was not ready within 90 s, the call timeout";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn transport_that_ended_sent_nothing() {
    let client = builder().transport(|_| Unready(true)).build().unwrap();
    let error = place_order(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
    let text = format!("{error:#}");
    assert!(text.contains("the worker ended"), "{text}");
    assert!(!text.contains("carried out"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn silent_transport_ends_by_attempt_timeout() {
    let fake = service_fn(|_: Request| pending::<Result<Response, BoxError>>());
    let client = builder().transport(move |_| fake).build().unwrap();
    let once = client.with_options(|call| call.retries(0));
    let error = once.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("the attempt timeout"), "{error}");
}

#[tokio::test]
async fn layer_sees_each_attempt_and_changes_it() {
    let server = in_turn([json(503, "{}"), json(200, STOCK)]);
    let sign = |mut request: Request| {
        let signature = request.url().path().len().to_string();
        let mut pairs = request.url_mut().query_pairs_mut();
        pairs.append_pair("signature", &signature);
        drop(pairs);
        request
    };
    let builder = server.builder().depot_key(KEY).retry_policy(quick());
    let builder = builder.transport(move |http| http.map_request(sign));
    stock_level(&builder.build().unwrap()).await.unwrap();
    let received = server.received();
    let targets: Vec<&str> = received.iter().map(|it| it.target.as_str()).collect();
    assert_eq!(targets, ["/api/v1/stock?signature=13"; 2]);
    assert_eq!(received[0].header("content-length"), None);
}

#[tokio::test]
async fn layer_of_http_types_fits() {
    let server = Server::always(json(200, STOCK));
    let builder = server.builder().depot_key(KEY);
    let builder = builder.transport(|http| {
        ServiceBuilder::new()
            .map_request(|request: http::Request<reqwest::Body>| {
                Request::try_from(request).unwrap()
            })
            .service(http)
            .map_request(|request: Request| {
                http::Request::<reqwest::Body>::try_from(request).unwrap()
            })
    });
    stock_level(&builder.build().unwrap()).await.unwrap();
    assert_eq!(server.received()[0].header("x-depot-key"), Some(KEY));
}

#[tokio::test]
async fn load_shed_is_a_failure_of_the_transport() {
    let slow = service_fn(|_: Request| pending::<Result<Response, BoxError>>());
    let builder = builder().transport(move |_| {
        let limited = ServiceBuilder::new().load_shed().concurrency_limit(1);
        limited.service(slow)
    });
    let client = builder.build().unwrap();
    let waiting = client.clone();
    let first = tokio::spawn(async move { stock_level(&waiting).await.map(drop) });
    tokio::task::yield_now().await;
    let text = format!("{:#}", stock_error(&client).await);
    assert!(text.contains("overloaded"), "{text}");
    first.abort();
}

#[tokio::test]
async fn connection_refused_beneath_a_layer_is_named() {
    let (_socket, url) = crate::support::calls::refusing_socket();
    for timeout in [false, true] {
        let builder = builder().base_url(&url);
        // The layer boxes the errors of the HTTP client.
        let builder = match timeout {
            false => builder.transport(|http| http),
            true => builder.transport(|http| tower::timeout::Timeout::new(http, 60 * SECOND)),
        };
        let error = place_order(&builder.build().unwrap()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        assert!(error.to_string().contains("no connection to"), "{error}");
    }
}

#[tokio::test]
async fn request_of_any_method_is_framed_as_usual() {
    let server = Server::always(json(200, "{}"));
    let builder = server.builder().depot_key(KEY).transport(|http| http);
    let client = builder.build().unwrap();
    for (method, length) in [
        (Method::POST, Some("0")),
        (Method::GET, None),
        (Method::DELETE, None),
    ] {
        ends(client.request(method, "/x").send()).await.unwrap();
        let received = server.received();
        let last = received.last().unwrap();
        assert_eq!(last.header("content-length"), length);
        assert_eq!(last.header("transfer-encoding"), None);
    }
}

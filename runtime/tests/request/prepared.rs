//! Dry runs, clones of requests, and the size of their futures.

use neo_client_fixture::{Client, types};
use neo_client_runtime::{Body, Error, ErrorKind, Method};

use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Server, json};

fn client() -> Client {
    let builder = Client::builder().base_url("http://localhost:1");
    builder.depot_key(KEY).build().unwrap()
}

#[test]
fn dry_run_returns_what_would_be_sent() {
    let client = client().with_options(|call| call.header("x-trace", "7").query("preview", 1));
    let order = types::OrderRequest::builder().action("buy").quantity(2.0);
    let request = client.orders().place_order(order).to_request().unwrap();
    assert_eq!(request.method(), Method::POST);
    let url = request.url().as_str();
    assert_eq!(url, "http://localhost:1/api/v1/orders?preview=1");
    assert_eq!(request.headers()["x-trace"], "7");
    assert_eq!(request.headers()["accept"], "application/json");
    let body = request.body().unwrap();
    assert_eq!(body, br#"{"action":"buy","quantity":2.0}"#);
    let sent = request.into_inner();
    assert!(!format!("{sent:?} {:?}", sent.headers()).contains(KEY));

    let error = client.parcels().get_parcel("..").to_request().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[test]
fn dry_run_shows_no_secret() {
    let canary = "canary0canary0canary0";
    let client = client().with_options(|call| {
        let call = call.header("x-gateway-token", canary);
        call.query("access_key", canary).query("limit", 5)
    });
    let request = client.stock().get_stock_level().to_request().unwrap();
    let shown = format!("{request:?}");
    assert!(!shown.contains(canary), "{shown}");
    assert!(shown.contains("limit=5"), "{shown}");

    // Nothing of a request to an operation that holds secrets, nor the body of any other path.
    let secret = client.request(Method::GET, "/api/v1/account/key");
    let secret = secret.query(&[("note", canary)]).to_request().unwrap();
    let other = client.request(Method::POST, "/x").json(&canary);
    let other = other.to_request().unwrap();
    for request in [secret, other] {
        let shown = format!("{request:?}");
        assert!(!shown.contains(canary), "{shown}");
    }
}

#[test]
fn dry_run_of_a_stream_has_no_bytes() {
    let request = client().request(Method::PUT, "/x");
    let body = Body::wrap(http_body_of("a"));
    let request = request.body(body).to_request().unwrap();
    assert_eq!(request.body(), None);
    assert!(format!("{request:?}").contains("a stream"));
}

/// Returns a body whose bytes cannot be seen.
fn http_body_of(text: &'static str) -> impl http_body::Body<Data = bytes::Bytes, Error = Error> {
    struct Once(Option<&'static str>);

    impl http_body::Body for Once {
        type Data = bytes::Bytes;
        type Error = Error;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, Error>>> {
            let text = self.0.take();
            std::task::Poll::Ready(text.map(|it| Ok(http_body::Frame::data(it.into()))))
        }
    }

    Once(Some(text))
}

#[tokio::test]
async fn request_is_cloned_and_sent_twice() {
    let server = Server::always(json(200, STOCK));
    let client = server.client();
    let request = client.stock().get_stock_level();
    for request in [request.clone(), request] {
        request.await.unwrap();
    }
    assert_eq!(server.received().len(), 2);
}

#[test]
fn future_of_any_call_is_small() {
    let client = client();
    let jobs = client.jobs();
    let job = types::JobRequest::builder().work("x");
    let mut items = client.parcels().list_parcels().items();
    let mut pages = client.parcels().list_parcels().pages();
    for (name, size) in [
        (
            "send",
            size_of_val(&client.stock().get_stock_level().send()),
        ),
        (
            "await",
            size_of_val(&client.stock().get_stock_level().into_future()),
        ),
        (
            "send_as",
            size_of_val(&client.stock().get_stock_level().send_as::<()>()),
        ),
        ("events", size_of_val(&jobs.get_job_events("j").send())),
        (
            "bytes",
            size_of_val(&client.gates().get_gate_camera("g").send()),
        ),
        (
            "raw",
            size_of_val(&client.request(Method::GET, "/x").send()),
        ),
        (
            "raw stream",
            size_of_val(&client.request(Method::GET, "/x").stream()),
        ),
        (
            "raw events",
            size_of_val(&client.request(Method::GET, "/x").events()),
        ),
        ("run", size_of_val(&jobs.run_job(job).send())),
        ("items", size_of_val(&items.next_item())),
        ("pages", size_of_val(&pages.next_page())),
    ] {
        assert!(size < 4096, "{name}: {size} bytes");
    }
}

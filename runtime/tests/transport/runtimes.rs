//! One client in several tokio runtimes.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use neo_client_fixture::Client;
use neo_client_runtime::{Error, ErrorKind};
use tokio::runtime::{Builder, Runtime};

use crate::support::calls::{client, place_order, stock_level};
use crate::support::server::Server;

/// Starts a server that keeps connections open.
fn keep_alive() -> Server {
    Server::accept(|connection| {
        while let Some(request) = connection.request() {
            let body = match &*request.method {
                "GET" => crate::support::clients::STOCK,
                _ => {
                    r#"{"action": "buy", "price_cents": 1, "price_display": "$", "quantity": 100}"#
                }
            };
            let length = body.len();
            connection.send(format!(
                "HTTP/1.1 200 -\r\ncontent-length: {length}\r\n\r\n{body}"
            ));
        }
    })
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn call(client: &Client) {
    stock_level(client).await.unwrap();
    place_order(client).await.unwrap();
}

#[test]
fn client_outlives_its_runtime() {
    let server = keep_alive();
    let client = client(&server);
    for _ in 0..20 {
        runtime().block_on(call(&client));
    }
    assert_eq!(server.received().len(), 40);
}

/// Polls a call where no runtime runs, and checks its error.
#[track_caller]
fn assert_fails_without_runtime<T>(call: impl Future<Output = Result<T, Error>>) {
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(outcome) = pin!(call).poll(&mut context) else {
        panic!("the call waits without a runtime");
    };
    let error = outcome.err().expect("the call succeeds without a runtime");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("no tokio runtime"), "{error}");
}

#[test]
fn call_outside_of_a_runtime_is_an_error() {
    let server = keep_alive();
    let client = client(&server);
    assert_fails_without_runtime(client.stock().get_stock_level().into_future());
    runtime().block_on(call(&client));
}

#[test]
fn run_outside_of_a_runtime_is_an_error() {
    let server = keep_alive();
    let client = client(&server);
    let run = client.jobs().attach_job("j-1");
    assert_fails_without_runtime(run.deadline(Duration::from_secs(9)).send());
}

#[test]
fn client_works_beside_a_runtime_that_stands_still() {
    let server = keep_alive();
    // Waiting for a connection that nothing drives would take longer than the test.
    let client = client(&server).with_options(|call| call.timeout(Duration::MAX));
    let (first, second) = (runtime(), runtime());
    for _ in 0..3 {
        first.block_on(call(&client));
        second.block_on(call(&client));
    }
    assert_eq!((server.accepted(), server.received().len()), (2, 12));
}

#[test]
fn client_works_in_runtimes_on_several_threads() {
    let server = keep_alive();
    let client = client(&server);
    let threads: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || runtime().block_on(call(&client)))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(server.received().len(), 40);
}

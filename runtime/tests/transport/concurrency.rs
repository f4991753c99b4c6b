//! `max_concurrent_requests`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_fixture::Client;
use neo_client_runtime::{ErrorKind, Method};

use crate::support::calls::{SECOND, ends, in_turn, quick, stock_error, stock_level};
use crate::support::clients::{KEY, STOCK};
use crate::support::connection_fault::later;
use crate::support::server::{Server, json, response};

fn limited(server: &Server, max: usize) -> Client {
    let builder = server.builder().depot_key(KEY).retry_policy(quick());
    builder.max_concurrent_requests(max).build().unwrap()
}

/// Adds one until it is dropped, and remembers the largest number.
struct Open<'a>(&'a [AtomicUsize; 2]);

impl<'a> Open<'a> {
    fn new(counts: &'a [AtomicUsize; 2]) -> Self {
        let now = counts[0].fetch_add(1, Ordering::SeqCst) + 1;
        counts[1].fetch_max(now, Ordering::SeqCst);
        Self(counts)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0[0].fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn requests_beyond_the_limit_wait() {
    let counts = Arc::<[AtomicUsize; 2]>::default();
    let counted = Arc::clone(&counts);
    let server = Server::start(move |_| {
        let _open = Open::new(&counted);
        std::thread::sleep(SECOND / 50);
        json(200, STOCK)
    });
    let client = limited(&server, 4);
    let calls: Vec<_> = (0..60)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { stock_level(&client).await.map(drop) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!((1..=4).contains(&counts[1].load(Ordering::SeqCst)));
}

#[tokio::test]
async fn request_that_fails_or_waits_holds_no_place() {
    let server = in_turn([
        later(503, "0.2"),
        Vec::new(),
        json(404, "{}"),
        json(200, STOCK),
    ]);
    let client = limited(&server, 1);
    assert_eq!(stock_error(&client).await.status().unwrap(), 404);
    stock_level(&client).await.unwrap();
}

#[tokio::test]
async fn stream_holds_its_place_until_its_end() {
    let server = Server::always(response(200, &[], "abc"));
    let client = limited(&server, 1);
    let stream = async || {
        let request = client.request(Method::GET, "/x");
        ends(request.stream()).await.unwrap().into_inner()
    };
    let held = stream().await;
    let hasty = client.with_options(|call| call.timeout(SECOND / 4));
    let error = stock_error(&hasty).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(
        error.to_string().contains("`max_concurrent_requests`"),
        "{error}"
    );
    drop(held);
    let mut read = stream().await;
    while read.chunk().await.is_some() {}
    drop(stream().await);
}

#[tokio::test]
async fn connections_are_bounded_by_the_limit() {
    let counts = Arc::<[AtomicUsize; 2]>::default();
    let counted = Arc::clone(&counts);
    let server = Server::accept(move |connection| {
        let _open = Open::new(&counted);
        while connection.request().is_some() {
            std::thread::sleep(SECOND / 50);
            let length = STOCK.len();
            connection.send(format!(
                "HTTP/1.1 200 -\r\ncontent-length: {length}\r\n\r\n{STOCK}"
            ));
        }
    });
    let client = limited(&server, 8);
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { stock_level(&client).await.map(drop) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let most = counts[1].load(Ordering::SeqCst);
    // The HTTP library may open a connection while another one returns to the pool.
    assert!((1..=16).contains(&most), "{most}");
}

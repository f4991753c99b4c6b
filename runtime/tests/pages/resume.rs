//! Errors in the middle of a list, and resuming after them.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use futures_core::Stream;
use neo_client_fixture::{Client, types};
use neo_client_runtime::{ErrorKind, Items, Pages};
use serde_json::json;

use crate::support::clients::KEY;
use crate::support::lists::{Query, all, asked, parcels, read, serving, values};
use crate::support::server::{self, Server, response};

/// Starts a server of nine parcels, three on a page, that rejects only the request with this
/// number.
fn refusing(number: usize) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request| {
        if count.fetch_add(1, Ordering::SeqCst) == number {
            return server::json(403, r#"{"error": "not today"}"#);
        }
        let begin = Query::of(request).number("cursor").unwrap_or(0);
        let mut page = json!({ "items": parcels(begin..begin + 3), "total": 9 });
        if begin + 3 < 9 {
            page["next_cursor"] = (begin + 3).to_string().into();
        }
        server::json(200, &page.to_string())
    })
}

#[tokio::test]
async fn error_keeps_items_and_resume_value() {
    for (number, given, at) in [(0, 0, None), (1, 3, Some("3")), (2, 6, Some("6"))] {
        let server = refusing(number);
        let depot = server.client();
        let mut items = depot.parcels().list_parcels().items();
        let mut found: Vec<types::Parcel> = Vec::new();
        let error = loop {
            match items.next_item().await.unwrap() {
                Ok(item) => found.push(item),
                Err(error) => break error,
            }
        };
        assert!(items.next_item().await.is_none());
        assert_eq!(found.len(), given);
        assert_eq!(error.kind(), ErrorKind::Api);
        assert_eq!(error.resume_value(), at);
        assert_eq!(items.total(), (number > 0).then_some(9));

        let mut rest = depot.parcels().list_parcels();
        if let Some(position) = error.resume_value() {
            rest = rest.cursor(position);
        }
        found.extend(all(rest.items()).await);
        let keys: Vec<_> = found.iter().map(|it| it.key.clone().unwrap()).collect();
        assert_eq!(keys, ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
    }
}

#[tokio::test]
async fn page_that_fails_is_retried() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        if count.fetch_add(1, Ordering::SeqCst) == 1 {
            return server::json(503, "{}");
        }
        let begin = Query::of(request).number("cursor").unwrap_or(0);
        let next = (begin == 0).then_some("1");
        let page = json!({ "items": parcels([begin]), "next_cursor": next });
        server::json(200, &page.to_string())
    });
    let found = all(server.client().parcels().list_parcels().items()).await;
    assert_eq!(found.len(), 2);
    assert_eq!(asked(&server, "cursor"), values(&["", "1", "1"]));
}

#[tokio::test]
async fn page_that_does_not_decode_has_resume_value() {
    let server = serving(|query| match query.number("cursor") {
        None => json!({ "items": parcels([0]), "next_cursor": "1" }),
        Some(_) => json!({ "items": "none" }),
    });
    let (given, error) = read(server.client().parcels().list_parcels().items()).await;
    assert_eq!(given.len(), 1);
    let error = error.unwrap();
    assert_eq!(
        (error.kind(), error.resume_value()),
        (ErrorKind::Decode, Some("1"))
    );
    let shown = format!("{error:?}");
    assert!(shown.contains("resume_value: 1 bytes"), "{shown}");
}

#[tokio::test]
async fn cursor_too_long_to_send_is_in_the_error() {
    let long = "c".repeat(1 << 20);
    let cursor = long.clone();
    let server = serving(move |_| json!({ "items": parcels([0]), "next_cursor": cursor }));
    let (given, error) = read(server.client().parcels().list_parcels().items()).await;
    assert_eq!((given.len(), server.received().len()), (1, 1));
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.resume_value(), Some(&*long));
    assert!(format!("{error} {error:?}").len() < 2000);
}

#[tokio::test]
async fn items_are_send_and_outlive_the_client() {
    fn everywhere<S: Stream + Send + Unpin + 'static>(stream: S) -> S {
        stream
    }
    type Parcels = Items<types::ParcelList, types::Parcel>;
    type ParcelPages = Pages<types::ParcelList, types::Parcel>;
    fn begun(depot: Client) -> (Parcels, ParcelPages) {
        let request = || depot.parcels().list_parcels();
        (request().items(), request().pages())
    }
    let server = refusing(99);
    let (items, mut pages) = begun(server.client());
    let items = everywhere(items);
    let count = tokio::spawn(async move { all(items).await.len() });
    assert_eq!(count.await.unwrap(), 9);
    // Dropped between pages, and while a page is on its way.
    pages.next_page().await.unwrap().unwrap();
    let mut asked = Box::pin(pages.next_page());
    let polled = poll_fn(|context| Poll::Ready(asked.as_mut().poll(context)));
    assert!(polled.await.is_pending());
    drop(asked);
    drop(everywhere(pages));
    assert_eq!(all(begun(server.client()).0).await.len(), 9);
}

#[tokio::test]
async fn page_future_dropped_continues_later() {
    let server = refusing(99);
    let depot = server.client();
    let mut pages = depot.parcels().list_parcels().pages();
    let mut given = Vec::new();
    loop {
        // The future is dropped at once. The page that it requested is kept.
        let mut asked = Box::pin(pages.next_page());
        let polled = poll_fn(|context| Poll::Ready(asked.as_mut().poll(context))).await;
        drop(asked);
        match polled {
            Poll::Ready(Some(page)) => given.extend(page.unwrap().items.unwrap_or_default()),
            Poll::Ready(None) => break,
            Poll::Pending => tokio::task::yield_now().await,
        }
    }
    assert_eq!((given.len(), server.received().len()), (9, 3));
}

#[tokio::test]
async fn cursor_that_echoes_credential_is_hidden() {
    let server = serving(|query| match query.one("cursor") {
        None => json!({ "items": parcels([0]), "next_cursor": KEY }),
        Some(_) => json!({ "items": 7, "next_cursor": KEY }),
    });
    let (_, error) = read(server.client().parcels().list_parcels().items()).await;
    let error = error.unwrap();
    assert_eq!(error.resume_value(), Some(KEY));
    let shown = format!("{error} {error:#} {error:?}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn response_of_each_page_is_told() {
    let number = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let number = number.fetch_add(1, Ordering::SeqCst);
        let next = (number == 0).then_some("c1");
        let page = json!({ "items": parcels(number..number + 1), "next_cursor": next });
        let id = format!("x-request-id: r-{number}");
        let headers = ["content-type: application/json", &id];
        response(200, &headers, page.to_string())
    });
    let mut items = server.client().parcels().list_parcels().items();
    assert!(items.response().is_none());
    for id in ["r-0", "r-1"] {
        items.next_item().await.unwrap().unwrap();
        let response = items.response().unwrap();
        assert_eq!(response.request_id(), Some(id));
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.status(), 200);
        assert!(!response.elapsed().is_zero());
    }
    let mut pages = server.client().parcels().list_parcels().pages();
    pages.next_page().await.unwrap().unwrap();
    assert_eq!(pages.response().unwrap().request_id(), Some("r-2"));
}

#[tokio::test]
async fn error_of_a_page_tells_its_headers() {
    for page in [
        json!({ "items": 7 }),
        json!({ "items": [7] }),
        json!({ "items": parcels([1]), "next_cursor": "c1" }),
    ] {
        let server = Server::start(move |_| {
            let id = format!("x-request-id: r-7 {KEY}");
            let headers = ["content-type: application/json", &id];
            response(200, &headers, page.to_string())
        });
        let client = server.client();
        let items = client.parcels().list_parcels().cursor("c1");
        let (_, error) = read(items.items()).await;
        let error = error.unwrap();
        assert_eq!(error.request_id(), Some("r-7 [redacted]"), "{error}");
        assert_eq!(error.status().unwrap(), 200);
        assert!(error.elapsed().is_some());
    }
}

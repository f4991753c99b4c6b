//! Servers that send the same pages again and again.

use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_runtime::ErrorKind;
use serde_json::{Value, json};

use crate::support::lists::{movement, pages, pages_in_turn, parcels, read, serving};
use crate::support::server::Server;

/// Starts a server whose first page is followed by a cycle of `period` pages.
fn cycle(period: usize) -> Server {
    serving(move |query| {
        let page = query.number("cursor").unwrap_or(0);
        let next = page % period + 1;
        json!({ "items": parcels([page]), "next_cursor": next.to_string() })
    })
}

#[tokio::test]
async fn cursor_seen_before_is_an_error() {
    for period in [1, 2, 3, 7] {
        let server = cycle(period);
        let (given, error) = read(server.client().parcels().list_parcels().items()).await;
        assert_eq!(given.len(), period + 1, "each page once, period {period}");
        assert_eq!(server.received().len(), period + 1);
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Pagination);
        assert_eq!(
            error.to_string(),
            "parcels.list_parcels: the server repeats a cursor that it gave before \
             (request single pages with the parameters of the operation)"
        );
        // Every page was yielded, so there is no value to resume with.
        assert_eq!(error.resume_value(), None);
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn cursor_of_the_caller_counts_as_seen() {
    let server = cycle(3);
    let (given, error) = read(server.client().parcels().list_parcels().cursor("2").items()).await;
    assert_eq!(given.len(), 3);
    assert_eq!(error.unwrap().kind(), ErrorKind::Pagination);
}

#[tokio::test]
async fn cursor_ignored_by_server_gives_no_duplicates() {
    let server = serving(|_| json!({ "items": parcels(0..3), "next_cursor": "c" }));
    let (given, error) = read(server.client().parcels().list_parcels().items()).await;
    assert_eq!(given.len(), 3);
    assert_eq!(error.unwrap().resume_value(), Some("c"));
}

#[tokio::test]
async fn page_or_offset_ignored_is_an_error() {
    let page: Value = json!({ "notices": [{ "id": 1 }, { "id": 2 }], "has_more": true });
    let server = serving(move |_| page.clone());
    let (given, error) = pages(server.client().notices().list_notices().pages()).await;
    assert_eq!((given.len(), server.received().len()), (1, 2));
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert_eq!(
        error.to_string(),
        "notices.list_notices: the server sends a page once more: it may ignore `page` \
             (request single pages with the parameters of the operation)"
    );
    assert_eq!(error.resume_value(), Some("2"));

    // Neither `has_more` nor a reached total makes the same page a new one.
    for ending in [json!({ "has_more": false }), json!({ "total": 2 })] {
        let count = AtomicUsize::new(0);
        let server = serving(move |_| {
            let mut page = json!({ "data": [movement("a")], "total": 2 });
            if count.fetch_add(1, Ordering::SeqCst) > 0 {
                page["has_more"] = ending["has_more"].clone();
            }
            page
        });
        let arrivals = server.client().movements().list_arrivals().items();
        let (given, error) = read(arrivals).await;
        assert_eq!(given.len(), 1);
        assert_eq!(error.unwrap().kind(), ErrorKind::Pagination);
    }
}

#[tokio::test]
async fn key_ignored_is_an_error() {
    let invoices = json!({
        "currency": "usd", "has_more": true, "invoices": [{ "id": "a" }, { "id": "b" }]
    });
    let server = serving(move |_| invoices.clone());
    let (given, error) = read(server.client().invoices().list_invoices().items()).await;
    assert_eq!(given.len(), 2);
    assert_eq!(error.unwrap().resume_value(), Some("b"));

    let log = json!({
        "parcel_id": "t", "has_more": true,
        "events": [{ "sequence": 1 }, { "sequence": 2 }, { "sequence": 3 }],
    });
    let server = serving(move |_| log.clone());
    let (given, error) = read(server.client().parcels().list_scans("t").items()).await;
    assert_eq!(given.len(), 2);
    assert_eq!(error.unwrap().resume_value(), Some("2"));

    let log = json!({ "parcel_id": "t", "has_more": true, "events": [{ "sequence": 1 }, { "sequence": 2 }] });
    let server = serving(move |_| log.clone());
    let (given, error) = read(server.client().parcels().list_scans("t").items()).await;
    let error = error.unwrap();
    assert_eq!((given.len(), error.resume_value()), (1, Some("1")));
    let text = error.to_string();
    assert!(text.contains("it may ignore `starting_after` ("), "{text}");
}

#[tokio::test]
async fn equal_pages_with_new_cursors_are_no_cycle() {
    let page = |next: &str| json!({ "items": [{}, {}], "next_cursor": next });
    let server = pages_in_turn([page("a"), page("b"), page("")]);
    let (given, error) = read(server.client().parcels().list_parcels().items()).await;
    assert_eq!((given.len(), error.is_none()), (6, true));
}

//! Servers that go round in a circle.

use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client::ErrorKind;
use neo_client::serde_json::{Value, json};

use super::list::{files, in_turn, pages, read, serving, usage};
use crate::server::Server;

/// The first page has no cursor; those behind it are `period` in number, and lead from the last to the first of them.
fn circle(period: usize) -> Server {
    serving(move |query| {
        let page = query.number("cursor").unwrap_or(0);
        let next = page % period + 1;
        json!({ "items": files([page]), "next_cursor": next.to_string() })
    })
}

#[tokio::test]
async fn a_cursor_that_was_given_before_is_an_error_whenever_it_was() {
    for period in [1, 2, 3, 7] {
        let server = circle(period);
        let (given, error) = read(server.client().files().list_user_files().items()).await;
        assert_eq!(given.len(), period + 1, "each page once, period {period}");
        assert_eq!(server.received().len(), period + 1);
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Pagination);
        assert_eq!(
            error.to_string(),
            "files.list_user_files: the server repeats a cursor that it gave before"
        );
        // Every page was given: to go on anywhere would give one twice.
        assert_eq!(error.resume_at(), None);
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn the_callers_own_cursor_is_one_that_was_given() {
    let server = circle(3);
    let (given, error) = read(
        server
            .client()
            .files()
            .list_user_files()
            .cursor("2")
            .items(),
    )
    .await;
    assert_eq!(given.len(), 3);
    assert_eq!(error.unwrap().kind(), ErrorKind::Pagination);
}

#[tokio::test]
async fn a_server_that_ignores_the_cursor_gives_nothing_twice() {
    let server = serving(|_| json!({ "items": files(0..3), "next_cursor": "c" }));
    let (given, error) = read(server.client().files().list_user_files().items()).await;
    assert_eq!(given.len(), 3);
    assert_eq!(error.unwrap().resume_at(), Some("c"));
}

#[tokio::test]
async fn an_ignored_page_or_offset_is_an_error_and_gives_nothing_twice() {
    let page: Value = json!({ "issues": [{ "id": 1 }, { "id": 2 }], "has_more": true });
    let server = serving(move |_| page.clone());
    let (given, error) = pages(server.client().issues().list_issues().pages()).await;
    assert_eq!((given.len(), server.received().len()), (1, 2));
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert_eq!(
        error.to_string(),
        "issues.list_issues: the server sends a page once more: it may ignore `page`"
    );
    assert_eq!(error.resume_at(), Some("2"));

    // Neither `has_more` nor a total that is reached makes it another page.
    for ending in [json!({ "has_more": false }), json!({ "total": 2 })] {
        let count = AtomicUsize::new(0);
        let server = serving(move |_| {
            let mut page = json!({ "data": [usage("a")], "total": 2 });
            if count.fetch_add(1, Ordering::SeqCst) > 0 {
                page["has_more"] = ending["has_more"].clone();
            }
            page
        });
        let usages = server.client().usage().list_all_task_usages().items();
        let (given, error) = read(usages).await;
        assert_eq!(given.len(), 1);
        assert_eq!(error.unwrap().kind(), ErrorKind::Pagination);
    }
}

#[tokio::test]
async fn an_ignored_key_is_an_error_and_gives_nothing_twice() {
    let invoices = json!({
        "currency": "usd", "has_more": true, "invoice_history": [{ "id": "a" }, { "id": "b" }],
        "total_amount_cents": 1, "total_amount_display": "1", "total_purchases": 1,
    });
    let server = serving(move |_| invoices.clone());
    let (given, error) = read(server.client().billing().list_billing_invoices().items()).await;
    assert_eq!(given.len(), 2);
    assert_eq!(error.unwrap().resume_at(), Some("b"));

    let log = json!({
        "task_id": "t", "has_more": true,
        "events": [{ "sequence": 1 }, { "sequence": 2 }, { "sequence": 3 }],
    });
    let server = serving(move |_| log.clone());
    let (given, error) = read(server.client().tasks().get_agent_audit_log("t").items()).await;
    assert_eq!(given.len(), 2);
    assert_eq!(error.unwrap().resume_at(), Some("2"));

    let log = json!({ "task_id": "t", "has_more": true, "events": [{ "sequence": 1 }, { "sequence": 2 }] });
    let server = serving(move |_| log.clone());
    let (given, error) = read(server.client().tasks().get_agent_audit_log("t").items()).await;
    let error = error.unwrap();
    assert_eq!((given.len(), error.resume_at()), (1, Some("1")));
    let text = error.to_string();
    assert!(text.ends_with("it may ignore `starting_after`"), "{text}");
}

#[tokio::test]
async fn pages_with_the_same_items_are_no_circle_while_cursors_are_new() {
    let page = |next: &str| json!({ "items": [{}, {}], "next_cursor": next });
    let server = in_turn([page("a"), page("b"), page("")]);
    let (given, error) = read(server.client().files().list_user_files().items()).await;
    assert_eq!((given.len(), error.is_none()), (6, true));
}

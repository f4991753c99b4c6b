//! The end of a list.

use neo_client_runtime::ErrorKind;
use serde_json::{Value, json};

use crate::support::lists::{asked, movement, pages, pages_in_turn, parcels, read, values};

/// Returns last pages: without a cursor, with `null`, and with an empty text.
fn without_cursor() -> [Value; 3] {
    [
        json!({ "items": parcels([1]) }),
        json!({ "items": parcels([1]), "next_cursor": null }),
        json!({ "items": parcels([1]), "next_cursor": "" }),
    ]
}

#[tokio::test]
async fn list_ends_without_cursor() {
    for page in without_cursor() {
        let server = pages_in_turn([page]);
        let (given, error) = pages(server.client().parcels().list_parcels().pages()).await;
        assert_eq!((given.len(), error.is_none()), (1, true));
    }
}

#[tokio::test]
async fn list_continues_after_empty_page_with_cursor() {
    let responses = [
        json!({ "items": parcels([1]), "next_cursor": "a" }),
        json!({ "items": [], "next_cursor": "b" }),
        json!({ "items": null, "next_cursor": "c" }),
        json!({ "items": parcels([2]), "next_cursor": "d" }),
        json!({}),
    ];
    let server = pages_in_turn(responses.clone());
    let (given, error) = read(server.client().parcels().list_parcels().items()).await;
    assert_eq!((given.len(), error.is_none()), (2, true));

    let server = pages_in_turn(responses);
    let (given, error) = pages(server.client().parcels().list_parcels().pages()).await;
    assert_eq!((given.len(), error.is_none()), (2, true));
}

#[tokio::test]
async fn list_empty_is_one_page() {
    let empty = [
        json!({ "data": [], "has_more": false, "total": 0 }),
        json!({ "data": null, "total": 0 }),
        json!({}),
    ];
    for page in empty {
        let server = pages_in_turn([page]);
        let depot = server.client();
        let arrivals = depot.movements().list_arrivals();
        let (given, error) = pages(arrivals.pages()).await;
        assert_eq!((given.len(), error.is_none()), (1, true));
    }
}

#[tokio::test]
async fn offset_list_ends_at_total_or_empty_page() {
    let page = |id: &str, total: Option<i64>| json!({ "data": [movement(id)], "total": total });
    let nothing = json!({ "data": [] });
    for (responses, given) in [
        // A reached total spares a request. A total that is out of reach or invalid is ignored.
        (vec![page("a", Some(2)), page("b", Some(2))], 2),
        (vec![page("a", None), page("b", None), nothing.clone()], 2),
        (
            vec![page("a", Some(0)), page("b", Some(0)), nothing.clone()],
            2,
        ),
        (
            vec![page("a", Some(-1)), page("b", Some(-1)), nothing.clone()],
            2,
        ),
        (
            vec![page("a", Some(9)), page("b", Some(9)), nothing.clone()],
            2,
        ),
    ] {
        let requests = responses.len();
        let server = pages_in_turn(responses);
        let depot = server.client();
        let arrivals = depot.movements().list_arrivals();
        let (pages, error) = pages(arrivals.pages()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!((pages.len(), server.received().len()), (given, requests));
    }
}

#[tokio::test]
async fn has_more_without_position_is_an_error() {
    let more = json!({ "jobs": [{ "id": "a" }], "has_more": true });
    let server = pages_in_turn([more]);
    let (given, error) = read(server.client().jobs().list_jobs().items()).await;
    assert_eq!(given.len(), 1);
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert_eq!(
        error.to_string(),
        "jobs.list_jobs: the server says that there is more, and gives no cursor \
             (request single pages with the parameters of the operation)"
    );

    let full = json!({ "data": [movement("a")], "has_more": true });
    let server = pages_in_turn([full, json!({ "data": [], "has_more": true })]);
    let (given, error) = read(server.client().movements().list_arrivals().items()).await;
    assert_eq!(given.len(), 1);
    let error = error.unwrap();
    assert_eq!(
        (error.kind(), error.resume_value()),
        (ErrorKind::Pagination, Some("1"))
    );
    assert_eq!(asked(&server, "offset"), values(&["", "1"]));

    let invoices = json!({
        "currency": "usd", "has_more": true, "invoices": [{ "id": "a" }, {}]
    });
    let server = pages_in_turn([invoices]);
    let (given, error) = read(server.client().invoices().list_invoices().items()).await;
    assert_eq!(given.len(), 2);
    let error = error.unwrap().to_string();
    assert!(error.contains("the last item has no `/id`"), "{error}");
}

#[tokio::test]
async fn has_more_false_ends_despite_cursor() {
    let server = pages_in_turn([json!({ "jobs": [{}], "has_more": false, "next_cursor": "a" })]);
    let (given, error) = read(server.client().jobs().list_jobs().items()).await;
    assert_eq!((given.len(), error.is_none()), (1, true));
}

#[tokio::test]
async fn offset_out_of_range_is_not_sent() {
    let server = pages_in_turn([json!({})]);
    let depot = server.client();
    let arrivals = depot.movements().list_arrivals().offset(-5);
    let (_, error) = read(arrivals.items()).await;
    let error = error.unwrap();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::InvalidRequest, 0)
    );
    assert!(error.to_string().contains("offset"), "{error}");
    let arrivals = depot.movements().list_arrivals().offset(u64::MAX);
    let (_, error) = read(arrivals.items()).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.received().len(), 0);
}

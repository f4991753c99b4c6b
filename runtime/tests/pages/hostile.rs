//! Pages from a hostile or broken server.

use neo_client_runtime::ErrorKind;
use serde_json::{Value, json};

use crate::support::lists::{Query, all, asked, movement, pages_in_turn, parcels, read, serving};
use crate::support::server::{self, Server};

#[tokio::test]
async fn cursor_of_any_text_is_sent_back() {
    let cursors = [
        "a b+c",
        "&cursor=x",
        "#",
        "?",
        "%00",
        "\u{0}\r\n",
        "../..",
        "é😀",
        "null",
        "0",
        " ",
    ];
    let mut responses: Vec<Value> = cursors
        .iter()
        .map(|cursor| json!({ "items": parcels([1]), "next_cursor": cursor }))
        .collect();
    responses.push(json!({ "items": [] }));
    let server = pages_in_turn(responses);
    let found = all(server.client().parcels().list_parcels().keys("k").items()).await;
    assert_eq!(found.len(), cursors.len());
    let came = asked(&server, "cursor");
    let came: Vec<_> = came.iter().flatten().map(String::as_str).collect();
    assert_eq!(came, cursors);
    assert!(
        asked(&server, "keys")
            .iter()
            .all(|it| it.as_deref() == Some("k"))
    );
}

#[tokio::test]
async fn total_out_of_range_is_not_reported() {
    for total in ["1e300", "-1", "1.5", "-0.5", "null"] {
        let page = json!({ "data": [movement("a")], "has_more": false }).to_string();
        let page = page.replace("\"has_more\"", &format!("\"total\":{total},\"has_more\""));
        let server = Server::always(server::json(200, &page));
        let mut items = server.client().movements().list_arrivals().items();
        assert!(items.next_item().await.unwrap().is_ok());
        assert!(items.next_item().await.is_none());
        assert_eq!(items.total(), None, "{total}");
    }
    for total in ["\"7\"", "[]", "NaN", "1e999"] {
        let page = format!(r#"{{"data": [], "total": {total}}}"#);
        let server = Server::always(server::json(200, &page));
        let mut items = server.client().movements().list_arrivals().items();
        assert!(items.next_item().await.is_none());
        assert_eq!(items.total(), None, "{total}");
    }
}

#[tokio::test]
async fn paging_property_of_wrong_type_is_resumable() {
    for wrong in [
        json!({ "jobs": [{}], "has_more": "true" }),
        json!({ "jobs": [{}], "next_cursor": 7 }),
        json!({ "jobs": {} }),
        json!([]),
        json!("no"),
    ] {
        let first = json!({ "jobs": [{}], "has_more": true, "next_cursor": "a" });
        let server = pages_in_turn([first, wrong.clone()]);
        let (given, error) = read(server.client().jobs().list_jobs().items()).await;
        let error = error.unwrap();
        assert_eq!(given.len(), 1);
        assert_eq!(error.kind(), ErrorKind::Decode, "{wrong}");
        assert_eq!(error.resume_value(), Some("a"));
    }
}

#[tokio::test]
async fn endless_list_ends_at_the_limit() {
    let server = serving(|query| {
        let page = query.number("cursor").unwrap_or(0);
        json!({ "items": parcels([page]), "next_cursor": (page + 1).to_string() })
    });
    let items = server.client().parcels().list_parcels().items();
    assert_eq!(all(items.limit(50)).await.len(), 50);
    assert_eq!(server.received().len(), 50);
}

#[tokio::test]
async fn empty_pages_without_end_are_resumable() {
    let server = Server::start(|request| {
        let page = Query::of(request).number("cursor").unwrap_or(0);
        let items = if page == 1500 {
            parcels([0])
        } else {
            Vec::new()
        };
        let next = (page < 1600).then(|| (page + 1).to_string());
        server::json(
            200,
            &json!({ "items": items, "next_cursor": next }).to_string(),
        )
    });
    let depot = server.client();
    let (given, error) = read(depot.parcels().list_parcels().items()).await;
    let error = error.unwrap();
    assert_eq!((given.len(), error.kind()), (0, ErrorKind::Pagination));
    assert!(error.to_string().contains("1000 pages in a row"), "{error}");
    assert_eq!(error.resume_value(), Some("1000"));
    assert_eq!(server.received().len(), 1000);

    let rest = depot.parcels().list_parcels().cursor("1000");
    assert_eq!(all(rest.items()).await.len(), 1);
}

#[tokio::test]
async fn page_of_many_items_is_read() {
    const MANY: usize = 40_000;
    let log = |key: fn(usize) -> usize, has_more: bool| {
        let events: Vec<Value> = (0..MANY).map(|it| json!({ "sequence": key(it) })).collect();
        json!({ "parcel_id": "t", "events": events, "has_more": has_more })
    };
    let server = pages_in_turn([log(|it| it, false)]);
    let events = all(server.client().parcels().list_scans("t").items()).await;
    assert_eq!(events.len(), MANY);

    // More than the largest page size of the document: no larger page can be requested.
    let server = pages_in_turn([log(|_| 7, true)]);
    let (given, error) = read(server.client().parcels().list_scans("t").items()).await;
    assert_eq!(
        (given.len(), error.unwrap().kind()),
        (0, ErrorKind::Pagination)
    );

    let server = pages_in_turn([log(|it| it, true)]);
    let depot = server
        .client()
        .with_options(|call| call.response_limit(1000));
    let (_, error) = read(depot.parcels().list_scans("t").items()).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::ResponseTooLarge);
}

//! Each page style: all items in order, with the parameters of the request on every page.

use neo_client_fixture::{OPERATIONS, types};
use neo_client_runtime::PageStyle;
use serde_json::{Value, json};

use crate::support::lists::{all, asked, movement, pages_in_turn, parcels, serving, values};
use crate::support::server::Server;

/// Starts a server of eleven parcels.
fn parcel_server() -> Server {
    serving(|query| {
        let begin: usize = query
            .one("cursor")
            .map_or(0, |text| text.strip_prefix("at ").unwrap().parse().unwrap());
        let size = query.number("page_size").unwrap_or(4);
        let end = (begin + size).min(11);
        let mut page = json!({ "items": parcels(begin..end), "total": 11 });
        if end < 11 {
            page["next_cursor"] = format!("at {end}").into();
        }
        page
    })
}

fn keys(parcels: &[types::Parcel]) -> Vec<usize> {
    let key = |file: &types::Parcel| file.key.clone().unwrap().parse().unwrap();
    parcels.iter().map(key).collect()
}

#[tokio::test]
async fn cursor_pages_keep_all_parameters() {
    let server = parcel_server();
    let depot = server.client();
    let request = depot.parcels().list_parcels().zone("a b&c").page_size(5);
    let found = all(request.include_total(true).items()).await;
    assert_eq!(keys(&found), (0..11).collect::<Vec<_>>());
    assert_eq!(asked(&server, "cursor"), values(&["", "at 5", "at 10"]));
    assert_eq!(asked(&server, "zone"), values(&["a b&c"; 3]));
    assert_eq!(asked(&server, "page_size"), values(&["5"; 3]));
    assert_eq!(asked(&server, "include_total"), values(&["true"; 3]));
}

#[tokio::test]
async fn page_is_requested_when_wanted() {
    let server = parcel_server();
    let depot = server.client();
    let mut parcels = depot.parcels().list_parcels().items();
    assert_eq!(parcels.total(), None);
    assert_eq!(server.received().len(), 0);
    for (given, requests) in [(1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (11, 3)] {
        let mut last = None;
        while last.is_none_or(|last| last + 1 < given) {
            last = Some(keys(&[parcels.next_item().await.unwrap().unwrap()])[0]);
        }
        assert_eq!(server.received().len(), requests, "after {given} items");
        assert_eq!(parcels.total(), Some(11));
    }
    assert!(parcels.next_item().await.is_none());
    assert!(parcels.next_item().await.is_none());
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn limit_ends_the_list_early() {
    for (limit, given, requests) in [(0, 0, 0), (1, 1, 1), (4, 4, 1), (5, 5, 2), (99, 11, 3)] {
        let server = parcel_server();
        let found = server.client().parcels().list_parcels().items();
        assert_eq!(all(found.limit(limit)).await.len(), given);
        assert_eq!(server.received().len(), requests, "limit {limit}");
    }
}

#[tokio::test]
async fn list_starts_where_the_request_says() {
    let server = parcel_server();
    let depot = server.client();
    let request = depot.parcels().list_parcels().cursor("at 9");
    assert_eq!(keys(&all(request.items()).await), [9, 10]);
    assert_eq!(asked(&server, "cursor"), values(&["at 9"]));
}

#[tokio::test]
async fn offset_counts_items() {
    let server = serving(|query| {
        let begin = query.number("offset").unwrap_or(0);
        let end = (begin + query.number("limit").unwrap()).min(7);
        let data: Vec<Value> = (begin..end).map(movement).collect();
        json!({ "data": data, "has_more": end < 7, "total": 7.0 })
    });
    let depot = server.client();
    let mut pages = depot
        .movements()
        .list_arrivals()
        .limit(3)
        .carrier("c")
        .pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next_page().await {
        sizes.push(page.unwrap().data.unwrap_or_default().len());
        assert_eq!(pages.total(), Some(7));
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert_eq!(asked(&server, "offset"), values(&["", "3", "6"]));
    assert_eq!(asked(&server, "limit"), values(&["3"; 3]));
    assert_eq!(asked(&server, "carrier"), values(&["c"; 3]));

    let from = depot
        .movements()
        .list_departures()
        .limit(2)
        .offset(4)
        .items();
    let found = all(from).await;
    let ids: Vec<_> = found.iter().map(|it| it.parcel_id.clone()).collect();
    assert_eq!(ids, ["4", "5", "6"]);
}

#[tokio::test]
async fn page_number_counts_pages() {
    let server = serving(|query| {
        let (page, size) = (
            query.number("page").unwrap_or(1),
            query.number("per_page").unwrap(),
        );
        let notices: Vec<Value> = (1..=5).map(|id| json!({ "id": id })).collect();
        let of_page: Vec<_> = notices
            .into_iter()
            .skip((page - 1) * size)
            .take(size)
            .collect();
        json!({ "notices": of_page, "total": 5, "has_more": page * size < 5 })
    });
    let notices = all(server.client().notices().list_notices().per_page(2).items()).await;
    let ids: Vec<_> = notices
        .iter()
        .map(|it| it["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert_eq!(asked(&server, "page"), values(&["", "2", "3"]));
    let notices = server
        .client()
        .notices()
        .list_notices()
        .per_page(2)
        .page(3)
        .items();
    assert_eq!(all(notices).await.len(), 1);
}

#[tokio::test]
async fn after_style_continues_after_last_id() {
    let invoice = |ids: &[&str], has_more: bool| {
        let invoices: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        json!({
            "currency": "usd", "has_more": has_more, "invoices": invoices
        })
    };
    // The second page starts with the last item of the first.
    let responses = [
        invoice(&["a", "b"], true),
        invoice(&["b", "c"], true),
        invoice(&["d"], false),
    ];
    let server = pages_in_turn(responses);
    let found = all(server.client().invoices().list_invoices().limit(2).items()).await;
    let ids: Vec<_> = found.iter().map(|it| it.id.clone().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "c", "d"]);
    assert_eq!(asked(&server, "starting_after"), values(&["", "b", "c"]));
    assert_eq!(asked(&server, "limit"), values(&["2"; 3]));
}

#[test]
fn operations_table_has_the_style() {
    let style = |name| {
        let operation = OPERATIONS.iter().find(|it| it.name == name).unwrap();
        operation.pagination.map(|it| (it.style, it.parameter))
    };
    for (name, expected) in [
        ("parcels.list_parcels", (PageStyle::Cursor, Some("cursor"))),
        ("jobs.list_jobs", (PageStyle::Cursor, Some("cursor"))),
        (
            "movements.list_arrivals",
            (PageStyle::Offset, Some("offset")),
        ),
        (
            "movements.list_departures",
            (PageStyle::Offset, Some("offset")),
        ),
        ("notices.list_notices", (PageStyle::Page, Some("page"))),
        (
            "invoices.list_invoices",
            (PageStyle::After, Some("starting_after")),
        ),
        (
            "parcels.list_scans",
            (PageStyle::Sequence, Some("starting_after")),
        ),
    ] {
        assert_eq!(style(name), Some(expected), "{name}");
    }
    assert_eq!(style("stock.get_stock_level"), None);
    let log = OPERATIONS.iter().find(|it| it.name == "parcels.list_scans");
    assert_eq!(log.unwrap().pagination.unwrap().largest_size, Some(2000));
}

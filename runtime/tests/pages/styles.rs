//! Every style: all items in their order, with the parameters of the request on every page.

use neo_client::serde_json::{Value, json};
use neo_client::{OPERATIONS, PageStyle, types};

use super::list::{all, asked, files, in_turn, pages, serving, usage, values};
use crate::server::Server;

/// Eleven files by cursor.
fn file_server() -> Server {
    serving(|query| {
        let begin: usize = query
            .one("cursor")
            .map_or(0, |text| text.strip_prefix("at ").unwrap().parse().unwrap());
        let size = query.number("page_size").unwrap_or(4);
        let end = (begin + size).min(11);
        let mut page = json!({ "items": files(begin..end), "total": 11 });
        if end < 11 {
            page["next_cursor"] = format!("at {end}").into();
        }
        page
    })
}

fn keys(files: &[types::FileItem]) -> Vec<usize> {
    let key = |file: &types::FileItem| file.key.clone().unwrap().parse().unwrap();
    files.iter().map(key).collect()
}

#[tokio::test]
async fn a_cursor_leads_from_page_to_page_with_all_parameters() {
    let server = file_server();
    let neo = server.client();
    let request = neo
        .files()
        .list_user_files()
        .directory("a b&c")
        .page_size(5);
    let found = all(request.include_total(true).items()).await;
    assert_eq!(keys(&found), (0..11).collect::<Vec<_>>());
    assert_eq!(asked(&server, "cursor"), values(&["", "at 5", "at 10"]));
    assert_eq!(asked(&server, "directory"), values(&["a b&c"; 3]));
    assert_eq!(asked(&server, "page_size"), values(&["5"; 3]));
    assert_eq!(asked(&server, "include_total"), values(&["true"; 3]));
}

#[tokio::test]
async fn a_page_is_asked_for_when_it_is_wanted() {
    let server = file_server();
    let neo = server.client();
    let mut files = neo.files().list_user_files().items();
    assert_eq!(files.total(), None);
    assert_eq!(server.received().len(), 0);
    for (given, requests) in [(1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (11, 3)] {
        let mut last = None;
        while last.is_none_or(|last| last + 1 < given) {
            last = Some(keys(&[files.next_item().await.unwrap().unwrap()])[0]);
        }
        assert_eq!(server.received().len(), requests, "after {given} items");
        assert_eq!(files.total(), Some(11));
    }
    assert!(files.next_item().await.is_none());
    assert!(files.next_item().await.is_none());
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_limit_ends_early() {
    for (limit, given, requests) in [(0, 0, 0), (1, 1, 1), (4, 4, 1), (5, 5, 2), (99, 11, 3)] {
        let server = file_server();
        let found = server.client().files().list_user_files().items();
        assert_eq!(all(found.limit(limit)).await.len(), given);
        assert_eq!(server.received().len(), requests, "limit {limit}");
    }
}

#[tokio::test]
async fn a_walk_begins_where_the_request_says() {
    let server = file_server();
    let neo = server.client();
    let request = neo.files().list_user_files().cursor("at 9");
    assert_eq!(keys(&all(request.items()).await), [9, 10]);
    assert_eq!(asked(&server, "cursor"), values(&["at 9"]));
}

#[tokio::test]
async fn an_offset_counts_items() {
    let server = serving(|query| {
        let begin = query.number("offset").unwrap_or(0);
        let end = (begin + query.number("limit").unwrap()).min(7);
        let data: Vec<Value> = (begin..end).map(usage).collect();
        json!({ "data": data, "has_more": end < 7, "total": 7.0 })
    });
    let neo = server.client();
    let mut pages = neo
        .usage()
        .list_all_task_usages()
        .limit(3)
        .model("m")
        .pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next_page().await {
        sizes.push(page.unwrap().data.len());
        assert_eq!(pages.total(), Some(7));
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert_eq!(asked(&server, "offset"), values(&["", "3", "6"]));
    assert_eq!(asked(&server, "limit"), values(&["3"; 3]));
    assert_eq!(asked(&server, "model"), values(&["m"; 3]));

    let from = neo
        .usage()
        .list_all_stream_usages()
        .limit(2)
        .offset(4)
        .items();
    let found = all(from).await;
    let ids: Vec<_> = found.iter().map(|it| it.task_id.clone()).collect();
    assert_eq!(ids, ["4", "5", "6"]);
}

#[tokio::test]
async fn pages_are_counted() {
    let server = serving(|query| {
        let (page, size) = (
            query.number("page").unwrap_or(1),
            query.number("per_page").unwrap(),
        );
        let issues: Vec<Value> = (1..=5).map(|id| json!({ "id": id })).collect();
        let of_page: Vec<_> = issues
            .into_iter()
            .skip((page - 1) * size)
            .take(size)
            .collect();
        json!({ "issues": of_page, "total": 5, "has_more": page * size < 5 })
    });
    let issues = all(server.client().issues().list_issues().per_page(2).items()).await;
    let ids: Vec<_> = issues.iter().map(|it| it["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert_eq!(asked(&server, "page"), values(&["", "2", "3"]));
    let issues = server
        .client()
        .issues()
        .list_issues()
        .per_page(2)
        .page(3)
        .items();
    assert_eq!(all(issues).await.len(), 1);
}

#[tokio::test]
async fn the_next_page_begins_after_the_last_id() {
    let invoice = |ids: &[&str], has_more: bool| {
        let invoices: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        json!({
            "currency": "usd", "has_more": has_more, "invoice_history": invoices,
            "total_amount_cents": 1, "total_amount_display": "1", "total_purchases": 1,
        })
    };
    // The second page begins with what the first one ended with.
    let replies = [
        invoice(&["a", "b"], true),
        invoice(&["b", "c"], true),
        invoice(&["d"], false),
    ];
    let server = in_turn(replies);
    let found = all(server
        .client()
        .billing()
        .list_billing_invoices()
        .limit(2)
        .items())
    .await;
    let ids: Vec<_> = found.iter().map(|it| it.id.clone().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "c", "d"]);
    assert_eq!(asked(&server, "starting_after"), values(&["", "b", "c"]));
    assert_eq!(asked(&server, "limit"), values(&["2"; 3]));
}

#[tokio::test]
async fn a_plain_list_is_one_page() {
    let server = in_turn([json!({ "projects": [{ "id": "a" }, { "id": "b" }], "count": 2 })]);
    let (given, error) = pages(server.client().projects().list_projects().pages()).await;
    assert!(error.is_none());
    assert_eq!((given.len(), given[0].projects.len()), (1, 2));
}

#[test]
fn the_table_of_operations_tells_the_style() {
    let style = |name| {
        let operation = OPERATIONS.iter().find(|it| it.name == name).unwrap();
        operation.pagination.map(|it| (it.style, it.parameter))
    };
    for (name, expected) in [
        ("files.list_user_files", (PageStyle::Cursor, Some("cursor"))),
        ("tasks.list_tasks", (PageStyle::Cursor, Some("cursor"))),
        (
            "usage.list_all_task_usages",
            (PageStyle::Offset, Some("offset")),
        ),
        (
            "usage.list_all_stream_usages",
            (PageStyle::Offset, Some("offset")),
        ),
        ("issues.list_issues", (PageStyle::Page, Some("page"))),
        (
            "billing.list_billing_invoices",
            (PageStyle::After, Some("starting_after")),
        ),
        (
            "tasks.get_agent_audit_log",
            (PageStyle::Sequence, Some("starting_after")),
        ),
        ("projects.list_projects", (PageStyle::Single, None)),
    ] {
        assert_eq!(style(name), Some(expected), "{name}");
    }
    assert_eq!(style("billing.get_credit_balance"), None);
    let log = OPERATIONS
        .iter()
        .find(|it| it.name == "tasks.get_agent_audit_log");
    assert_eq!(log.unwrap().pagination.unwrap().largest_size, Some(2000));
}

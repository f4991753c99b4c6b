//! Where a list ends, and ends that are none.

use neo_client::ErrorKind;
use neo_client::serde_json::{Value, json};

use super::list::{asked, files, in_turn, pages, read, usage, values};

/// `null`, nothing, and an empty text.
fn without_cursor() -> [Value; 3] {
    [
        json!({ "items": files([1]) }),
        json!({ "items": files([1]), "next_cursor": null }),
        json!({ "items": files([1]), "next_cursor": "" }),
    ]
}

#[tokio::test]
async fn without_a_cursor_there_is_no_other_page() {
    for page in without_cursor() {
        let server = in_turn([page]);
        let (given, error) = pages(server.client().files().list_user_files().pages()).await;
        assert_eq!((given.len(), error.is_none()), (1, true));
    }
}

#[tokio::test]
async fn a_page_without_items_in_the_middle_is_not_the_end() {
    let replies = [
        json!({ "items": files([1]), "next_cursor": "a" }),
        json!({ "items": [], "next_cursor": "b" }),
        json!({ "items": null, "next_cursor": "c" }),
        json!({ "items": files([2]), "next_cursor": "d" }),
        json!({}),
    ];
    let server = in_turn(replies.clone());
    let (given, error) = read(server.client().files().list_user_files().items()).await;
    assert_eq!((given.len(), error.is_none()), (2, true));

    let server = in_turn(replies);
    let (given, error) = pages(server.client().files().list_user_files().pages()).await;
    assert_eq!((given.len(), error.is_none()), (2, true));
}

#[tokio::test]
async fn an_empty_list_is_one_page() {
    let empty = [
        json!({ "data": [], "has_more": false, "total": 0 }),
        json!({ "data": null, "total": 0 }),
        json!({}),
    ];
    for page in empty {
        let server = in_turn([page]);
        let neo = server.client();
        let usages = neo.usage().list_all_task_usages();
        let (given, error) = pages(usages.pages()).await;
        assert_eq!((given.len(), error.is_none()), (1, true));
    }
}

#[tokio::test]
async fn an_offset_ends_with_the_total_or_with_a_page_without_items() {
    let page = |id: &str, total: Option<i64>| json!({ "data": [usage(id)], "total": total });
    let nothing = json!({ "data": [] });
    for (replies, given) in [
        // A total that is reached spares a request; one that no page reaches, or that is nonsense, does not end the list.
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
        let requests = replies.len();
        let server = in_turn(replies);
        let neo = server.client();
        let usages = neo.usage().list_all_task_usages();
        let (pages, error) = pages(usages.pages()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!((pages.len(), server.received().len()), (given, requests));
    }
}

#[tokio::test]
async fn that_there_is_more_but_not_where_is_an_error() {
    let more = json!({ "tasks": [{ "id": "a" }], "has_more": true });
    let server = in_turn([more]);
    let (given, error) = read(server.client().tasks().list_tasks().items()).await;
    assert_eq!(given.len(), 1);
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert_eq!(
        error.to_string(),
        "tasks.list_tasks: the server says that there is more, and gives no cursor"
    );

    let full = json!({ "data": [usage("a")], "has_more": true });
    let server = in_turn([full, json!({ "data": [], "has_more": true })]);
    let (given, error) = read(server.client().usage().list_all_task_usages().items()).await;
    assert_eq!(given.len(), 1);
    let error = error.unwrap();
    assert_eq!(
        (error.kind(), error.resume_at()),
        (ErrorKind::Pagination, Some("1"))
    );
    assert_eq!(asked(&server, "offset"), values(&["", "1"]));

    let invoices = json!({
        "currency": "usd", "has_more": true, "invoice_history": [{ "id": "a" }, {}],
        "total_amount_cents": 1, "total_amount_display": "1", "total_purchases": 1,
    });
    let server = in_turn([invoices]);
    let (given, error) = read(server.client().billing().list_billing_invoices().items()).await;
    assert_eq!(given.len(), 2);
    let error = error.unwrap().to_string();
    assert!(error.contains("the last item has no `/id`"), "{error}");

    let projects = json!({ "projects": [{ "id": "a" }], "count": 3 });
    let server = in_turn([projects]);
    let (given, error) = read(server.client().projects().list_projects().items()).await;
    assert_eq!(given.len(), 1);
    let error = error.unwrap().to_string();
    assert!(error.contains("the server sends 1 of 3 items"), "{error}");
}

#[tokio::test]
async fn that_there_is_no_more_is_the_end_whatever_the_cursor() {
    let server = in_turn([json!({ "tasks": [{}], "has_more": false, "next_cursor": "a" })]);
    let (given, error) = read(server.client().tasks().list_tasks().items()).await;
    assert_eq!((given.len(), error.is_none()), (1, true));
}

#[tokio::test]
async fn where_pages_cannot_be_counted_from_nothing_is_sent() {
    let server = in_turn([json!({})]);
    let neo = server.client();
    let usages = neo.usage().list_all_task_usages().offset(-5);
    let (_, error) = read(usages.items()).await;
    let error = error.unwrap();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::InvalidRequest, 0)
    );
    assert!(error.to_string().contains("offset"), "{error}");
    let usages = neo.usage().list_all_task_usages().offset(u64::MAX);
    let (_, error) = read(usages.items()).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.received().len(), 0);
}

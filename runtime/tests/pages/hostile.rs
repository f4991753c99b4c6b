//! Pages that no one would send, and that come all the same.

use neo_client::ErrorKind;
use neo_client::serde_json::{Value, json};

use super::list::{Query, all, asked, files, in_turn, read, serving, usage};
use crate::server::{self, Server};

#[tokio::test]
async fn any_text_is_a_cursor() {
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
    let mut replies: Vec<Value> = cursors
        .iter()
        .map(|cursor| json!({ "items": files([1]), "next_cursor": cursor }))
        .collect();
    replies.push(json!({ "items": [] }));
    let server = in_turn(replies);
    let found = all(server.client().files().list_user_files().keys("k").items()).await;
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
async fn a_total_that_is_none_is_not_told() {
    for total in ["1e300", "-1", "1.5", "-0.5", "null"] {
        let page = json!({ "data": [usage("a")], "has_more": false }).to_string();
        let page = page.replace("\"has_more\"", &format!("\"total\":{total},\"has_more\""));
        let server = Server::always(server::json(200, &page));
        let mut items = server.client().usage().list_all_task_usages().items();
        assert!(items.next_item().await.unwrap().is_ok());
        assert!(items.next_item().await.is_none());
        assert_eq!(items.total(), None, "{total}");
    }
    for total in ["NaN", "1e999", "\"7\"", "[]"] {
        let page = format!(r#"{{"data": [], "total": {total}}}"#);
        let server = Server::always(server::json(200, &page));
        let (given, error) = read(server.client().usage().list_all_task_usages().items()).await;
        assert_eq!((given.len(), error.unwrap().kind()), (0, ErrorKind::Decode));
    }
}

#[tokio::test]
async fn a_sign_of_another_type_is_an_error_that_says_where_to_go_on() {
    for wrong in [
        json!({ "tasks": [{}], "has_more": "true" }),
        json!({ "tasks": [{}], "next_cursor": 7 }),
        json!({ "tasks": {} }),
        json!([]),
        json!("no"),
    ] {
        let first = json!({ "tasks": [{}], "has_more": true, "next_cursor": "a" });
        let server = in_turn([first, wrong.clone()]);
        let (given, error) = read(server.client().tasks().list_tasks().items()).await;
        let error = error.unwrap();
        assert_eq!(given.len(), 1);
        assert_eq!(error.kind(), ErrorKind::Decode, "{wrong}");
        assert_eq!(error.resume_at(), Some("a"));
    }
}

#[tokio::test]
async fn a_list_without_end_ends_at_the_limit() {
    let server = serving(|query| {
        let page = query.number("cursor").unwrap_or(0);
        json!({ "items": files([page]), "next_cursor": (page + 1).to_string() })
    });
    let items = server.client().files().list_user_files().items();
    assert_eq!(all(items.limit(50)).await.len(), 50);
    assert_eq!(server.received().len(), 50);
}

#[tokio::test]
async fn pages_without_items_end_and_say_where_to_go_on() {
    let server = Server::start(|request| {
        let page = Query::of(request).number("cursor").unwrap_or(0);
        let items = if page == 1500 { files([0]) } else { Vec::new() };
        let next = (page < 1600).then(|| (page + 1).to_string());
        server::json(
            200,
            &json!({ "items": items, "next_cursor": next }).to_string(),
        )
    });
    let neo = server.client();
    let (given, error) = read(neo.files().list_user_files().items()).await;
    let error = error.unwrap();
    assert_eq!((given.len(), error.kind()), (0, ErrorKind::Pagination));
    assert!(error.to_string().contains("1000 pages in a row"), "{error}");
    assert_eq!(error.resume_at(), Some("1000"));
    assert_eq!(server.received().len(), 1000);

    let rest = neo.files().list_user_files().cursor("1000");
    assert_eq!(all(rest.items()).await.len(), 1);
}

#[tokio::test]
async fn a_page_of_many_items_is_a_page() {
    const MANY: usize = 40_000;
    let log = |key: fn(usize) -> usize, has_more: bool| {
        let events: Vec<Value> = (0..MANY).map(|it| json!({ "sequence": key(it) })).collect();
        json!({ "task_id": "t", "events": events, "has_more": has_more })
    };
    let server = in_turn([log(|it| it, false)]);
    let events = all(server.client().tasks().get_agent_audit_log("t").items()).await;
    assert_eq!(events.len(), MANY);

    // More than the largest size of the document: there is no larger page to ask for.
    let server = in_turn([log(|_| 7, true)]);
    let (given, error) = read(server.client().tasks().get_agent_audit_log("t").items()).await;
    assert_eq!(
        (given.len(), error.unwrap().kind()),
        (0, ErrorKind::Pagination)
    );

    let server = in_turn([log(|it| it, true)]);
    let neo = server.client().with(|call| call.response_limit(1000));
    let (_, error) = read(neo.tasks().get_agent_audit_log("t").items()).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::ResponseTooLarge);
}

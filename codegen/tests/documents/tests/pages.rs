//! Lists page by page, with responses of every shape.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_documents::pages::{self, types};
use neo_client_documents::{Error, ErrorKind, Items};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use support::server::{Server, json as json_response};

/// Answers the requests with these, in this order.
fn in_turn(responses: impl IntoIterator<Item = Value>) -> (Server, pages::Client) {
    let responses: Vec<Value> = responses.into_iter().collect();
    let next = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        json_response(
            200,
            &responses[next.fetch_add(1, Ordering::SeqCst)].to_string(),
        )
    });
    let client = pages::Client::from(server.client());
    (server, client)
}

fn targets(server: &Server) -> Vec<String> {
    server.received().into_iter().map(|it| it.target).collect()
}

async fn read<P, T>(mut items: Items<P, T>) -> (Vec<Value>, Option<Error>)
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    let mut given = Vec::new();
    while let Some(item) = items.next_item().await {
        match item {
            Ok(item) => given.push(serde_json::to_value(&item).unwrap()),
            Err(error) => return (given, Some(error)),
        }
    }
    (given, None)
}

async fn all<P, T>(items: Items<P, T>) -> Vec<Value>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    let (given, error) = read(items).await;
    assert!(error.is_none(), "{error:?}");
    given
}

#[tokio::test]
async fn nested_list_with_number_cursor_is_paged() {
    let page = |id: &str, page: Value| json!({"data": {"items": [{"id": id}], "page": page}});
    let (server, client) = in_turn([
        page(
            "a",
            json!({"next": 9_007_199_254_740_993_i64, "total": 3.0}),
        ),
        page("b", json!({"next": 0, "more": null, "total": null})),
        json!({"data": {"items": null, "page": {"next": -1}}}),
        page("c", json!({"next": null, "more": false})),
    ]);
    let request = client.pages().nested().kind(["x", "y z"]);
    let mut items = request.filter([("k&", "v")]).pages2(7).items2(8).items();
    let mut given = Vec::new();
    while let Some(item) = items.next_item().await {
        given.push(item.unwrap().id.unwrap().0);
    }
    assert_eq!(given, ["a", "b", "c"]);
    assert_eq!(items.total(), Some(3));
    let filters = "kind=x&kind=y%20z&filter%5Bk%26%5D=v";
    let targets = targets(&server);
    for (target, at) in targets.iter().zip(["", "9007199254740993", "0", "-1"]) {
        let (path, query) = target.split_once('?').unwrap();
        assert_eq!(path, "/nested");
        let mut pairs: Vec<&str> = query.split('&').collect();
        let moving = (!at.is_empty()).then(|| pairs.pop().unwrap().to_owned());
        assert_eq!(moving, (!at.is_empty()).then(|| format!("at={at}")));
        pairs.retain(|pair| !pair.starts_with("pages=") && !pair.starts_with("items="));
        pairs.sort_unstable();
        let mut expected: Vec<&str> = filters.split('&').collect();
        expected.sort_unstable();
        assert_eq!(pairs, expected);
    }
    assert_eq!(targets.len(), 4);
}

#[tokio::test]
async fn response_without_list_parent_is_empty_page() {
    for nothing in [json!({}), json!({"data": null}), json!({"data": {}})] {
        let (server, client) = in_turn([nothing]);
        assert_eq!(all(client.pages().nested().items()).await.len(), 0);
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn response_that_is_the_list_ends_when_empty() {
    let keys = [1.0, 1.5, 1.5, 2.0, 2.0, 2.0, 9.0];
    let server = Server::start(move |request| {
        let url = reqwest::Url::parse(&format!("http://h{}", request.target)).unwrap();
        let number = |name: &str| {
            let found = url.query_pairs().find(|(key, _)| key == name)?;
            found.1.parse::<f64>().ok()
        };
        let (after, size) = (
            number("after").unwrap_or(0.0),
            number("size").unwrap_or(2.0),
        );
        let page: Vec<Value> = keys
            .into_iter()
            .filter(|key| *key > after)
            .take(size as usize)
            .map(|key| json!({"key": key}))
            .collect();
        json_response(200, &json!(page).to_string())
    });
    let client = pages::Client::from(server.client());
    let given = all(client.pages().array().items()).await;
    let given: Vec<f64> = given.iter().map(|it| it["key"].as_f64().unwrap()).collect();
    assert_eq!(given, keys);
    // A whole number is written as one, and no size beyond the largest of the document is asked
    // for.
    let targets = targets(&server);
    assert!(
        targets.contains(&"/array?after=1.5&size=4".to_owned()),
        "{targets:?}"
    );
    assert!(
        targets.iter().all(|it| !it.contains("size=8")),
        "{targets:?}"
    );
    assert!(
        targets
            .iter()
            .any(|it| it.contains("after=2&") || it.ends_with("after=2"))
    );
}

#[tokio::test]
async fn optional_list_component_is_paged() {
    let (server, client) = in_turn([
        json!([{"id": "a"}, {"id": "b"}]),
        json!([{"id": "c"}]),
        json!([]),
    ]);
    let mut pages = client.pages().component().pages();
    let first = pages.next_page().await.unwrap().unwrap().unwrap();
    assert_eq!(first.0[1].id.as_deref().map(String::as_str), Some("b"));
    assert_eq!(
        all(client.pages().component().after("b").items())
            .await
            .len(),
        1
    );
    assert_eq!(
        targets(&server)[1..],
        ["/component?after=b", "/component?after=c"]
    );

    let nothing = Server::always(support::server::response(204, &[], ""));
    let client = pages::Client::from(nothing.client());
    assert_eq!(all(client.pages().component().items()).await.len(), 0);
}

#[tokio::test]
async fn pages_from_zero_with_union_items_are_read() {
    let (server, client) = in_turn([
        json!({"entries": ["a", 1]}),
        json!({"entries": [{"id": "b"}]}),
        json!({"entries": []}),
    ]);
    let given = all(client.pages().union().items()).await;
    assert_eq!(given, [json!("a"), json!(1), json!({"id": "b"})]);
    assert_eq!(
        targets(&server),
        ["/union", "/union?page=1", "/union?page=2"]
    );
}

#[tokio::test]
async fn search_sends_its_body_for_every_page() {
    let (server, client) = in_turn([
        json!({"found/all": ["a"], "a~b": 2}),
        json!({"found/all": ["b"], "a~b": 2}),
    ]);
    let wanted = types::Item::builder().key(1.5);
    assert_eq!(
        all(client.pages().search(0, wanted).items()).await,
        ["a", "b"]
    );
    assert_eq!(targets(&server), ["/search?offset=0", "/search?offset=1"]);
    let bodies: Vec<_> = server.received().into_iter().map(|it| it.body).collect();
    assert_eq!(bodies, [r#"{"key":1.5}"#; 2]);
}

#[tokio::test]
async fn paging_values_of_any_type_are_read_leniently() {
    for (told, is_error) in [
        (json!({}), false),
        (json!({"more": "true", "next": ["a"]}), false),
        (json!({"more": 1, "next": ""}), false),
        (json!({"more": false, "next": null}), false),
        (json!({"more": true}), true),
    ] {
        let mut page = told.clone();
        page["type"] = json!([null, {"a": []}]);
        let (_, client) = in_turn([page]);
        let (given, error) = read(client.pages().texts().items()).await;
        assert_eq!(given, [json!(null), json!({"a": []})]);
        let kind = error.map(|error| error.kind());
        assert_eq!(kind, is_error.then_some(ErrorKind::Pagination), "{told}");
    }
}

//! The names of operations.

use serde_json::{Value, json};

use super::super::{Lowered, lower};
use super::{document, lowered};
use crate::ledger::Ledger;
use crate::settings::Settings;

/// The names under which the operations can be called.
pub(super) fn names(lowered: &Lowered) -> Vec<String> {
    lowered
        .model
        .operations
        .iter()
        .map(|operation| format!("{}.{}", operation.accessor, operation.method))
        .collect()
}

#[test]
fn names_come_from_tag_and_summary() {
    let (lowered, _) = lowered(&document(
        json!({
            "/a": { "get": { "tags": ["API Keys"], "summary": "Get API key", "operationId": "x" } },
            "/b": { "get": { "tags": ["GitHub"], "operationId": "listReposV2" } },
            "/c/{id}": { "get": {} },
            "/d": { "get": { "tags": ["GitHub"], "summary": "Rather long (beta)", "x-method-name": "short" } },
            "/e": { "get": { "tags": ["Request"], "summary": "type" } },
        }),
        json!({}),
    ));
    assert_eq!(
        names(&lowered),
        [
            "api_keys.get_api_key",
            "github.list_repos_v2",
            "default.get_c_id",
            "github.short",
            "request_api.type_",
        ]
    );
}

#[test]
fn method_name_of_overlay_has_priority() {
    let same = |name: Value| json!({ "tags": ["Cats"], "summary": "Short", "x-method-name": name });
    let (lowered, _) = lowered(&document(
        json!({
            "/a": { "get": { "tags": ["cats"], "summary": "Short" } },
            "/b": { "get": same(json!("short")) },
        }),
        json!({}),
    ));
    assert_eq!(names(&lowered), ["cats.short_get", "cats.short"]);

    for (name, part) in [
        (json!("!!!"), "identifier"),
        (json!(7), "identifier"),
        (json!(""), "identifier"),
        (json!("getCat"), "identifier"),
        (json!("type"), "identifier"),
    ] {
        let document = document(json!({ "/a": { "get": same(name.clone()) } }), json!({}));
        let error = lower(&document, &Settings::default(), &mut Ledger::default()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("`/paths/~1a/get/x-method-name`"), "{text}");
        assert!(text.contains(part), "{name}: {text}");
    }
    let twice = json!({ "/a": { "get": same(json!("one")), "put": same(json!("one")) } });
    assert!(
        lower(
            &document(twice, json!({})),
            &Settings::default(),
            &mut Ledger::default()
        )
        .is_err()
    );
}

#[test]
fn colliding_names_resolve_reproducibly() {
    let same = json!({ "tags": ["Cats"], "summary": "List cats" });
    let paths = json!({
        "/a": { "get": same, "post": same },
        "/b": { "get": same },
        "/c": { "get": same },
    });
    let (lowered, lines) = lowered(&document(paths, json!({})));
    assert_eq!(
        names(&lowered),
        [
            "cats.list_cats",
            "cats.list_cats_post",
            "cats.list_cats_get",
            "cats.list_cats_get2"
        ]
    );
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.contains("operation-name"))
            .count(),
        3
    );
}

#[test]
fn reference_page_is_linked() {
    let mut document = document(
        json!({
            "/a": { "get": { "tags": ["API Keys"], "summary": "Get API key" } },
            "/b": { "get": { "summary": "b", "externalDocs": { "url": "https://d.example/b" } } },
            "/c": { "get": { "summary": "c", "externalDocs": { "url": "https://d.example/ >" } } },
        }),
        json!({}),
    );
    document["x-reference"] = json!("https://r.example/{tag}/{page}");
    let (lowered, _) = lowered(&document);
    let pages: Vec<_> = lowered
        .model
        .operations
        .iter()
        .map(|one| one.reference.as_deref())
        .collect();
    assert_eq!(
        pages,
        [
            Some("https://r.example/api-keys/get-api-key"),
            Some("https://d.example/b"),
            None
        ]
    );
}

#[test]
fn name_ending_in_stream_is_free_without_stream() {
    let (lowered, lines) = lowered(&document(
        json!({ "/a": { "get": { "summary": "Watch" } }, "/b": { "get": { "summary": "Watch stream" } } }),
        json!({}),
    ));
    let names: Vec<_> = lowered
        .model
        .operations
        .iter()
        .map(|one| one.method.as_str())
        .collect();
    assert_eq!(names, ["watch", "watch_stream"]);
    assert!(lines.is_empty(), "{lines:?}");
}

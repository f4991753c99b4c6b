//! `x-pagination`: what a declaration gives, and what becomes of one that does not hold.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use neo_client_codegen::{Effect, Output, Settings, generate};
use serde_json::{Value, json};

/// The text of all files.
fn source(output: &Output) -> String {
    let files = output.files.iter();
    let rust = files.filter(|(path, _)| path.ends_with(".rs"));
    rust.map(|(_, text)| text.as_str()).collect()
}

/// A document with one list that is declared like this.
fn declared(declaration: Value) -> Output {
    let member = |of: Value| json!({ "type": "object", "properties": { "value": of } });
    let query =
        |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Test", "version": "1" },
        "paths": { "/cats": { "get": {
            "tags": ["Cats"],
            "summary": "List cats",
            "x-pagination": declaration,
            "parameters": [
                query("at", json!({ "type": "string" })),
                query("limit", json!({ "type": "integer", "maximum": 200 })),
                query("nested", member(json!({}))),
                { "name": "header", "in": "header", "schema": { "type": "string" } },
            ],
            "responses": { "200": { "description": "cats", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Cats" }
            } } } }
        } } },
        "components": { "schemas": {
            "Cats": { "type": "object", "properties": {
                "cats": { "type": "array", "items": { "$ref": "#/components/schemas/Cat" } },
                "set": { "type": "object", "additionalProperties": { "type": "integer" } },
                "next": { "type": "string" },
                "mood": { "type": "string", "enum": ["good", "bad"] },
                "either": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
                "more": { "type": "boolean" },
                "total": { "type": "integer" },
                "any": {},
                "inner": member(json!({ "type": "number" })),
            } },
            "Cat": { "type": "object", "properties": { "id": { "type": "string", "format": "uuid" } } },
        } }
    });
    generate(&document, None, &Settings::default()).unwrap()
}

fn is_paged(output: &Output) -> bool {
    let lines = [
        "fn api::cats::ListCats::items(self) -> Items<types::Cats, types::Cat>",
        "fn api::cats::ListCats::pages(self) -> Pages<types::Cats, types::Cat>",
    ];
    let found = lines.map(|line| output.surface.contains(&line.to_owned()));
    assert_eq!(found[0], found[1]);
    found[0]
}

/// The line that a declaration puts into the ledger, after the place of the operation.
fn flaw(declaration: Value) -> (String, String) {
    let output = declared(declaration.clone());
    assert!(!is_paged(&output), "{declaration}");
    let found: Vec<_> = output
        .ledger
        .entries()
        .iter()
        .filter(|entry| entry.rule == "pagination")
        .collect();
    let [entry] = found[..] else {
        panic!("{declaration}: {found:?}")
    };
    assert_eq!(entry.effect, Effect::Dropped);
    let place = entry.pointer.strip_prefix("/paths/~1cats/get/x-pagination");
    let why = entry.detail.strip_prefix("no `pages` and `items`: ");
    (place.unwrap().to_owned(), why.unwrap().to_owned())
}

#[test]
fn pagination_style_makes_pages_and_items() {
    for declaration in [
        json!({ "style": "cursor", "items": "/cats", "parameter": "at", "next": "/next" }),
        json!({ "style": "offset", "items": "/cats", "parameter": "at", "size": "limit", "total": "/inner/value" }),
        json!({ "style": "page", "items": "/cats", "parameter": "at", "first": 0, "has_more": "/more" }),
        json!({ "style": "after", "items": "/cats", "parameter": "at", "key": "/id" }),
        json!({ "style": "sequence", "items": "/cats", "parameter": "at", "key": "/id", "size": "limit", "has_more": "/any" }),
        json!({ "style": "cursor", "items": "/cats", "parameter": "at", "next": "/any", "total": "/total" }),
    ] {
        let output = declared(declaration.clone());
        assert!(is_paged(&output), "{declaration}: {}", output.ledger);
        assert!(!output.ledger.to_string().contains("pagination"));
    }
}

#[test]
fn pagination_largest_size_is_the_parameters() {
    let output = declared(
        json!({ "style": "offset", "items": "/cats", "parameter": "at", "size": "limit" }),
    );
    assert!(source(&output).contains(".largest_size(200u64)"));
    let output = declared(json!({ "style": "offset", "items": "/cats", "parameter": "at" }));
    assert!(!source(&output).contains(".largest_size("));
}

#[test]
fn pagination_null_is_an_invalid_declaration() {
    let output = declared(Value::Null);
    assert!(!is_paged(&output));
    assert!(!source(&output).contains(".pagination("));
}

#[test]
fn pagination_invalid_is_reported_with_location() {
    let cursor = |change: Value| {
        let mut declaration =
            json!({ "style": "cursor", "items": "/cats", "parameter": "at", "next": "/next" });
        for (member, value) in change.as_object().unwrap() {
            declaration[member] = value.clone();
        }
        declaration
    };
    let after =
        |key: &str| json!({ "style": "after", "items": "/cats", "parameter": "at", "key": key });
    let useless = |pointer: &str| format!("`{pointer}` has a type that is of no use here");
    for (declaration, place, why) in [
        (
            json!("cursor"),
            "",
            "the declaration is not an object".to_owned(),
        ),
        (json!([]), "", "the declaration is not an object".to_owned()),
        (json!({}), "", "`style` is missing".to_owned()),
        (
            json!({ "style": 7 }),
            "/style",
            "`style` is not a string".to_owned(),
        ),
        (
            json!({ "style": "token" }),
            "/style",
            "`token` is none of cursor, offset, page, after, sequence".to_owned(),
        ),
        (
            json!({ "style": "page" }),
            "",
            "`items` is missing".to_owned(),
        ),
        (
            json!({ "style": "page", "items": "/cats", "parameter": "at", "key": "/id" }),
            "",
            "`key` has no meaning in the style `page`".to_owned(),
        ),
        (
            cursor(json!({ "limit": 7 })),
            "",
            "`limit` has no meaning in the style `cursor`".to_owned(),
        ),
        (
            json!({ "style": "cursor", "items": "/cats", "parameter": "at" }),
            "",
            "`next` is missing, which the style `cursor` needs".to_owned(),
        ),
        (
            json!({ "style": "offset", "items": "/cats" }),
            "",
            "`parameter` is missing, which the style `offset` needs".to_owned(),
        ),
        (
            json!({ "style": "sequence", "items": "/cats", "parameter": "at", "key": "/id" }),
            "",
            "`size` is missing, which the style `sequence` needs".to_owned(),
        ),
        (
            json!({ "style": "sequence", "items": "/cats", "parameter": "at" }),
            "",
            "`key` is missing, which the style `sequence` needs".to_owned(),
        ),
        (
            cursor(json!({ "items": 7 })),
            "/items",
            "`items` is not a string".to_owned(),
        ),
        (
            cursor(json!({ "items": "cats" })),
            "/items",
            "`cats` is no JSON pointer, such as `/items`".to_owned(),
        ),
        (
            cursor(json!({ "next": "/a~2" })),
            "/next",
            "`/a~2` is no JSON pointer, such as `/next`".to_owned(),
        ),
        (
            cursor(json!({ "next": "$.next" })),
            "/next",
            "`$.next` is no JSON pointer, such as `/next`".to_owned(),
        ),
        (
            json!({ "style": "page", "items": "/cats", "parameter": "at", "first": -1 }),
            "/first",
            "-1 is not a page number".to_owned(),
        ),
        (
            cursor(json!({ "parameter": "page" })),
            "/parameter",
            "the operation has no query parameter `page`".to_owned(),
        ),
        (
            cursor(json!({ "parameter": "header" })),
            "/parameter",
            "the operation has no query parameter `header`".to_owned(),
        ),
        (
            cursor(json!({ "size": "size" })),
            "/size",
            "the operation has no query parameter `size`".to_owned(),
        ),
        (
            cursor(json!({ "size": "at" })),
            "/size",
            "it is the same as `parameter`".to_owned(),
        ),
        (
            cursor(json!({ "items": "/dogs" })),
            "/items",
            "`/dogs` names `dogs`, which is not described".to_owned(),
        ),
        (
            cursor(json!({ "items": "/next" })),
            "/items",
            "`/next` is no list".to_owned(),
        ),
        (
            cursor(json!({ "items": "/set" })),
            "/items",
            "`/set` is no list".to_owned(),
        ),
        (
            cursor(json!({ "items": "" })),
            "/items",
            "`` is no list".to_owned(),
        ),
        (
            cursor(json!({ "items": "/cats/0" })),
            "/items",
            "`/cats/0` leads to `/0` of what has no described members".to_owned(),
        ),
        (
            cursor(json!({ "next": "/any/next" })),
            "/next",
            "`/any/next` leads to `/next` of what has no described members".to_owned(),
        ),
        (
            cursor(json!({ "next": "/set/next" })),
            "/next",
            "`/set/next` leads to `/next` of what has no described members".to_owned(),
        ),
        (
            cursor(json!({ "next": "/either/0" })),
            "/next",
            "`/either/0` leads to `/0` of what has no described members".to_owned(),
        ),
        (
            cursor(json!({ "next": "/more" })),
            "/next",
            useless("/more"),
        ),
        (
            cursor(json!({ "next": "/mood" })),
            "/next",
            useless("/mood"),
        ),
        (
            cursor(json!({ "next": "/either" })),
            "/next",
            useless("/either"),
        ),
        (
            cursor(json!({ "next": "/cats" })),
            "/next",
            useless("/cats"),
        ),
        (cursor(json!({ "next": "" })), "/next", useless("")),
        (
            cursor(json!({ "has_more": "/total" })),
            "/has_more",
            useless("/total"),
        ),
        (
            cursor(json!({ "total": "/next" })),
            "/total",
            useless("/next"),
        ),
        (
            after("/name"),
            "/key",
            "`/name` names `name`, which is not described".to_owned(),
        ),
        (after(""), "/key", useless("")),
    ] {
        assert_eq!(
            flaw(declaration.clone()),
            (place.to_owned(), why),
            "{declaration}"
        );
    }
}

//! A comparison of two clients finds what whole clients would show.
#![allow(missing_docs)]

use std::collections::BTreeSet;

use neo_client_codegen::{Output, Settings, generate, generate_for_comparison};
use serde_json::{Value, json};

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Structs that refer to structs, unions, enums, lists, aliases and themselves.
fn document() -> Value {
    let text = || json!({ "type": "string" });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Trees", "version": "1" },
        "paths": { "/trees/{id}": { "get": {
            "tags": ["Trees"],
            "summary": "Read a tree",
            "parameters": [{ "name": "id", "in": "path", "required": true, "schema": text() }],
            "responses": { "200": { "description": "", "content": {
                "application/json": { "schema": refer("Tree") },
            } } },
        } } },
        "components": { "schemas": {
            "Tree": { "type": "object", "required": ["id"], "properties": {
                "id": text(), "mood": refer("Mood"), "top": refer("Top"), "leaves": refer("Leaves"),
            } },
            "Mood": { "type": "string", "enum": ["good", "bad"] },
            "Top": { "oneOf": [refer("Leaf"), refer("Branch")] },
            "Leaves": { "type": "array", "items": refer("Leaf") },
            "Leaf": { "type": "object", "required": ["kind"], "properties": {
                "kind": { "const": "leaf" }, "colour": text(),
            } },
            "Branch": { "type": "object", "required": ["kind"], "properties": {
                "kind": { "const": "branch" }, "tree": refer("Tree"),
            } },
            "Plain": { "type": "object", "properties": { "name": text() } },
            "Same": refer("Plain"),
            "User": { "type": "object", "properties": { "plain": refer("Same") } },
        } },
    })
}

/// Returns the lines that only the first surface has, without the mere names of types.
fn only_in(one: &Output, other: &Output) -> BTreeSet<String> {
    let others: BTreeSet<&String> = other.surface.iter().collect();
    let lines = one.surface.iter().filter(|line| !others.contains(line));
    lines.cloned().collect()
}

#[test]
fn comparison_finds_what_whole_clients_show() {
    let schemas = "/components/schemas";
    let edits = [
        ("/Leaf/properties/colour", json!({ "type": "integer" })),
        ("/Leaf/properties/size", json!({ "type": "integer" })),
        ("/Leaf/required", json!([])),
        ("/Leaf/properties/kind/const", json!("needle")),
        ("/Leaf/additionalProperties", json!(false)),
        ("/Leaf", json!({ "type": "string" })),
        ("/Leaf", refer("Plain")),
        ("/Mood/enum", json!(["good", "bad", "so-so"])),
        (
            "/Mood",
            json!({ "type": "object", "properties": { "good": { "type": "boolean" } } }),
        ),
        (
            "/Top/oneOf",
            json!([refer("Leaf"), refer("Branch"), refer("Plain")]),
        ),
        (
            "/Top",
            json!({ "type": "object", "properties": { "leaf": refer("Leaf") } }),
        ),
        ("/Leaves/items", refer("Branch")),
        ("/Leaves/type", json!(["array", "null"])),
        ("/Tree/properties/plain", refer("Plain")),
        ("/Tree/properties/id/format", json!("uuid")),
        (
            "/Same",
            json!({ "type": "object", "properties": { "name": { "type": "string" } } }),
        ),
        ("/User/properties/plain", refer("Plain")),
        ("/Plain/properties/user", refer("User")),
        // Names that the code of other types would use.
        (
            "/LeafBuilder",
            json!({ "type": "object", "properties": { "a": refer("Leaf") } }),
        ),
        (
            "/Option",
            json!({ "type": "object", "properties": { "a": refer("Leaf") } }),
        ),
        (
            "/Display",
            json!({ "type": "object", "properties": { "a": refer("Leaf") } }),
        ),
    ];
    let old = document();
    let whole_old = generate(&old, None, &Settings::default()).unwrap();
    for (at, value) in edits {
        let mut new = old.clone();
        let (owner, key) = at.rsplit_once('/').unwrap();
        let owner = new.pointer_mut(&format!("{schemas}{owner}")).unwrap();
        owner[key] = value;
        let whole_new = generate(&new, None, &Settings::default()).unwrap();
        let [compared_old, compared_new] = generate_for_comparison(&old, &new).unwrap();
        for (whole, compared) in [
            ((&whole_old, &whole_new), (&compared_old, &compared_new)),
            ((&whole_new, &whole_old), (&compared_new, &compared_old)),
        ] {
            assert_eq!(
                only_in(whole.0, whole.1),
                only_in(compared.0, compared.1),
                "{at}"
            );
            let equal = |(one, other): (&Output, &Output)| one.files == other.files;
            assert_eq!(equal(whole), equal(compared), "{at}");
        }
        // Types that the edit does not touch cost nothing.
        assert!(
            compared_old.files["types.rs"].len() < whole_old.files["types.rs"].len()
                || at == "/Option"
                || at == "/Display",
            "{at}"
        );
        let is_named = |name: &str| {
            compared_old
                .surface
                .iter()
                .any(|line| line.ends_with(&format!(" types::{name}")))
        };
        assert!(
            ["Tree", "Leaf", "User"].iter().all(|name| is_named(name)),
            "{at}"
        );
    }
}

#[test]
fn equal_structs_are_not_generated() {
    let [old, new] = generate_for_comparison(&document(), &document()).unwrap();
    assert_eq!(old.surface, new.surface);
    // `Plain` has another name, which a field may get.
    let types = &old.files["types.rs"];
    assert!(
        !["Tree", "Leaf", "Branch", "User"]
            .iter()
            .any(|name| types.contains(&format!("pub struct {name} ")))
    );
}

#[test]
fn failure_of_one_document_is_an_error() {
    let error = generate_for_comparison(&document(), &json!({ "openapi": "2.0" })).unwrap_err();
    assert!(error.to_string().contains("openapi"), "{error}");
}

//! The emitted `Client` and `ClientBuilder`: setters, documentation and the calls of tests.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use neo_client_codegen::{Output, Settings, generate};
use serde_json::{Value, json};

fn document() -> Value {
    let number = json!({ "description": "", "content": {
        "application/json": { "schema": { "type": "object", "properties": { "n": { "type": "integer" } } } }
    } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Cat <House>", "version": "1" },
        "security": [{ "HouseToken": [] }],
        "paths": {
            "/cats/{id}": { "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }
            ], "get": { "tags": ["Cats"], "summary": "Get cat", "responses": { "200": number } } },
            "/cats": { "get": { "tags": ["Cats"], "summary": "Count cats", "responses": { "200": number } } },
        },
        "components": { "securitySchemes": {
            "HouseToken": { "type": "apiKey", "in": "header", "name": "X-Token", "description": "Ask the [butler]." },
            "Door": { "type": "http", "scheme": "basic" },
            "Seal": { "type": "mutualTLS" },
        } },
    })
}

fn cats(settings: Settings) -> Output {
    generate(&document(), None, &settings).unwrap()
}

#[test]
fn builder_has_setter_for_each_sendable_scheme() {
    let output = cats(Settings::default());
    let client = &output.files["client.rs"];
    for part in [
        "/// A client for Cat \\<House>.",
        "/// Sets the credential of the security scheme `HouseToken`, sent in the header `X-Token`.",
        "/// Ask the \\[butler\\].",
        "pub fn house_token(self, credential: impl Into<String>) -> Self",
        "pub fn door(self, user: impl Into<String>, password: impl Into<String>) -> Self",
        "/// Sets the server, which the OpenAPI document does not name.",
        "pub fn credentials_provider(",
    ] {
        assert!(client.contains(part), "no `{part}` in {client}");
    }
    assert!(!client.contains("seal"));
    let accessor = "fn Client::cats(&self) -> api::cats::Cats".to_owned();
    assert!(output.surface.contains(&accessor), "{:?}", output.surface);
}

#[test]
fn setters_by_hand_are_not_emitted() {
    let mut document = document();
    let schemes = document["components"]["securitySchemes"]
        .as_object_mut()
        .unwrap();
    schemes["HouseToken"]["x-setter-by-hand"] = json!(true);
    let of = |document: &Value| {
        let output = generate(document, None, &Settings::default()).unwrap();
        output.files["client.rs"].clone()
    };
    let client = of(&document);
    assert!(!client.contains("fn house_token") && client.contains("fn door"));
    assert!(client.contains("fn credentials_provider"));
    document["components"]["securitySchemes"]["Door"]["x-setter-by-hand"] = json!(true);
    assert!(!of(&document).contains("fn credentials_provider"));
}

#[test]
fn client_example_is_the_simplest_call() {
    let client = cats(Settings::default().crate_path("cat_house")).files["client.rs"].clone();
    assert!(
        client.contains("let response = client.cats().count_cats().await?;"),
        "{client}"
    );
    assert!(
        client.contains(".base_url(\"https://api.example.com\")"),
        "{client}"
    );
    assert!(client.contains(".house_token(\"secret\")"), "{client}");
    let without_path = cats(Settings::default());
    assert!(!without_path.files["client.rs"].contains("no_run"));
    assert!(without_path.calls.is_none());
}

#[test]
fn calls_list_each_operation() {
    let calls = cats(Settings::default().crate_path("cat_house"))
        .calls
        .unwrap();
    for part in [
        "\"cats.get_cat\"",
        "\"cats.count_cats\"",
        "WITHOUT_CALL: &[&str] = &[];",
    ] {
        assert!(calls.contains(part), "no `{part}` in {calls}");
    }
}

#[test]
fn builders_of_responses_need_their_feature() {
    let mut document = document();
    document["components"]["schemas"] = json!({
        "Order": { "type": "object", "properties": { "size": { "$ref": "#/components/schemas/Size" } } },
        "Size": { "type": "object", "properties": { "grams": { "type": "integer" } } },
        "Receipt": { "type": "object", "properties": { "size": { "$ref": "#/components/schemas/Size" } } },
    });
    let json_of = |name: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "description": "", "content": { "application/json": { "schema": schema } } })
    };
    document["paths"]["/cats"]["post"] = json!({
        "tags": ["Cats"], "summary": "Order food",
        "requestBody": json_of("Order"), "responses": { "200": json_of("Receipt") },
    });
    let settings = Settings::default().response_builders("tests");
    let output = generate(&document, None, &settings).unwrap();
    let types = &output.files["types.rs"];
    for (name, condition) in [
        ("Order", ""),
        ("Size", ""),
        ("Receipt", "#[cfg(feature = \"tests\")]\n"),
    ] {
        let builder = format!("\n\n{condition}impl {name}Builder {{");
        assert!(types.contains(&builder), "{name}: {types}");
    }
}

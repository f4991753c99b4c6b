//! Component schemas: hoisting, names, nullability, lists, secrets.

use serde_json::json;

use super::{document, json_response, lowered};
use crate::lower::component_ref::references;

#[test]
fn referenced_parts_become_no_types() {
    let part = |kind: &str, name: &str| json!({ "$ref": format!("#/components/{kind}/{name}") });
    let mut document = document(
        json!({
            "/a": { "parameters": [part("parameters", "Page")], "post": {
                "parameters": [part("parameters", "Filter")],
                "requestBody": part("requestBodies", "New"),
                "responses": { "200": part("responses", "Ok"), "default": part("responses", "Bad") },
                "callbacks": { "done": part("callbacks", "Done") },
            } },
            "/b": part("pathItems", "B"),
        }),
        json!({ "Thing": { "type": "object", "properties": {
            "headers": { "$ref": "#/components/schemas/headers" },
        } }, "headers": { "type": "object", "properties": { "x": { "type": "string" } } } }),
    );
    let body = json!({ "content": { "application/json": { "schema": part("schemas", "Thing") } } });
    for (kind, name, value) in [
        (
            "parameters",
            "Page",
            json!({ "name": "page", "in": "query", "schema": { "type": "integer" } }),
        ),
        (
            "parameters",
            "Filter",
            json!({ "name": "filter", "in": "query", "schema": {} }),
        ),
        ("requestBodies", "New", body.clone()),
        (
            "headers",
            "Rate",
            json!({ "schema": { "type": "integer" } }),
        ),
        (
            "responses",
            "Ok",
            json!({ "headers": { "x-rate": part("headers", "Rate") }, "content": body["content"] }),
        ),
        (
            "responses",
            "Bad",
            json!({ "links": { "self": part("links", "Self") } }),
        ),
        ("links", "Self", json!({ "operationId": "a" })),
        (
            "callbacks",
            "Done",
            json!({ "{$url}": part("pathItems", "B") }),
        ),
        ("pathItems", "B", json!({ "get": { "responses": {} } })),
    ] {
        document["components"][kind][name] = value;
    }
    let (lowered, _) = lowered(&document);
    let names: Vec<&String> = lowered.schemas().keys().collect();
    assert_eq!(names, ["Thing", "Headers"]);
}

#[test]
fn inline_schemas_become_named_components() {
    let (lowered, lines) = lowered(&document(
        json!({}),
        json!({
            "Cat": { "type": "object", "properties": {
                "mood": { "type": ["string", "null"], "enum": ["good", "GOOD", "unknown", null], "description": "How." },
                "owner": { "title": "Same", "type": "object", "properties": { "name": { "type": "string" } } },
                "kittens": { "type": "array", "items": { "title": "Same", "type": "object", "properties": { "age": { "type": "integer" } } } },
            } },
            "CatOwner": { "type": "object", "properties": { "id": { "type": "string" } } },
        }),
    ));
    let schemas = lowered.document["components"]["schemas"]
        .as_object()
        .unwrap();
    let names: Vec<_> = schemas.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["Cat", "CatMood", "CatOwner2", "CatKittensItem", "CatOwner"]
    );
    assert_eq!(
        schemas["Cat"]["properties"]["mood"],
        json!({ "nullable": true, "description": "How.", "allOf": [{ "$ref": "#/components/schemas/CatMood" }] })
    );
    assert_eq!(
        lowered.model.enums["CatMood"].values,
        [("good", "Good"), ("GOOD", "Good2"), ("unknown", "Unknown2")]
            .map(|(value, variant)| (value.to_owned(), variant.to_owned()))
    );
    assert_eq!(
        lowered.model.origins["CatOwner2"],
        "/components/schemas/Cat/properties/owner"
    );
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.contains("variant-name"))
            .count(),
        2
    );
}

#[test]
fn components_and_references_get_rust_names() {
    let (lowered, lines) = lowered(&document(
        json!({}),
        json!({
            "cat-house": { "type": "object", "properties": { "next": { "$ref": "#/components/schemas/cat-house" } } },
            "CatHouse": { "type": "object", "properties": { "a": { "$ref": "#/components/schemas/a~1b" } } },
            "a/b": { "type": "string" },
            "Ok": { "type": "string" },
        }),
    ));
    let schemas = &lowered.document["components"]["schemas"];
    assert_eq!(
        schemas["CatHouse2"]["properties"]["next"],
        json!({ "$ref": "#/components/schemas/CatHouse2" })
    );
    assert_eq!(
        schemas["CatHouse"]["properties"]["a"],
        json!({ "$ref": "#/components/schemas/Ab" })
    );
    assert!(schemas.get("Ok2").is_some());
    assert_eq!(lines.len(), 3);
}

#[test]
fn nullable_component_makes_uses_nullable() {
    let (lowered, lines) = lowered(&document(
        json!({ "/a": { "get": { "responses": { "200": json_response(json!({ "$ref": "#/components/schemas/Maybe" })) } } } }),
        json!({
            "Maybe": { "type": ["object", "null"], "properties": { "a": { "type": "string" } } },
            "Holder": { "type": "object", "properties": { "maybe": { "$ref": "#/components/schemas/Maybe" } } },
        }),
    ));
    let used = json!({ "allOf": [{ "$ref": "#/components/schemas/Maybe" }], "nullable": true });
    assert_eq!(
        lowered.document["components"]["schemas"]["Holder"]["properties"]["maybe"],
        used
    );
    assert_eq!(
        lowered.document["paths"]["/a"]["get"]["responses"]["2XX"]["content"]["application/json"]["schema"],
        used
    );
    assert_eq!(
        lines,
        ["rewritten nullable-component /components/schemas/Maybe"]
    );
}

#[test]
fn optional_lists_are_options() {
    let (lowered, lines) = lowered(&document(
        json!({}),
        json!({ "Got": { "type": "object", "required": ["must"], "properties": {
            "may": { "type": "array", "items": { "type": "string" } },
            "must": { "type": "array", "items": { "type": "string" } },
        } } }),
    ));
    let schemas = &lowered.document["components"]["schemas"];
    assert_eq!(schemas["Got"]["properties"]["may"]["nullable"], true);
    assert_eq!(schemas["Got"]["properties"]["must"].get("nullable"), None);
    assert!(lowered.model.nullable.is_empty());
    assert!(lines.is_empty());
}

#[test]
fn null_differs_from_absence_except_in_forms() {
    let sent = |media_type: &str| {
        lowered(&document(
            json!({ "/a": { "post": { "requestBody": { "content": { media_type: {
                "schema": { "$ref": "#/components/schemas/Sent" },
            } } } } } }),
            json!({ "Sent": { "type": "object", "required": ["must"], "properties": {
                "may": { "type": ["string", "null"] },
                "must": { "type": ["string", "null"] },
            } } }),
        ))
    };
    let (posted, lines) = sent("application/json");
    assert!(lines.is_empty());
    let fields: Vec<_> = posted.model.nullable["Sent"].iter().collect();
    assert_eq!(fields, ["may"]);
    let (form, lines) = sent("multipart/form-data");
    let form_type = form.model.forms.keys().next().unwrap();
    assert!(!form.model.nullable.contains_key(form_type));
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("dropped null-or-absent")),
        "{lines:?}"
    );
}

#[test]
fn secrets_survive_all_of_and_odd_marks() {
    let (lowered, _) = lowered(&document(
        json!({
            "/all": { "get": { "responses": { "200": json_response(json!({ "$ref": "#/components/schemas/Whole" })) } } },
            "/sent": { "post": { "requestBody": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Part" },
            } } } } },
            "/inline": { "get": { "responses": { "200": json_response(json!({ "type": "array", "items": { "format": "password", "type": "string" } })) } } },
            "/either": { "get": { "responses": { "200": json_response(json!({ "type": "string" })), "201": json_response(json!({ "$ref": "#/components/schemas/Part" })) } } },
            "/plain": { "get": {} },
        }),
        json!({
            "Part": { "type": "object", "properties": { "key": { "type": "string", "x-secret": "yes" } } },
            "Whole": { "allOf": [
                { "$ref": "#/components/schemas/Part" },
                { "type": "object", "properties": { "own": { "type": "string", "format": "password" } } },
            ] },
            "Grade": { "type": "string", "enum": ["a"], "x-secret": true },
        }),
    ));
    let secrets: Vec<_> = lowered.model.secrets["Whole"]
        .iter()
        .map(String::as_str)
        .collect();
    assert_eq!(secrets, ["key", "own"]);
    assert!(lowered.model.secret_types.contains("Grade"));
    assert!(!lowered.model.enums.contains_key("Grade"));
    let sensitive: Vec<_> = lowered
        .model
        .operations
        .iter()
        .map(|one| one.sensitive)
        .collect();
    assert_eq!(sensitive, [true, true, true, true, false]);
    assert!(!lowered.document.to_string().contains("x-"));
}

#[test]
fn secrets_make_operations_sensitive() {
    let (lowered, _) = lowered(&document(
        json!({
            "/key": { "get": { "responses": { "200": json_response(json!({ "$ref": "#/components/schemas/Outer" })) } } },
            "/name": { "get": { "responses": { "200": json_response(json!({ "type": "string" })) } } },
        }),
        json!({
            "Outer": { "type": "object", "properties": { "inner": { "$ref": "#/components/schemas/Key" } } },
            "Key": { "type": "object", "properties": {
                "value": { "type": "string", "x-secret": true },
                "old": { "type": "array", "items": { "type": "string", "format": "password" } },
                "name": { "type": "string" },
            } },
            "Token": { "type": "string", "writeOnly": true },
        }),
    ));
    let secrets: Vec<_> = lowered.model.secrets["Key"]
        .iter()
        .map(String::as_str)
        .collect();
    assert_eq!(secrets, ["old", "value"]);
    assert!(lowered.model.secret_types.contains("Token"));
    let sensitive: Vec<_> = lowered
        .model
        .operations
        .iter()
        .map(|one| one.sensitive)
        .collect();
    assert_eq!(sensitive, [true, false]);
    assert!(!lowered.document.to_string().contains("x-"));
}

/// TRACE is another method in the lowered document.
#[test]
fn write_only_property_is_optional_in_responses() {
    for method in ["get", "trace"] {
        let response = json!({ "$ref": "#/components/schemas/Key" });
        let (lowered, lines) = lowered(&document(
            json!({ "/keys": { method: { "responses": { "200": {
                "description": "", "content": { "application/json": { "schema": response } },
            } } } } }),
            json!({ "Key": {
                "type": "object",
                "required": ["id", "value"],
                "properties": {
                    "id": { "type": "string" },
                    "value": { "type": "string", "writeOnly": true },
                },
            } }),
        ));
        let key = &lowered.document["components"]["schemas"]["Key"];
        assert_eq!(key["required"], json!(["id"]), "{method}");
        assert!(
            lines.iter().any(|line| line.contains("read-only")),
            "{lines:?}"
        );
    }
}

#[test]
fn similar_properties_get_separate_fields() {
    let text = json!({ "type": "string" });
    let (lowered, lines) = lowered(&document(
        json!({}),
        json!({ "Cat": {
            "type": "object",
            "required": ["a-b", "aB"],
            "properties": { "a-b": text, "aB": text, "extra": text, "": text, "type": text, "2fa": text },
            "additionalProperties": true,
        } }),
    ));
    let cat = &lowered.document["components"]["schemas"]["Cat"];
    assert_eq!(
        cat["properties"],
        json!({ "a_b": text, "a_b2": text, "extra2": text, "value": text, "type_": text, "n2fa": text })
    );
    assert_eq!(cat["required"], json!(["a_b", "a_b2"]));
    let named = &lowered.model.fields["Cat"];
    assert_eq!(named["a_b2"], "aB");
    assert_eq!(named["value"], "");
    assert_eq!(named["type_"], "type");
    assert_eq!(
        lines,
        [
            "rewritten open-object /components/schemas/Cat",
            "rewritten property-name /components/schemas/Cat/properties/aB",
            "rewritten property-name /components/schemas/Cat/properties/extra",
        ]
    );
}

#[test]
fn reference_to_reference_has_the_type_of_its_end() {
    let at = "#/paths/~1a/post/requestBody/content/application~1json/schema";
    let body = json!({ "schema": { "$ref": "#/components/schemas/Cat" } });
    let (lowered, _) = lowered(&document(
        json!({ "/a": { "post": {
            "requestBody": { "content": { "application/json": body } },
            "responses": { "200": json_response(json!({ "$ref": at })) },
        } } }),
        json!({ "Cat": { "type": "object", "properties": { "a": { "type": "string" } } } }),
    ));
    let schemas = lowered.schemas();
    let used = references(&lowered.document["paths"]);
    assert_eq!(used.into_iter().collect::<Vec<_>>(), ["Cat"]);
    assert!(schemas.contains_key("Cat"));
}

#[test]
fn variant_without_discriminator_gets_a_field() {
    let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let part =
        |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
    let union = json!({
        "anyOf": [refer("Cat"), refer("Dog"), refer("Pig")],
        "discriminator": { "propertyName": "kind", "mapping": { "c": "Cat", "k": "Cat", "1": "Dog" } },
    });
    let (lowered, lines) = lowered(&document(
        json!({}),
        json!({
            "Cat": part("a"), "Dog": part("b"), "Pig": part("c"), "Pet": union,
            "Sty": { "type": "array", "items": refer("Pig") },
        }),
    ));
    let schemas = &lowered.document["components"]["schemas"];
    assert_eq!(schemas["Cat"]["properties"]["kind"]["type"], "string");
    assert!(schemas["Dog"]["properties"]["kind"].get("type").is_none());
    assert!(schemas["Pig"]["properties"].get("kind").is_none());
    let constants = &lowered.model.constants;
    assert_eq!(constants["Cat"]["kind"], "c");
    assert_eq!(constants["Dog"]["kind"], "1");
    let written: Vec<bool> = lowered.model.unions["Pet"]
        .branches
        .iter()
        .map(|branch| branch.writes_tag)
        .collect();
    assert_eq!(written, [false, false, true]);
    let line = "rewritten discriminator /components/schemas/Cat";
    assert!(lines.iter().any(|one| one == line), "{lines:?}");
}

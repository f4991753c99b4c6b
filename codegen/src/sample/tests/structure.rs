//! Objects, arrays, combined schemas and references.

use serde_json::{Value, json};

use super::{sample_in, valid, valid_in};

#[test]
fn sample_object_shows_optional_properties() {
    let schema = json!({ "type": "object", "required": ["a", "undescribed"], "properties": {
        "a": { "type": "string" }, "b": { "type": "integer" }, "secret": { "type": "string", "writeOnly": true },
        "never": false,
    } });
    let sample = valid(schema);
    let mut names: Vec<_> = sample.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["a", "b", "undescribed"]);
    assert_eq!(
        valid(json!({ "type": "object", "additionalProperties": { "const": 1 } })),
        json!({ "key": 1 })
    );
    assert_eq!(
        valid(json!({ "type": "object", "additionalProperties": true })),
        json!({})
    );
    let counted = valid(
        json!({ "type": "object", "minProperties": 3, "propertyNames": { "pattern": "^[A-Z]{2}" } }),
    );
    assert_eq!(counted.as_object().unwrap().len(), 3);
    let few = json!({ "type": "object", "maxProperties": 1, "required": ["b"], "properties": { "a": {}, "b": {} } });
    assert_eq!(valid(few), json!({ "b": {} }));
}

#[test]
fn sample_array_has_length_and_items() {
    assert_eq!(valid(json!({ "type": "array" })), json!([]));
    assert_eq!(
        valid(json!({ "type": "array", "items": { "const": 1 } })),
        json!([1])
    );
    assert_eq!(
        valid(json!({ "type": "array", "items": { "const": 1 }, "minItems": 3 })),
        json!([1, 1, 1])
    );
    assert_eq!(
        valid(json!({ "type": "array", "items": { "const": 1 }, "maxItems": 0 })),
        json!([])
    );
    assert_eq!(valid(json!({ "type": "array", "items": false })), json!([]));
    let tuple = json!({ "type": "array", "prefixItems": [{ "const": 1 }, { "type": "string" }], "items": false });
    assert_eq!(valid(tuple), json!([1, "sample"]));
    let tuple = json!({ "type": "array", "prefixItems": [{ "const": 1 }], "items": { "const": 2 }, "minItems": 3 });
    assert_eq!(valid(tuple), json!([1, 2, 2]));
    valid(
        json!({ "type": "array", "items": { "type": "integer" }, "contains": { "const": 5 }, "minContains": 2 }),
    );
}

#[test]
fn sample_unique_items_differ() {
    for items in [
        json!({ "type": "integer" }),
        json!({ "type": "integer", "multipleOf": 5, "minimum": 5 }),
        json!({ "type": "number" }),
        json!({ "type": "string" }),
        json!({ "enum": ["a", "b", "c"] }),
        json!({ "allOf": [{ "enum": ["a", "b", "c", "d"] }, { "enum": ["d", "c", "b"] }] }),
    ] {
        let sample =
            valid(json!({ "type": "array", "items": items, "minItems": 3, "uniqueItems": true }));
        assert_eq!(sample.as_array().unwrap().len(), 3);
    }
    valid(
        json!({ "type": "array", "items": { "type": "boolean" }, "minItems": 2, "uniqueItems": true }),
    );
}

#[test]
fn sample_of_all_of_is_merged() {
    let components = json!({
        "Base": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
        "Named": { "allOf": [{ "$ref": "#/components/schemas/Base" }, { "properties": { "name": { "type": "string" } } }] },
    });
    let both = json!({ "allOf": [
        { "$ref": "#/components/schemas/Named" }, { "$ref": "#/components/schemas/Base" },
        { "properties": { "id": { "minLength": 50 }, "extra": { "const": 1 } } },
    ] });
    let sample = valid_in(&components, both);
    assert_eq!(sample["extra"], 1);
    assert_eq!(sample["name"], "name");
    assert_eq!(sample["id"].as_str().unwrap().len(), 50);
    // Siblings of a reference count since 3.1.
    let described =
        json!({ "$ref": "#/components/schemas/Base", "properties": { "b": { "const": true } } });
    assert_eq!(valid_in(&components, described)["b"], true);
    assert_eq!(
        valid(json!({ "allOf": [{ "type": ["number", "string"] }, { "type": "integer" }] })),
        12
    );
    assert_eq!(
        valid(json!({ "allOf": [{ "enum": [1, 2, 3] }, { "enum": [3, 2] }] })),
        2
    );
}

#[test]
fn sample_of_union_fits_a_branch() {
    assert_eq!(
        valid(json!({ "oneOf": [{ "type": "null" }, { "const": 5 }] })),
        5
    );
    assert_eq!(
        valid(json!({ "anyOf": [{ "const": null }, { "const": 5 }] })),
        5
    );
    assert_eq!(
        valid(json!({ "anyOf": [false, { "type": "null" }] })),
        Value::Null
    );
    // The first branch contradicts the schema around it.
    assert!(
        valid(json!({ "type": "object", "anyOf": [{ "type": "string" }, { "type": "object" }] }))
            .is_object()
    );
    // Two branches accept a 12: exactly one may.
    assert_eq!(
        valid(json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }, { "const": "x" }] })),
        "x"
    );
    let nested = json!({ "anyOf": [{ "oneOf": [{ "type": "null" }, { "type": "boolean" }] }, { "type": "null" }] });
    assert_eq!(valid(nested), true);
    let both = json!({ "type": "object",
        "anyOf": [{ "required": ["a"] }], "oneOf": [{ "properties": { "b": { "const": 1 } } }, { "required": ["zz"] }] });
    assert_eq!(valid(both)["b"], 1);
    assert_eq!(
        valid(json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }], "example": 3 })),
        3
    );
}

#[test]
fn sample_has_its_discriminator_value() {
    let components = json!({
        "Cat": { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } } },
        "Dog": { "type": "object", "required": ["kind", "bark"],
            "properties": { "kind": { "type": "string" }, "bark": { "const": 1 } } },
    });
    let references =
        json!([{ "$ref": "#/components/schemas/Dog" }, { "$ref": "#/components/schemas/Cat" }]);
    let implicit = json!({ "anyOf": references, "discriminator": { "propertyName": "kind" } });
    assert_eq!(
        valid_in(&components, implicit),
        json!({ "kind": "Dog", "bark": 1 })
    );
    let mapping = json!({ "meow": "#/components/schemas/Cat", "woof": "Dog" });
    let mapped = json!({ "anyOf": references, "discriminator": { "propertyName": "kind", "mapping": mapping } });
    assert_eq!(
        valid_in(&components, mapped),
        json!({ "kind": "woof", "bark": 1 })
    );
}

#[test]
fn sample_recursion_is_cut_where_allowed() {
    let components = json!({
        "Node": { "type": "object", "required": ["value", "children"], "properties": {
            "value": { "const": 1 },
            "children": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } },
            "next": { "$ref": "#/components/schemas/Node" },
            "parent": { "oneOf": [{ "$ref": "#/components/schemas/Node" }, { "type": "null" }] },
            "byName": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Node" } },
        } },
        "Required": { "type": "object", "required": ["next"], "properties": {
            "next": { "anyOf": [{ "$ref": "#/components/schemas/Required" }, { "const": "end" }] } } },
        "Endless": { "type": "object", "required": ["next"], "properties": {
            "next": { "$ref": "#/components/schemas/Endless" } } },
        "Itself": { "$ref": "#/components/schemas/Itself" },
        "AllOfItself": { "allOf": [{ "$ref": "#/components/schemas/AllOfItself" }], "type": "integer" },
        "Loop": { "oneOf": [{ "$ref": "#/components/schemas/Loop" }, { "type": "string" }] },
    });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let node = json!({ "value": 1, "children": [], "parent": null, "byName": {} });
    assert_eq!(valid_in(&components, reference("Node")), node);
    assert_eq!(
        valid_in(&components, reference("Required")),
        json!({ "next": "end" })
    );
    // Nothing finite satisfies it.
    assert_eq!(sample_in(&components, &reference("Endless")), Value::Null);
    sample_in(&components, &reference("Itself"));
    assert_eq!(sample_in(&components, &reference("AllOfItself")), 12);
    sample_in(&components, &reference("Loop"));
}

#[test]
fn sample_resolves_pointer_references() {
    let components = json!({ "a/b c": { "$defs": { "x~y": { "const": 3 } } } });
    assert_eq!(
        sample_in(
            &components,
            &json!({ "$ref": "#/components/schemas/a~1b%20c/$defs/x~0y" })
        ),
        3
    );
    // A reference that leads nowhere, or elsewhere, asks for nothing.
    for reference in [
        "#/components/schemas/None",
        "other.json#/a",
        "#%",
        "#%zz",
        "",
    ] {
        assert_eq!(
            sample_in(&components, &json!({ "$ref": reference })),
            json!({}),
            "{reference}"
        );
    }
}

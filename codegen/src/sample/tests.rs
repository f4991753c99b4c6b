//! Tests of the sampler: an independent JSON Schema validator checks every sample, formats
//! included.

mod documents;
mod limits;
mod structure;

use serde_json::{Value, json};

use super::Sampler;

/// The sample of a schema, in a document with these components.
fn sample_in(components: &Value, schema: &Value) -> Value {
    let document = json!({ "components": { "schemas": components }, "schema": schema });
    Sampler::new(&document).value(&document["schema"])
}

/// The sample of a schema, which the validator must accept.
#[track_caller]
fn valid_in(components: &Value, schema: Value) -> Value {
    let sample = sample_in(components, &schema);
    let root = json!({ "components": { "schemas": components }, "allOf": [schema] });
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&root)
        .unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&sample)
        .map(|error| error.to_string())
        .collect();
    assert!(
        errors.is_empty(),
        "{schema}\n{sample}\n{errors:?}",
        schema = root["allOf"][0]
    );
    sample
}

#[track_caller]
fn valid(schema: Value) -> Value {
    valid_in(&json!({}), schema)
}

#[test]
fn sample_has_the_type_of_the_schema() {
    for kind in [
        "string", "integer", "number", "boolean", "null", "array", "object",
    ] {
        valid(json!({ "type": kind }));
    }
    assert!(valid(json!({ "type": "integer" })).is_i64());
    assert!(valid(json!({ "type": ["null", "string"] })).is_string());
    assert!(valid(json!({ "type": ["integer", "null"] })).is_i64());
    assert_eq!(valid(json!({ "type": ["null"] })), Value::Null);
    assert_eq!(valid(json!({})), json!({}));
    assert_eq!(valid(json!(true)), json!({}));
    assert!(sample_in(&json!({}), &json!({ "type": "string", "nullable": true })).is_string());
}

#[test]
fn sample_has_the_implied_type() {
    assert!(valid(json!({ "properties": { "a": { "type": "string" } } })).is_object());
    assert!(valid(json!({ "items": { "type": "string" } })).is_array());
    assert!(valid(json!({ "minLength": 3 })).is_string());
    assert!(valid(json!({ "minimum": 3 })).is_number());
}

#[test]
fn sample_prefers_values_of_the_schema() {
    let all = json!({ "type": "string", "example": "e", "examples": ["s"], "default": "d", "enum": ["f", "d", "s", "e"] });
    assert_eq!(valid(all.clone()), "e");
    let without = |names: &[&str]| {
        let mut schema = all.clone();
        names
            .iter()
            .for_each(|name| drop(schema.as_object_mut().unwrap().remove(*name)));
        valid(schema)
    };
    assert_eq!(without(&["example"]), "s");
    assert_eq!(without(&["example", "examples"]), "d");
    assert_eq!(without(&["example", "examples", "default"]), "f");
    assert_eq!(valid(json!({ "const": 7 })), 7);
    assert_eq!(valid(json!({ "enum": [null, "a"] })), "a");
    assert_eq!(valid(json!({ "enum": [null] })), Value::Null);
}

#[test]
fn sample_skips_invalid_or_empty_values() {
    assert!(valid(json!({ "type": "integer", "example": "12" })).is_i64());
    assert_eq!(valid(json!({ "type": "integer", "examples": ["x", 4] })), 4);
    assert!(valid(json!({ "type": ["string", "null"], "default": null })).is_string());
    assert_eq!(
        valid(json!({ "type": "array", "items": { "const": 1 }, "default": [] })),
        json!([1])
    );
    let partial = json!({
        "allOf": [{ "type": "object", "required": ["a"], "properties": { "a": { "const": 1 } } }],
        "properties": { "b": { "const": 2 } }, "example": { "b": 2 },
    });
    assert_eq!(valid(partial), json!({ "a": 1, "b": 2 }));
}

#[test]
fn sample_of_body_follows_media_type() {
    let of = |media_type: Value| {
        let document = json!({ "components": { "examples": { "One": { "value": { "a": 9 } } } }, "media": media_type });
        Sampler::new(&document).body(&document["media"])
    };
    let schema = json!({ "type": "object", "properties": { "a": { "const": 9 } } });
    assert_eq!(of(json!({ "example": [1] })), json!([1]));
    assert_eq!(
        of(json!({ "schema": schema, "example": "no object" })),
        json!({ "a": 9 })
    );
    let named = json!({ "x": { "externalValue": "https://example.com" }, "y": { "$ref": "#/components/examples/One" } });
    assert_eq!(
        of(json!({ "schema": { "type": "object" }, "examples": named })),
        json!({ "a": 9 })
    );
    assert_eq!(of(json!({})), json!({}));
}

#[test]
fn sample_number_is_within_bounds() {
    for schema in [
        json!({ "minimum": 100, "maximum": 3000 }),
        json!({ "maximum": -5 }),
        json!({ "exclusiveMinimum": 12, "exclusiveMaximum": 14 }),
        json!({ "minimum": 0, "maximum": 0 }),
        json!({ "multipleOf": 7 }),
        json!({ "multipleOf": 5, "minimum": 13, "maximum": 15 }),
        json!({ "multipleOf": 0.5, "exclusiveMinimum": 99 }),
        json!({ "multipleOf": 1.5, "minimum": 100, "maximum": 104 }),
        json!({ "allOf": [{ "minimum": 20 }, { "maximum": 30 }, { "minimum": 25 }] }),
        json!({ "minimum": -1e9, "maximum": -1e9 }),
    ] {
        for kind in ["integer", "number"] {
            let mut schema = schema.clone();
            schema["type"] = json!(kind);
            let sample = valid(schema);
            assert_eq!(sample.is_i64(), kind == "integer", "{sample}");
        }
    }
    assert_eq!(
        valid(json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 })),
        0.5
    );
    let old = json!({ "type": "integer", "minimum": 12, "exclusiveMinimum": true });
    assert_eq!(sample_in(&json!({}), &old), 13);
}

#[test]
fn sample_string_has_length_and_format() {
    for schema in [
        json!({ "minLength": 40 }),
        json!({ "maxLength": 2 }),
        json!({ "minLength": 3, "maxLength": 3 }),
        json!({ "maxLength": 0 }),
        json!({ "contentEncoding": "base64" }),
    ] {
        assert!(valid(schema).is_string());
    }
    for format in [
        "date-time",
        "date",
        "time",
        "duration",
        "uuid",
        "email",
        "idn-email",
        "uri",
        "uri-reference",
        "iri",
        "iri-reference",
        "uri-template",
        "hostname",
        "idn-hostname",
        "ipv4",
        "ipv6",
        "json-pointer",
        "relative-json-pointer",
        "regex",
        "byte",
        "binary",
        "password",
        "int64",
        "unheard-of",
    ] {
        assert!(
            valid(json!({ "type": "string", "format": format })).is_string(),
            "{format}"
        );
    }
    assert_eq!(
        valid(json!({ "type": "string", "format": "uri", "minLength": 30 }))
            .as_str()
            .unwrap()
            .len(),
        30
    );
}

#[test]
fn sample_string_matches_pattern() {
    for (pattern, least, most) in [
        ("^[A-Z][A-Z0-9_]*$", 1, 128),
        ("^[A-Za-z0-9][A-Za-z0-9_.-]*$", 10, 12),
        (r"^\d{4}-\d{2}$", 0, 7),
        (r"^neo_sk_[a-f0-9]{32}$", 1, 100),
        ("^(cat|dog)s?$", 4, 4),
        ("^(ab)+$", 5, 9),
        (r"^\p{Lu}[^a-z]{2,}$", 0, 9),
        (r"^https?:\/\/[\w.-]+(:\d+)?(\/.*)?$", 0, 99),
        ("^$", 0, 5),
    ] {
        valid(
            json!({ "type": "string", "pattern": pattern, "minLength": least, "maxLength": most }),
        );
    }
    // No automaton knows look-around: the string is made without the pattern.
    assert!(
        sample_in(
            &json!({}),
            &json!({ "type": "string", "pattern": "^(?=a)b" })
        )
        .is_string()
    );
}

#[test]
fn sample_of_invalid_schema_is_harmless() {
    for schema in [
        json!(null),
        json!("x"),
        json!(3),
        json!([]),
        json!({ "type": 3 }),
        json!({ "type": "any" }),
        json!({ "type": [] }),
        json!({ "properties": [], "required": "a" }),
        json!({ "allOf": {}, "oneOf": 1, "anyOf": [] }),
        json!({ "enum": [] }),
        json!({ "type": "array", "items": [], "minItems": -1 }),
        json!({ "type": "string", "pattern": "(", "minLength": 5, "maxLength": 2 }),
        json!({ "type": "integer", "minimum": 5, "maximum": 2, "multipleOf": 0 }),
        json!({ "$ref": 1 }),
        json!({ "type": "number", "multipleOf": -3 }),
        json!({ "type": "array", "uniqueItems": true, "minItems": 9, "items": {} }),
    ] {
        sample_in(&json!({}), &schema);
    }
}

#[test]
fn sample_values_fit_their_names() {
    let number = json!({ "type": "number" });
    let sample = valid(json!({ "properties": {
        "issued_credits": number, "usedCredits": number, "available-credits": number,
        "expires_at": { "format": "date-time" }, "created_at": { "format": "date-time" },
        "has_more": { "type": "boolean" }, "is_default": { "type": "boolean" },
        "last4": { "type": "string" }, "title": { "type": "string" }, "next_cursor": { "type": "string" },
    } }));
    let number = |name: &str| sample[name].as_f64().unwrap();
    assert!(
        (number("usedCredits") + number("available-credits") - number("issued_credits")).abs()
            < f64::EPSILON
    );
    assert!(sample["expires_at"].as_str() > sample["created_at"].as_str());
    assert_eq!(
        (&sample["has_more"], &sample["is_default"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        (&sample["last4"], &sample["title"], &sample["next_cursor"]),
        (&json!("4242"), &json!("title"), &json!(""))
    );
}

#[test]
fn parameters_are_sampled_by_schema_or_content() {
    let of = |parameter: Value| {
        let document = json!({ "parameter": parameter });
        Sampler::new(&document).parameter(&document["parameter"])
    };
    let string = json!({ "type": "string" });
    assert_eq!(
        of(json!({ "name": "email", "schema": string })),
        "ada@example.com"
    );
    assert_eq!(
        of(json!({ "name": "x", "schema": string, "example": "e" })),
        "e"
    );
    let content = json!({ "application/json": { "schema": { "const": [1] } } });
    assert_eq!(of(json!({ "name": "x", "content": content })), json!([1]));
}

#[test]
fn hidden_properties_depend_on_the_direction() {
    let document = json!({ "properties": {
        "id": { "const": 1, "readOnly": true }, "password": { "const": 2, "writeOnly": true },
        "name": { "const": 3 },
    } });
    let sampler = Sampler::new(&document);
    assert_eq!(sampler.value(&document), json!({ "id": 1, "name": 3 }));
    let requests = sampler.for_requests();
    assert_eq!(
        requests.value(&document),
        json!({ "password": 2, "name": 3 })
    );
}

#[test]
fn required_only_leaves_out_optional_values() {
    let document = json!({ "required": ["a"], "properties": {
        "a": { "type": "array", "items": {}, "minItems": 1 }, "b": { "const": 1 },
    } });
    let sampler = Sampler::new(&document).required_only();
    assert_eq!(sampler.value(&document), json!({ "a": [{}] }));
}

//! Schemas that ask for too much: sampling ends soon, with a smaller sample or with none.

use serde_json::{Map, Value, json};

use super::{sample_in, valid_in};

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[test]
fn dense_references_leave_out_optional_values() {
    let name = |number: usize| format!("S{number}");
    let schemas = (0..40).map(|number| {
        let others = (0..40).filter(|other| *other != number);
        let properties = others.map(|other| (name(other), reference(&name(other))));
        let properties: Map<_, _> = properties.collect();
        (
            name(number),
            json!({ "type": "object", "properties": properties }),
        )
    });
    let components = Value::Object(schemas.collect());
    let sample = valid_in(&components, reference("S0"));
    assert!(sample.to_string().len() < 100_000);
}

#[test]
fn multiplied_items_give_no_sample() {
    let nested = (0..8).fold(
        json!({ "const": 1 }),
        |items, _| json!({ "type": "array", "items": items, "minItems": 1_000_000 }),
    );
    assert_eq!(sample_in(&json!({}), &nested), Value::Null);
}

#[test]
fn long_chains_of_references_give_no_sample() {
    let schemas = (0..5_000).map(|number| {
        let next = reference(&format!("S{}", number + 1));
        let schema = json!({ "required": ["next"], "properties": { "next": next } });
        (format!("S{number}"), schema)
    });
    let components = Value::Object(schemas.collect());
    assert_eq!(sample_in(&components, &reference("S0")), Value::Null);
}

#[test]
fn variants_that_multiply_give_no_sample() {
    // Each level doubles the work, and none of the variants is finite.
    let schemas = (0..40).map(|number| {
        let next = reference(&format!("S{}", number + 1));
        let variant = json!({ "required": ["next"], "properties": { "next": next } });
        (format!("S{number}"), json!({ "oneOf": [variant, variant] }))
    });
    let mut components: Map<String, Value> = schemas.collect();
    components.insert("S40".to_owned(), json!(false));
    let components = Value::Object(components);
    assert_eq!(sample_in(&components, &reference("S0")), Value::Null);
}

#[test]
fn examples_are_checked_in_bounded_time() {
    let loops =
        json!({ "Loop": { "oneOf": [reference("Loop"), reference("Loop")], "example": 1 } });
    sample_in(&loops, &reference("Loop"));
    let schema = json!({ "uniqueItems": true, "example": vec![0; 100_000] });
    sample_in(&json!({}), &schema);
}

#[test]
fn strings_have_a_greatest_length() {
    for schema in [
        json!({ "type": "string", "minLength": 1e15 }),
        json!({ "type": "string", "pattern": "^(((a{1000}){1000}){1000})$" }),
        json!({ "type": "string", "pattern": "(((){1000}){1000}){1000}" }),
        json!({ "type": "string", "pattern": "^a*$", "minLength": 1e9 }),
    ] {
        let sample = sample_in(&json!({}), &schema);
        assert!(sample.as_str().is_some_and(|text| text.len() <= 20_000));
    }
}

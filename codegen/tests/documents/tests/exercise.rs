//! Values of every document go out and come back, with the JSON Schema of the document as the
//! judge.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use jsonschema::Validator;
use neo_client_documents::{DOCUMENTS, Document, Type};
use serde_json::{Map, Value, json};

/// A value that a schema's `examples` or `x-exercise` gives.
struct Exercise {
    value: Value,
    back: Value,
    valid: bool,
    /// The struct or variant that the value must be decoded as.
    variant: Option<String>,
    /// No part of the value may be kept as JSON.
    typed: bool,
}

#[test]
fn left_out_operations_are_those_named() {
    for document in DOCUMENTS {
        let json: Value = serde_json::from_str(document.json).unwrap();
        let named = json["x-left-out"].as_array().cloned().unwrap_or_default();
        assert_eq!(
            document.left_out.len(),
            named.len(),
            "{}: {:#?}",
            document.name,
            document.left_out
        );
        for (line, pointer) in document.left_out.iter().zip(named) {
            assert!(
                line.contains(pointer.as_str().unwrap()),
                "{}: {line}",
                document.name
            );
        }
    }
}

#[test]
fn example_round_trips() {
    let mut problems = Vec::new();
    for (document, of) in types() {
        let json: Value = serde_json::from_str(document.json).unwrap();
        let exercises = exercises(&json, of);
        // The validator has no dynamic references within a document.
        if exercises.is_empty() {
            continue;
        }
        let validator = validator(&json, of.pointer);
        for exercise in exercises {
            let Exercise {
                value, back, valid, ..
            } = exercise;
            let mut problem = |what: String| {
                problems.push(format!("{} {}: {value}: {what}", document.name, of.pointer))
            };
            if let Err(error) = validator.validate(&value)
                && valid
            {
                problem(format!("the schema refuses it: {error}"));
            } else if validator.is_valid(&value) && !valid {
                problem("the schema accepts it".to_owned());
            }
            match (of.round_trip)(&value) {
                Ok(came) if came == back => {}
                Ok(came) => problem(format!("came back as {came}")),
                Err(error) => problem(format!("{} does not decode: {error}", of.name)),
            }
            let debug = (of.debug)(&value).unwrap_or_default();
            let is_named = |name: &String| {
                debug.contains(&format!("{name} {{")) || debug.contains(&format!("{name}("))
            };
            if !exercise.variant.as_ref().is_none_or(is_named)
                || (exercise.typed && keeps_json(&debug))
            {
                problem(format!("is decoded as {debug}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn valid_mutation_round_trips_to_valid_value() {
    let (mut problems, mut accepted) = (Vec::new(), 0);
    for (document, of) in types() {
        let json: Value = serde_json::from_str(document.json).unwrap();
        let exercises = exercises(&json, of);
        if exercises.is_empty() {
            continue;
        }
        let validator = validator(&json, of.pointer);
        for Exercise { value, .. } in exercises {
            for changed in changed(&value)
                .into_iter()
                .filter(|changed| validator.is_valid(changed))
            {
                accepted += 1;
                let mut problem = |what: String| {
                    problems.push(format!(
                        "{} {}: {changed}: {what}",
                        document.name, of.pointer
                    ))
                };
                match (of.round_trip)(&changed) {
                    Ok(came) => {
                        if let Err(error) = validator.validate(&came) {
                            problem(format!(
                                "came back as {came}, which the schema refuses: {error}"
                            ));
                        }
                    }
                    Err(error) => problem(format!("{} does not decode: {error}", of.name)),
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(accepted > 50, "only {accepted} values");
}

/// Returns whether a value is kept as JSON. The text of an unknown enumeration value is quoted.
fn keeps_json(debug: &str) -> bool {
    debug.replace("Unknown(\"", "").contains("Unknown(")
}

/// Every document has something to exercise, or operations to compile.
#[test]
fn document_exercises_some_type() {
    for document in DOCUMENTS {
        let json: Value = serde_json::from_str(document.json).unwrap();
        let exercised = document
            .types
            .iter()
            .any(|of| !exercises(&json, of).is_empty());
        assert!(
            exercised || !json["paths"].as_object().unwrap().is_empty(),
            "{}",
            document.name
        );
    }
}

fn types() -> impl Iterator<Item = (&'static Document, &'static Type)> {
    DOCUMENTS
        .iter()
        .flat_map(|document| document.types.iter().map(move |of| (document, of)))
}

/// The schema at a pointer, with the document around it for its references.
fn validator(document: &Value, pointer: &str) -> Validator {
    let mut root = document.clone();
    let reference = pointer
        .replace('%', "%25")
        .replace('{', "%7B")
        .replace('}', "%7D");
    root["$ref"] = json!(format!("#{reference}"));
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&root)
        .unwrap()
}

fn exercises(document: &Value, of: &Type) -> Vec<Exercise> {
    let schema = document.pointer(of.pointer).unwrap();
    let list = |keyword: &str| schema[keyword].as_array().cloned().unwrap_or_default();
    let plain = list("examples").into_iter().map(|value| Exercise {
        back: value.clone(),
        value,
        valid: true,
        variant: None,
        typed: true,
    });
    let told = list("x-exercise").into_iter().map(|told| Exercise {
        back: told.get("back").unwrap_or(&told["value"]).clone(),
        value: told["value"].clone(),
        valid: told["valid"] != json!(false),
        variant: told["variant"].as_str().map(str::to_owned),
        typed: told["typed"] == json!(true),
    });
    plain.chain(told).collect()
}

/// The value with one small change, in each way and place.
fn changed(value: &Value) -> Vec<Value> {
    let mut found = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-3),
        json!(0.5),
        json!(""),
        json!("7"),
        json!([]),
        json!({}),
    ];
    match value {
        Value::Object(object) => {
            let with = |name: &str, value: Value| {
                let mut object: Map<String, Value> = object.clone();
                object.insert(name.to_owned(), value);
                Value::Object(object)
            };
            found.push(with("unheard of", json!("7")));
            found.push(with("unheard of", json!({ "a": [1] })));
            for (name, inner) in object {
                let mut without = object.clone();
                without.remove(name);
                found.push(Value::Object(without));
                found.extend(changed(inner).into_iter().map(|inner| with(name, inner)));
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let mut without = items.clone();
                without.remove(index);
                found.push(Value::Array(without));
                found.extend(changed(inner).into_iter().map(|inner| {
                    let mut items = items.clone();
                    items[index] = inner;
                    Value::Array(items)
                }));
            }
        }
        _ => {}
    }
    found
}

#[cfg(feature = "schemars")]
#[test]
fn json_schema_has_the_names_of_the_document() {
    use neo_client_documents::objects::types::{D, Names, Patch};

    let schema = |of: schemars::Schema| of.to_value();
    let names = schema(schemars::schema_for!(Names));
    let properties = names["properties"].as_object().unwrap();
    let of_document = [
        "",
        "$ref",
        "+1",
        "-1",
        "2fa",
        "A_B",
        "a-b",
        "aB",
        "extra",
        "größe",
        "self",
        "type",
        "undescribed",
    ];
    let mut found: Vec<&String> = properties.keys().collect();
    found.sort();
    assert_eq!(found, of_document);
    assert_eq!(names["required"], json!(["aB", "undescribed"]));
    assert_eq!(names["additionalProperties"], json!({ "type": "string" }));

    let d = schema(schemars::schema_for!(D));
    assert_eq!(
        d["properties"]["deserializer"],
        json!({ "type": ["string", "null"] })
    );
    assert_eq!(d["additionalProperties"]["type"], "integer");
    assert_eq!(d.get("required"), None);
    // Responses may lack optional properties, and `null` is no default.
    let answered = schemars::generate::SchemaSettings::default().for_serialize();
    let patch = schema(answered.into_generator().into_root_schema_for::<Patch>());
    assert_eq!(
        patch["properties"]["name"],
        json!({ "type": ["string", "null"] })
    );
    assert_eq!(patch.get("required"), None);
}

//! Conditions: `if`, `then`, `else` and `dependentSchemas`.
//!
//! A condition is not checked. The properties that it adds become optional, and a property that has
//! another type in each case becomes a union.

use serde_json::{Map, Value, json};

use crate::ledger::{Effect, Ledger};
use crate::lower::notes::{CONDITIONAL, note_origins};

/// How deep conditions may nest.
const DEPTH: usize = 32;

/// Returns whether a schema has keywords that only apply under a condition.
pub(super) fn is_in(schema: &Map<String, Value>) -> bool {
    ["then", "else", "dependentSchemas"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
}

/// Replaces conditions by optional properties and unions.
pub(super) fn fold(schema: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
    if !is_in(schema) {
        return;
    }
    let mut cases = Vec::new();
    take_cases(schema, at, &mut cases, 0);
    let mut names = Vec::new();
    let mut kinds: Vec<Value> = Vec::new();
    for case in cases {
        let Value::Object(mut case) = case else {
            continue;
        };
        if let Some(Value::Object(properties)) = case.shift_remove("properties") {
            add_properties(schema, properties, &mut names);
        } else if !schema.contains_key("type") && !is_unspecific(&case) {
            kinds.push(Value::Object(case));
        }
    }
    if kinds.len() > 1 && !schema.contains_key("anyOf") {
        schema.insert("anyOf".to_owned(), Value::Array(kinds));
    }
    let detail = if names.is_empty() {
        "the condition is not checked".to_owned()
    } else {
        format!(
            "the condition is not checked; optional: {}",
            names.join(", ")
        )
    };
    ledger.add(at, "condition", Effect::Widened, detail);
}

/// Removes everything that applies under a condition.
fn take_cases(schema: &mut Map<String, Value>, at: &str, cases: &mut Vec<Value>, depth: usize) {
    let mut found: Vec<(String, Value)> = ["then", "else"]
        .iter()
        .filter_map(|keyword| Some(((*keyword).to_owned(), schema.shift_remove(*keyword)?)))
        .collect();
    if let Some(Value::Object(dependent)) = schema.shift_remove("dependentSchemas") {
        let named = |(name, case)| (format!("dependentSchemas/{name}"), case);
        found.extend(dependent.into_iter().map(named));
    }
    schema.shift_remove("if");
    for (keyword, mut case) in found {
        if let Value::Object(case) = &mut case {
            let at = format!("{at}/{keyword}");
            note_origins(case, &at);
            if depth < DEPTH && is_in(case) {
                take_cases(case, &at, cases, depth + 1);
            }
        }
        cases.push(case);
    }
}

fn add_properties(
    schema: &mut Map<String, Value>,
    properties: Map<String, Value>,
    names: &mut Vec<String>,
) {
    let all = schema
        .entry("properties")
        .or_insert_with(|| json!({}))
        .as_object_mut();
    let Some(all) = all else { return };
    for (name, mut property) in properties {
        if let Value::Object(property) = &mut property {
            property.insert(CONDITIONAL.to_owned(), Value::Bool(true));
        }
        match all.get_mut(&name) {
            None => {
                names.push(format!("`{name}`"));
                all.insert(name, property);
            }
            Some(held) => {
                if let Some(both) = either(held, &property) {
                    *held = both;
                }
            }
        }
    }
}

/// Returns the property that has the type of one case or of another; `None` if one schema always
/// applies, so that the other only narrows.
pub(super) fn either(held: &Value, other: &Value) -> Option<Value> {
    let is_conditional = |schema: &Value| schema.get(CONDITIONAL).is_some();
    match (is_conditional(held), is_conditional(other)) {
        (true, true) => {
            let mut cases: Vec<Value> = match held.get("anyOf") {
                Some(Value::Array(cases)) if held.get(CASES).is_some() => cases.clone(),
                _ => vec![bare(held)],
            };
            let other = bare(other);
            if !cases.contains(&other) {
                cases.push(other);
            }
            match cases.as_slice() {
                [_] => Some(held.clone()),
                _ => Some(json!({ "anyOf": cases, CONDITIONAL: true, CASES: true })),
            }
        }
        (true, false) => Some(other.clone()),
        _ => None,
    }
}

/// Returns whether a schema does not restrict the type of values.
fn is_unspecific(schema: &Map<String, Value>) -> bool {
    ![
        "type",
        "$ref",
        "enum",
        "const",
        "oneOf",
        "anyOf",
        "allOf",
        "properties",
        "items",
    ]
    .iter()
    .any(|keyword| schema.contains_key(*keyword))
}

/// Marks a union of the cases of a condition.
const CASES: &str = "x-codegen-cases";

fn bare(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Value::Object(schema) = &mut schema {
        schema.shift_remove(CONDITIONAL);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::super::testing::lowered;
    use super::*;

    #[test]
    fn property_of_two_cases_is_union() {
        let case = |of: &str| json!({ "properties": { "value": { "type": of } } });
        let when = |of: &str| json!({ "if": { "properties": { "kind": { "const": of } } }, "then": case(of) });
        for schema in [
            json!({ "type": "object", "if": {}, "then": case("string"), "else": case("integer") }),
            json!({ "type": "object", "if": {}, "then": case("string"), "else": { "if": {}, "then": case("integer") } }),
            json!({ "type": "object", "allOf": [when("string"), when("integer")] }),
        ] {
            let (lowered, _) = lowered(schema);
            let mut kinds: Vec<&Value> = lowered["properties"]["value"]["oneOf"]
                .as_array()
                .unwrap()
                .iter()
                .map(|branch| &branch["type"])
                .collect();
            kinds.sort_by_key(|kind| kind.to_string());
            assert_eq!(kinds, ["integer", "string"], "{lowered}");
        }
    }

    #[test]
    fn cases_of_two_types_are_union() {
        let (lowered, _) = lowered(json!({
            "if": {}, "then": { "type": "string" }, "else": { "type": "array", "items": {} },
        }));
        assert_eq!(lowered["oneOf"].as_array().unwrap().len(), 2, "{lowered}");
    }

    #[test]
    fn unconditional_property_stays() {
        let (lowered, _) = lowered(json!({
            "properties": { "value": { "type": "string" } },
            "if": {}, "then": { "properties": { "value": { "minLength": 2 } } },
        }));
        assert_eq!(lowered["properties"]["value"], json!({ "type": "string" }));
    }
}

//! Lowering of schema objects: the walk, and what its rules share.

pub(super) mod constraints;
pub(super) mod documented;
pub(super) mod spelling;

use serde_json::{Map, Value, json};

use super::rules::{Site, apply};
use crate::ledger::{Effect, Ledger, join};

/// Marks a schema that `Debug` must not show; travels with the schema through hoisting.
pub(crate) const SECRET: &str = "x-codegen-secret";

/// What a `$ref` to a component schema begins with.
pub(crate) const COMPONENT: &str = "#/components/schemas/";

/// How deep schemas may stand inside schemas; rustc itself gives up on types much deeper.
const DEPTH: usize = 100;

/// Lowers a schema and everything in it.
pub(crate) fn lower(
    schema: &Value,
    pointer: &str,
    known: &dyn Fn(&str) -> bool,
    ledger: &mut Ledger,
) -> Value {
    lower_at(0, schema, pointer, known, ledger)
}

fn lower_at(
    depth: usize,
    schema: &Value,
    pointer: &str,
    known: &dyn Fn(&str) -> bool,
    ledger: &mut Ledger,
) -> Value {
    if depth > DEPTH {
        let detail = format!("more than {DEPTH} levels deep; any JSON value instead");
        ledger.add(pointer, "depth", Effect::Widened, detail);
        return json!({});
    }
    let mut schema = match schema {
        Value::Object(schema) => schema.clone(),
        Value::Bool(true) => return json!({}),
        other => {
            let detail = format!("{other} is not a schema object; any JSON value instead");
            ledger.add(pointer, "boolean-schema", Effect::Widened, detail);
            return json!({});
        }
    };
    apply(&mut Site {
        schema: &mut schema,
        pointer,
        known,
        ledger,
    });
    children(&mut schema, &mut |child, tokens| {
        let place = tokens
            .iter()
            .fold(pointer.to_owned(), |place, token| join(&place, token));
        *child = lower_at(depth + 1, child, &place, known, ledger);
    });
    Value::Object(schema)
}

/// Calls `visit` with each schema directly inside a lowered schema, and its place in it.
pub(crate) fn children(
    schema: &mut Map<String, Value>,
    visit: &mut dyn FnMut(&mut Value, &[&str]),
) {
    for (keyword, value) in schema.iter_mut() {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties.iter_mut() {
                    visit(property, &["properties", name]);
                }
            }
            ("oneOf" | "anyOf" | "allOf", Value::Array(branches)) => {
                for (index, branch) in branches.iter_mut().enumerate() {
                    visit(branch, &[keyword, &index.to_string()]);
                }
            }
            ("items", items) => visit(items, &["items"]),
            ("additionalProperties", values @ Value::Object(_)) => {
                visit(values, &["additionalProperties"]);
            }
            _ => {}
        }
    }
}

/// The name that a reference's last token stands for (RFC 6901, RFC 3986).
pub(crate) fn unescape(token: &str) -> String {
    token
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("~1", "/")
        .replace("~0", "~")
}

/// Keywords that say nothing about which values are valid.
fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "title"
            | "example"
            | "examples"
            | "deprecated"
            | "externalDocs"
            | "xml"
            | "readOnly"
            | "writeOnly"
            | "$comment"
            | "$id"
            | "$schema"
            | "$anchor"
            | "summary"
    ) || keyword.starts_with("x-")
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// Lowers one schema beside a component `Known`; gives it with the ledger's lines.
    pub(in crate::lower) fn lowered(schema: Value) -> (Value, Vec<String>) {
        let mut ledger = Ledger::default();
        let lowered = lower(&schema, "", &|name| name == "Known", &mut ledger);
        let lines = ledger
            .entries()
            .iter()
            .map(|entry| {
                format!("{} {} {}", entry.effect, entry.rule, entry.pointer)
                    .trim()
                    .to_owned()
            })
            .collect();
        (lowered, lines)
    }

    /// Asserts what one schema becomes, and which lines that costs.
    #[track_caller]
    pub(in crate::lower) fn becomes(schema: Value, expected: Value, lines: &[&str]) {
        assert_eq!(
            lowered(schema),
            (
                expected,
                lines.iter().map(|&line| line.to_owned()).collect()
            )
        );
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{becomes, lowered};
    use super::*;

    #[test]
    fn rules_reach_schemas_inside_schemas_by_their_pointer() {
        let (_, lines) = lowered(json!({
            "type": "object",
            "properties": { "a/b": { "type": "array", "items": { "minLength": 1 } } },
            "additionalProperties": { "oneOf": [{ "maxLength": 2 }, { "maxLength": 3 }] },
        }));
        assert_eq!(
            lines,
            [
                "widened limits /properties/a~1b/items",
                "widened limits /additionalProperties/oneOf/0",
                "widened limits /additionalProperties/oneOf/1",
            ]
        );
    }

    #[test]
    fn what_is_not_a_schema_object_accepts_anything() {
        becomes(json!(true), json!({}), &[]);
        becomes(json!(false), json!({}), &["widened boolean-schema"]);
        becomes(json!([1]), json!({}), &["widened boolean-schema"]);
    }
}

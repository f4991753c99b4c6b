//! Lowering of schema objects: the walk, and what its rules share.

mod compose;
pub(super) mod constraints;
pub(super) mod documented;
mod merge;
pub(super) mod objects;
mod simplify;
pub(super) mod spelling;
mod tags;
mod union;

use serde_json::{Map, Value, json};

use super::references::References;
use super::rules::{Site, apply};
use crate::ledger::{Effect, Ledger};
use crate::openapi::pointer::join;

// What lowering notes in a schema for later; none of it is in the lowered document.

/// Marks a schema that `Debug` must not show; travels with the schema through hoisting.
pub(crate) const SECRET: &str = "x-codegen-secret";
/// Where a schema stands in the document as written.
pub(crate) const AT: &str = "x-codegen-at";
/// A schema that stands where a named one does, and is not that one.
pub(crate) const BASE: &str = "x-codegen-base";
/// Of which components a schema is composed; and the same composition, inside itself.
pub(crate) const KEY: &str = "x-codegen-key";
pub(crate) const AGAIN: &str = "x-codegen-again";
/// What the document calls the branches of a union.
pub(crate) const UNION: &str = "x-codegen-union";
/// The only value that a schema allows, where its Rust type allows others.
pub(crate) const CONSTANT: &str = "x-codegen-constant";
/// `readOnly` and `writeOnly`.
pub(crate) const READ_ONLY: &str = "x-codegen-read-only";
pub(crate) const WRITE_ONLY: &str = "x-codegen-write-only";

/// What a `$ref` to a component schema begins with.
pub(crate) const COMPONENT: &str = "#/components/schemas/";

/// How deep schemas may stand inside schemas; rustc itself gives up on types much deeper.
const DEPTH: usize = 100;

/// Lowers a schema and everything in it. `is_named` tells that it has a name of its own, under
/// which others refer to it.
pub(crate) fn lower(
    schema: &Value,
    pointer: &str,
    is_named: bool,
    references: &References<'_>,
    ledger: &mut Ledger,
) -> Value {
    let mut walk = Walk {
        references,
        ledger,
        active: Vec::new(),
    };
    walk.lower(0, schema.clone(), pointer, is_named)
}

struct Walk<'a> {
    references: &'a References<'a>,
    ledger: &'a mut Ledger,
    /// Compositions that the schema stands in.
    active: Vec<String>,
}

impl Walk<'_> {
    fn lower(&mut self, depth: usize, schema: Value, pointer: &str, is_named: bool) -> Value {
        if depth > DEPTH {
            let detail = format!("more than {DEPTH} levels deep; any JSON value instead");
            self.ledger.add(pointer, "depth", Effect::Widened, detail);
            return json!({});
        }
        let mut schema = match schema {
            Value::Object(schema) => schema,
            Value::Bool(true) => return json!({}),
            other => {
                let detail = format!("{other} is not a schema object; any JSON value instead");
                self.ledger
                    .add(pointer, "boolean-schema", Effect::Widened, detail);
                return json!({});
            }
        };
        let pointer = place(&mut schema, pointer);
        let is_base = schema.shift_remove(BASE).is_some();
        if !is_named
            && !is_base
            && let Some(name) = self.references.name_of(&pointer)
        {
            return named(&schema, name);
        }
        if let Some(target) = schema.shift_remove("$dynamicRef") {
            schema.entry("$ref").or_insert(target);
        }
        mark_places(&mut schema, &pointer);
        compose::Composer {
            references: self.references,
            ledger: self.ledger,
            pointer: &pointer,
            is_named,
            active: &self.active,
        }
        .compose(&mut schema);
        apply(&mut Site {
            schema: &mut schema,
            pointer: &pointer,
            references: self.references,
            ledger: self.ledger,
        });
        let key = schema.get(KEY).and_then(Value::as_str).map(str::to_owned);
        self.active.extend(key.clone());
        children(&mut schema, &mut |child, tokens| {
            let place = tokens
                .iter()
                .fold(pointer.clone(), |place, token| join(&place, token));
            *child = self.lower(depth + 1, child.take(), &place, false);
        });
        if key.is_some() {
            self.active.pop();
        }
        schema.insert(AT.to_owned(), Value::String(pointer));
        Value::Object(schema)
    }
}

/// What stands for a schema where it stands, if it has a name because something else refers to it.
fn named(schema: &Map<String, Value>, name: &str) -> Value {
    let mut place = Map::new();
    if let Some(description) = schema.get("description").filter(|text| text.is_string()) {
        place.insert("description".to_owned(), description.clone());
    }
    constraints::mark(schema, &mut place);
    let reference = json!({ "$ref": format!("{COMPONENT}{name}") });
    if place.is_empty() {
        return reference;
    }
    place.insert("allOf".to_owned(), json!([reference]));
    Value::Object(place)
}

/// Takes the note of where a schema stands off it.
pub(crate) fn place(schema: &mut Map<String, Value>, otherwise: &str) -> String {
    match schema.shift_remove(AT) {
        Some(Value::String(at)) => at,
        _ => otherwise.to_owned(),
    }
}

/// Notes in each schema directly inside where it stands, before rules move it.
fn mark_places(schema: &mut Map<String, Value>, pointer: &str) {
    children(schema, &mut |child, tokens| {
        if let Value::Object(child) = child
            && !child.contains_key(AT)
        {
            let at = tokens
                .iter()
                .fold(pointer.to_owned(), |place, token| join(&place, token));
            child.insert(AT.to_owned(), Value::String(at));
        }
    });
}

/// Whether a document has keywords that read like notes of lowering.
pub(crate) fn has_notes(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_notes),
        Value::Object(object) => object
            .iter()
            .any(|(keyword, value)| is_internal(keyword) || has_notes(value)),
        _ => false,
    }
}

/// Takes every note of lowering off a value.
pub(crate) fn take_notes(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(take_notes),
        Value::Object(object) => {
            object.retain(|keyword, _| !is_internal(keyword));
            object.values_mut().for_each(take_notes);
        }
        _ => {}
    }
}

pub(crate) fn is_internal(keyword: &str) -> bool {
    keyword.starts_with("x-codegen-")
}

/// Whether a schema becomes a type with a name.
pub(crate) fn is_complex(schema: &Map<String, Value>) -> bool {
    let is_list = |keyword: &str| schema.get(keyword).is_some_and(Value::is_array);
    !schema.contains_key("$ref")
        && (is_list("enum")
            || is_list("oneOf")
            || is_list("anyOf")
            || is_list("allOf")
            || schema
                .get("properties")
                .and_then(Value::as_object)
                .is_some_and(|properties| !properties.is_empty()))
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
            ("additionalProperties" | "unevaluatedProperties", values @ Value::Object(_)) => {
                visit(values, &[keyword]);
            }
            ("patternProperties", Value::Object(patterns)) => {
                for (pattern, values) in patterns.iter_mut() {
                    visit(values, &["patternProperties", pattern]);
                }
            }
            _ => {}
        }
    }
}

/// Keywords that say nothing about which values are valid.
pub(crate) fn is_annotation(keyword: &str) -> bool {
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
            | "$dynamicAnchor"
            | "$vocabulary"
            | "$defs"
            | "definitions"
            | "summary"
    ) || keyword.starts_with("x-")
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    use crate::names::Taken;

    /// Lowers one schema beside a component `Known`; gives it with the ledger's lines.
    pub(in crate::lower) fn lowered(schema: Value) -> (Value, Vec<String>) {
        let document = json!({ "components": { "schemas": { "Known": { "type": "object" } } } });
        let references = References::read(&document, &mut Taken::default());
        let mut ledger = Ledger::default();
        let mut lowered = lower(&schema, "", false, &references, &mut ledger);
        take_places(&mut lowered);
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

    /// Where schemas stand is seen in the ledger.
    fn take_places(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(take_places),
            Value::Object(object) => {
                object.shift_remove(AT);
                object.values_mut().for_each(take_places);
            }
            _ => {}
        }
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
                "rewritten open-object",
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

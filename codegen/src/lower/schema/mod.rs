//! Lowering of schema objects: the walk, and the code that its rules share.

pub(super) mod annotations;
mod compose;
mod composition;
mod conditions;
pub(super) mod constraints;
mod context;
pub(super) mod dialect_3_1;
mod discriminator;
mod known_properties;
mod merge;
pub(super) mod object_keywords;
mod pairs;
mod plain_union;
mod simplify;
pub(super) mod types;
mod union;

use serde_json::{Map, Value, json};

use super::component_ref::refer;
use super::notes::{BASE, COMPOSITION, LOWERED, ORIGIN, children, note_origins, take_origin};
use super::references::References;
use super::rules::apply;
use crate::ledger::{Effect, Ledger};
use crate::openapi::pointer::join_all;
pub(super) use context::SchemaContext;

/// The maximum nesting depth of schemas. rustc fails on types that nest much deeper.
const DEPTH: usize = 100;

/// Lowers a schema and everything in it. `is_named` says whether the schema has a name, by which
/// other schemas refer to it.
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
    /// The compositions that contain the schema.
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
        if schema.shift_remove(LOWERED).is_some() {
            schema.shift_remove(ORIGIN);
            return Value::Object(schema);
        }
        let pointer = take_origin(&mut schema, pointer);
        let is_base = schema.shift_remove(BASE).is_some();
        if !is_named
            && !is_base
            && let Some(name) = self.references.rust_name_at(&pointer)
        {
            return named(&schema, name);
        }
        // One that no anchor matches.
        if let Some(target) = schema.shift_remove("$dynamicRef") {
            schema.entry("$ref").or_insert(target);
        }
        note_origins(&mut schema, &pointer);
        composition::Composer {
            references: self.references,
            ledger: self.ledger,
            pointer: &pointer,
            is_named,
            active: &self.active,
        }
        .compose(&mut schema);
        apply(&mut SchemaContext {
            schema: &mut schema,
            pointer: &pointer,
            references: self.references,
            ledger: self.ledger,
        });
        let key = schema
            .get(COMPOSITION)
            .and_then(Value::as_str)
            .map(str::to_owned);
        self.active.extend(key.clone());
        children(&mut schema, &mut |child, tokens| {
            let place = join_all(&pointer, tokens.iter().copied());
            *child = self.lower(depth + 1, child.take(), &place, false);
        });
        if key.is_some() {
            self.active.pop();
        }
        schema.insert(ORIGIN.to_owned(), Value::String(pointer));
        Value::Object(schema)
    }
}

/// Returns the reference that replaces a schema that has a name because another schema refers to
/// it.
fn named(schema: &Map<String, Value>, name: &str) -> Value {
    let mut place = Map::new();
    if let Some(description) = schema.get("description").filter(|text| text.is_string()) {
        place.insert("description".to_owned(), description.clone());
    }
    constraints::mark(schema, &mut place);
    let reference = refer(name);
    if place.is_empty() {
        return reference;
    }
    place.insert("allOf".to_owned(), json!([reference]));
    Value::Object(place)
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    use crate::names::Taken;

    /// Lowers one schema beside a component `Known`; returns the schema and the ledger entries.
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

    /// The ledger shows the locations of schemas.
    fn take_places(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(take_places),
            Value::Object(object) => {
                object.shift_remove(ORIGIN);
                object.values_mut().for_each(take_places);
            }
            _ => {}
        }
    }

    /// Asserts the lowered form of a schema, and its ledger entries.
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
    fn rules_apply_to_nested_schemas() {
        let (_, lines) = lowered(json!({
            "type": "object",
            "properties": { "a/b": { "type": "array", "items": { "minLength": 1 } } },
            "additionalProperties": { "oneOf": [{ "maxLength": 2 }, { "maxLength": 3 }] },
        }));
        assert_eq!(
            lines,
            [
                "rewritten open-object",
                "unchecked limits /properties/a~1b/items",
                "unchecked limits /additionalProperties/oneOf/0",
                "unchecked limits /additionalProperties/oneOf/1",
            ]
        );
    }

    #[test]
    fn non_object_schema_accepts_anything() {
        becomes(json!(true), json!({}), &[]);
        becomes(json!(false), json!({}), &["widened boolean-schema"]);
        becomes(json!([1]), json!({}), &["widened boolean-schema"]);
    }
}

//! Fields of structs: names that differ in Rust, and properties that may be absent, may be null, or
//! have only one value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::ledger::{Effect, Ledger};
use crate::lower::component_ref::target;
use crate::lower::model::{Model, Operation};
use crate::lower::notes::{CONSTANT, READ_ONLY, WRITE_ONLY};
use crate::lower::reachability::reachable;
use crate::lower::untyped::property_pointer;
use crate::names::{Taken, snake};

/// Components by the direction in which their values are sent.
pub(super) struct Directions {
    pub(super) sent: BTreeSet<String>,
    pub(super) received: BTreeSet<String>,
}

impl Directions {
    pub(super) fn of(
        schemas: &Map<String, Value>,
        paths: &Value,
        operations: &[Operation],
    ) -> Self {
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        for operation in operations {
            let Some(lowered) = operation.lowered(paths) else {
                continue;
            };
            sent.extend(lowered.get("requestBody"));
            received.extend(lowered.get("responses"));
        }
        Self {
            sent: reachable(schemas, sent),
            received: reachable(schemas, received),
        }
    }
}

/// A property that only one side writes cannot be required of the other.
pub(super) fn relax_one_way(
    schemas: &mut Map<String, Value>,
    directions: &Directions,
    model: &Model,
    ledger: &mut Ledger,
) {
    for (names, mark, detail) in [
        (
            &directions.sent,
            READ_ONLY,
            "read-only, so optional in requests",
        ),
        (
            &directions.received,
            WRITE_ONLY,
            "write-only, so optional in responses",
        ),
    ] {
        for name in names {
            let relaxed: Vec<String> = schemas
                .get(name)
                .and_then(|schema| schema.get("properties"))
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .filter(|(_, property)| is_marked(schemas, property, mark))
                .map(|(property, _)| property.clone())
                .collect();
            let Some(Value::Array(required)) = schemas
                .get_mut(name)
                .and_then(|schema| schema.get_mut("required"))
            else {
                continue;
            };
            for property in relaxed {
                let before = required.len();
                required.retain(|name| name.as_str() != Some(&property));
                if required.len() < before {
                    let pointer = property_pointer(model, name, &property);
                    ledger.add(pointer, "read-only", Effect::Widened, detail);
                }
            }
        }
    }
}

fn is_marked(schemas: &Map<String, Value>, property: &Value, mark: &str) -> bool {
    let behind = target(property);
    property.get(mark).is_some()
        || behind.is_some_and(|name| {
            schemas
                .get(name)
                .is_some_and(|schema| schema.get(mark).is_some())
        })
}

/// Notes which properties are required, and which may be absent, `null` or a value. An optional
/// list or map becomes an `Option`, because typify never sends an empty one.
pub(super) fn tell_absence(
    schemas: &mut Map<String, Value>,
    model: &mut Model,
    ledger: &mut Ledger,
) {
    for (name, schema) in schemas {
        let Value::Object(schema) = schema else {
            continue;
        };
        let required = required(schema);
        let Some(Value::Object(properties)) = schema.get_mut("properties") else {
            continue;
        };
        for (property, schema) in properties {
            let Some(schema) = schema.as_object_mut() else {
                continue;
            };
            if required.contains(property) {
                continue;
            }
            if schema.contains_key("nullable") {
                if model.forms.contains_key(name) {
                    let pointer = property_pointer(model, name, property);
                    let detail = "`None` leaves it out; a form has no `null`";
                    ledger.add(pointer, "null-or-absent", Effect::Dropped, detail);
                } else {
                    let all = model.nullable.entry(name.clone()).or_default();
                    all.insert(property.clone());
                }
                continue;
            }
            let of = schema.get("type").and_then(Value::as_str);
            let is_struct = schema.get("properties").is_some();
            if matches!(of, Some("array" | "object")) && !is_struct {
                schema.insert("nullable".to_owned(), Value::Bool(true));
            }
        }
        model.required.insert(name.clone(), required);
    }
}

fn required(schema: &Map<String, Value>) -> BTreeSet<String> {
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Notes the required properties that have only one value.
pub(super) fn collect_constants(schemas: &Map<String, Value>, model: &mut Model) {
    for (name, schema) in schemas {
        let Some(schema) = schema.as_object() else {
            continue;
        };
        let required = required(schema);
        let properties = schema.get("properties").and_then(Value::as_object);
        for (property, schema) in properties.into_iter().flatten() {
            if !required.contains(property) || schema.get("nullable").is_some() {
                continue;
            }
            let only = match target(schema)
                .and_then(|name| model.enums.get(name))
                .map(|of| of.values.as_slice())
            {
                Some([(only, _)]) => Some(json!(only)),
                _ => schema.get(CONSTANT).cloned(),
            };
            if let Some(only) = only {
                let all = model.constants.entry(name.clone()).or_default();
                all.insert(property.clone(), only);
            }
        }
    }
}

/// Gives each property a unique field name; the refine stage restores the name of the document.
/// typify would give two properties one field if their names differ only in case or punctuation.
pub(super) fn name_all(schemas: &mut Map<String, Value>, model: &mut Model, ledger: &mut Ledger) {
    for (name, schema) in schemas {
        let Some(schema) = schema.as_object_mut() else {
            continue;
        };
        let Some(Value::Object(properties)) = schema.shift_remove("properties") else {
            continue;
        };
        let has_extra = schema
            .get("additionalProperties")
            .is_some_and(Value::is_object);
        let mut taken = Taken::with(has_extra.then_some("extra"));
        let mut fields = BTreeMap::new();
        let mut renamed = Map::new();
        for (property, schema) in properties {
            let wanted = snake(&property);
            let field = taken.unique(&wanted);
            if field != wanted {
                let pointer = property_pointer(model, name, &property);
                let detail = format!("`{property}` is the field `{field}`");
                ledger.add(pointer, "property-name", Effect::Rewritten, detail);
            }
            renamed.insert(field.clone(), schema);
            fields.insert(property, field);
        }
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            for property in required {
                if let Some(field) = property.as_str().and_then(|name| fields.get(name)) {
                    *property = json!(field);
                }
            }
        }
        schema.insert("properties".to_owned(), Value::Object(renamed));
        fields.retain(|property, field| property != field);
        if !fields.is_empty() {
            let by_field = fields
                .into_iter()
                .map(|(property, field)| (field, property));
            model.fields.insert(name.clone(), by_field.collect());
        }
    }
}

//! Hoisting: every schema that becomes a Rust type of its own gets a component of its own.
//!
//! typify would name inline types itself, by `title` or place, and lets two of them share one name
//! and so one type. Named here they are unique, and the same in every run.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::components::{Components, refer};
use super::model::Enum;
use super::schema::{SECRET, children};
use crate::ledger::{Effect, Ledger, join};
use crate::names::{Taken, pascal, snake};

impl Components {
    /// Adds a lowered schema as the component `name`.
    pub(super) fn insert(
        &mut self,
        name: String,
        schema: Value,
        pointer: String,
        ledger: &mut Ledger,
    ) {
        // Taken now, so that what it holds is listed behind it.
        self.schemas.insert(name.clone(), Value::Null);
        self.model.origins.insert(name.clone(), pointer.clone());
        let mut schema = schema;
        if let Some(object) = schema.as_object_mut() {
            if object.contains_key("enum") {
                self.take_enum(&name, object, &pointer, ledger);
            }
            if object.contains_key("oneOf") || object.contains_key("anyOf") {
                let detail = "a value that fits no branch is kept as JSON";
                ledger.add(&pointer, "union", Effect::Widened, detail);
            }
            drop_alike_properties(object, &pointer, ledger);
            self.hoist_children(object, &name, &pointer, ledger);
        }
        self.schemas.insert(name, schema);
    }

    /// Makes an inline schema a component if it becomes a type; gives what stands in its place.
    pub(super) fn hoist(
        &mut self,
        mut schema: Value,
        hint: &str,
        pointer: &str,
        ledger: &mut Ledger,
    ) -> Value {
        let Value::Object(object) = &mut schema else {
            return schema;
        };
        if !becomes_a_type(object) {
            self.hoist_children(object, hint, pointer, ledger);
            return schema;
        }
        let mut place = Map::new();
        for keyword in ["nullable", SECRET] {
            if let Some(value) = object.shift_remove(keyword) {
                place.insert(keyword.to_owned(), value);
            }
        }
        if let Some(description) = object.get("description") {
            place.insert("description".to_owned(), description.clone());
        }
        let name = self.taken.unique(&pascal(hint));
        self.insert(name.clone(), schema, pointer.to_owned(), ledger);
        if place.is_empty() {
            return refer(&name);
        }
        place.insert("allOf".to_owned(), json!([refer(&name)]));
        Value::Object(place)
    }

    fn hoist_children(
        &mut self,
        object: &mut Map<String, Value>,
        hint: &str,
        pointer: &str,
        ledger: &mut Ledger,
    ) {
        children(object, &mut |child, tokens| {
            let place = tokens
                .iter()
                .fold(pointer.to_owned(), |place, token| join(&place, token));
            let hint = match tokens {
                ["properties", property] => format!("{hint}{}", pascal(property)),
                ["items"] => format!("{hint}Item"),
                ["additionalProperties"] => format!("{hint}Value"),
                ["allOf", _] => hint.to_owned(),
                [_, index] => format!("{hint}Variant{index}"),
                _ => hint.to_owned(),
            };
            *child = self.hoist(child.take(), &hint, &place, ledger);
        });
    }

    /// Takes the values off an enumeration: progenitor gets a string, refine makes an open enum.
    fn take_enum(
        &mut self,
        name: &str,
        object: &mut Map<String, Value>,
        pointer: &str,
        ledger: &mut Ledger,
    ) {
        let Some(Value::Array(values)) = object.shift_remove("enum") else {
            return;
        };
        let mut taken = Taken::with(["Unknown"]);
        let mut variants = Vec::new();
        let mut seen = BTreeSet::new();
        for value in values.iter().filter_map(Value::as_str) {
            if !seen.insert(value) {
                continue;
            }
            let wanted = pascal(value);
            let variant = taken.unique(&wanted);
            if variant != wanted {
                let detail = format!("{value:?} is the variant `{variant}`");
                ledger.add(pointer, "variant-name", Effect::Rewritten, detail);
            }
            variants.push((value.to_owned(), variant));
        }
        let description = object
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        self.model.enums.insert(
            name.to_owned(),
            Enum {
                description,
                values: variants,
            },
        );
    }
}

/// typify gives two properties the same field if their names differ in case or punctuation only.
fn drop_alike_properties(object: &mut Map<String, Value>, pointer: &str, ledger: &mut Ledger) {
    let has_extra = object
        .get("additionalProperties")
        .is_some_and(Value::is_object);
    let Some(Value::Object(properties)) = object.get_mut("properties") else {
        return;
    };
    let mut fields = BTreeSet::new();
    if has_extra {
        fields.insert("extra".to_owned());
    }
    let mut dropped = Vec::new();
    properties.retain(|name, _| {
        // typify calls a name without letters `x`.
        let field = if name.contains(char::is_alphanumeric) {
            snake(name)
        } else {
            "x".to_owned()
        };
        let kept = fields.insert(field);
        if !kept {
            dropped.push(Value::String(name.clone()));
        }
        kept
    });
    if let Some(Value::Array(required)) = object.get_mut("required") {
        required.retain(|name| !dropped.contains(name));
    }
    for name in dropped.iter().filter_map(Value::as_str) {
        let pointer = join(&join(pointer, "properties"), name);
        let detail = "another field has the same name in Rust; `send_as` reads this one";
        ledger.add(pointer, "property-name", Effect::Dropped, detail);
    }
}

/// Whether typify would make a named type of an inline schema.
fn becomes_a_type(object: &Map<String, Value>) -> bool {
    let several = |keyword: &str, least: usize| {
        object
            .get(keyword)
            .and_then(Value::as_array)
            .is_some_and(|branches| branches.len() >= least)
    };
    object.contains_key("enum")
        || several("oneOf", 1)
        || several("anyOf", 1)
        || several("allOf", 2)
        || object
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty())
}

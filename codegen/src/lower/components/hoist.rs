//! Hoisting: every schema that becomes a Rust type gets a component of its own.
//!
//! typify would name inline types itself, by `title` or location, and lets two of them share one
//! name and so one type. Names given here are unique, and the same in every run.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Components;
use crate::ledger::{Effect, Ledger};
use crate::lower::component_ref::refer;
use crate::lower::model::Enum;
use crate::lower::notes::{
    COMPOSITION, NULL, ORIGIN, READ_ONLY, RECURSION, SECRET, UNION, WRITE_ONLY, children,
    take_origin,
};
use crate::names::{Taken, pascal};
use crate::openapi::pointer::join_all;

impl Components<'_> {
    /// Adds a lowered schema as the component `name`.
    pub(super) fn insert(
        &mut self,
        name: String,
        schema: Value,
        pointer: String,
        ledger: &mut Ledger,
    ) {
        // The name is taken now, so that nested components are listed after it.
        self.schemas.insert(name.clone(), Value::Null);
        self.model.origins.insert(name.clone(), pointer.clone());
        let mut schema = schema;
        if let Some(object) = schema.as_object_mut() {
            object.shift_remove(ORIGIN);
            if object.contains_key(NULL) {
                self.model.nulls.insert(name.clone());
                *object = stub();
            }
            if let Some(Value::String(key)) = object.shift_remove(COMPOSITION) {
                self.compositions.insert(key, name.clone());
            }
            if object.contains_key("enum") {
                self.take_enum(&name, object, &pointer, ledger);
            }
            if object.contains_key("oneOf") {
                let detail = "a value that matches no variant is kept as JSON";
                ledger.add(&pointer, "union", Effect::Widened, detail);
            }
            self.hoist_children(object, &name, &pointer, ledger);
        }
        self.schemas.insert(name, schema);
    }

    /// Turns an inline schema into a component if it becomes a type. Returns the schema to use in
    /// its place.
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
        let pointer = &take_origin(object, pointer);
        if let Some(again) = object.get(RECURSION).and_then(Value::as_str) {
            return match self.compositions.get(again) {
                Some(name) => refer(name),
                None => json!({}),
            };
        }
        if object.contains_key(NULL) {
            return self.null_component(pointer, ledger);
        }
        if !becomes_a_type(object) {
            self.hoist_children(object, hint, pointer, ledger);
            return schema;
        }
        let mut around = Map::new();
        for keyword in ["nullable", SECRET, READ_ONLY, WRITE_ONLY] {
            if let Some(value) = object.shift_remove(keyword) {
                around.insert(keyword.to_owned(), value);
            }
        }
        if let Some(description) = object.get("description") {
            around.insert("description".to_owned(), description.clone());
        }
        let name = self.taken.unique(&pascal(hint));
        self.insert(name.clone(), schema, pointer.to_owned(), ledger);
        if around.is_empty() {
            return refer(&name);
        }
        around.insert("allOf".to_owned(), json!([refer(&name)]));
        Value::Object(around)
    }

    /// Returns a reference to the component whose only value is `null`.
    fn null_component(&mut self, pointer: &str, ledger: &mut Ledger) -> Value {
        if self.null.is_none() {
            let name = self.taken.unique("Null");
            let schema = json!({ NULL: true });
            self.insert(name.clone(), schema, pointer.to_owned(), ledger);
            self.null = Some(name);
        }
        self.null.as_deref().map_or_else(|| json!({}), refer)
    }

    fn hoist_children(
        &mut self,
        object: &mut Map<String, Value>,
        hint: &str,
        pointer: &str,
        ledger: &mut Ledger,
    ) {
        let branches = branch_names(object);
        children(object, &mut |child, tokens| {
            let place = join_all(pointer, tokens.iter().copied());
            let hint = match tokens {
                ["properties", property] => format!("{hint}{}", pascal(property)),
                ["items"] => format!("{hint}Item"),
                ["additionalProperties"] => format!("{hint}Value"),
                ["allOf", _] => hint.to_owned(),
                [_, index] => match index
                    .parse()
                    .ok()
                    .and_then(|index: usize| branches.get(index))
                {
                    Some(Some(name)) => format!("{hint}{}", pascal(name)),
                    _ => format!("{hint}Variant{index}"),
                },
                _ => hint.to_owned(),
            };
            *child = self.hoist(child.take(), &hint, &place, ledger);
        });
    }

    /// Removes the values of an enumeration: progenitor sees a string, and the refine stage creates
    /// an open enum.
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

/// Returns a schema that typify turns into a struct without fields.
fn stub() -> Map<String, Value> {
    let mut stub = Map::new();
    stub.insert("type".to_owned(), json!("object"));
    stub.insert("additionalProperties".to_owned(), json!(false));
    stub
}

/// Returns the names of the variants of a union in the document: a component, a title, or a
/// discriminator value.
fn branch_names(object: &Map<String, Value>) -> Vec<Option<String>> {
    let branches = object
        .get(UNION)
        .and_then(|info| info.get("branches")?.as_array());
    branches
        .into_iter()
        .flatten()
        .map(|branch| {
            let named = branch.get("name").and_then(Value::as_str);
            let tagged = branch.get("tags").and_then(|tags| tags.get(0)?.as_str());
            named.or(tagged).map(str::to_owned)
        })
        .collect()
}

/// Returns whether typify would create a named type for an inline schema.
fn becomes_a_type(object: &Map<String, Value>) -> bool {
    let several = |keyword: &str, least: usize| {
        object
            .get(keyword)
            .and_then(Value::as_array)
            .is_some_and(|branches| branches.len() >= least)
    };
    object.contains_key("enum")
        || object.contains_key(COMPOSITION)
        || several("oneOf", 1)
        || several("allOf", 2)
        || object
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty())
}

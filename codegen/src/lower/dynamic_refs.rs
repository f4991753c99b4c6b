//! Dynamic references (JSON Schema 2020-12, Core section 8.2.3.2): generic schemas.
//!
//! A schema that refers to a generic one, and has a `$dynamicAnchor` of its own in `$defs`, becomes
//! a copy of the generic schema, in which the dynamic references lead to that anchor. Every other
//! dynamic reference leads to the nearest anchor of its name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::ledger::{Effect, Ledger};
use crate::openapi::keyword::{holds_data, is_annotation};
use crate::openapi::pointer::{join, last_token};
use crate::openapi::reference::{local_pointer, to_pointer};

/// The maximum number of copies of generic schemas.
const COPIES: usize = 1_000;

/// The depth to which schemas are followed.
const DEPTH: usize = 128;

/// Returns the document without dynamic references; `None` if it has none.
pub(super) fn bound(document: &Value, ledger: &mut Ledger) -> Option<Value> {
    let mut anchors = Vec::new();
    collect(document, "", &mut anchors, DEPTH);
    if !refers(document, None, DEPTH) {
        return None;
    }
    let mut bound = document.clone();
    let mut binder = Binder {
        document,
        anchors,
        copies: 0,
        ledger,
    };
    binder.visit(&mut bound, "", DEPTH);
    Some(bound)
}

struct Binder<'a> {
    document: &'a Value,
    /// The name and the pointer of each anchor.
    anchors: Vec<(String, String)>,
    copies: usize,
    ledger: &'a mut Ledger,
}

impl Binder<'_> {
    fn visit(&mut self, value: &mut Value, at: &str, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.visit(item, &join(at, &index.to_string()), depth);
                }
            }
            Value::Object(object) => {
                self.specialize(object, at);
                self.refer_to_nearest(object, at);
                for (keyword, value) in object.iter_mut() {
                    if !holds_data(keyword) {
                        self.visit(value, &join(at, keyword), depth);
                    }
                }
            }
            _ => {}
        }
    }

    /// Replaces the reference to a generic schema by a copy, if the schema has anchors for it.
    fn specialize(&mut self, object: &mut Map<String, Value>, at: &str) {
        let own = anchors_of(object, at);
        if own.is_empty() {
            return;
        }
        if let Some(copy) = self.copy(object, &own, at) {
            object.shift_remove("$ref");
            let is_plain = object
                .keys()
                .all(|keyword| is_annotation(keyword) || keyword == "description");
            if is_plain {
                for (keyword, value) in copy {
                    object.entry(keyword).or_insert(value);
                }
            } else if let Value::Array(members) = object.entry("allOf").or_insert_with(|| json!([]))
            {
                members.push(Value::Object(copy));
            }
        }
        let members = object.get_mut("allOf").and_then(Value::as_array_mut);
        for member in members.into_iter().flatten() {
            if let Value::Object(member) = member
                && let Some(copy) = self.copy(member, &own, at)
            {
                *member = copy;
            }
        }
    }

    /// Returns a copy of the generic schema to which a schema refers, with its dynamic references
    /// bound to these anchors; `None` if the schema refers to no such schema.
    fn copy(
        &mut self,
        schema: &Map<String, Value>,
        own: &BTreeMap<String, String>,
        at: &str,
    ) -> Option<Map<String, Value>> {
        let pointer = local_pointer(schema.get("$ref")?.as_str()?)?;
        let generic = self.document.pointer(&pointer)?;
        if !refers(generic, Some(own), DEPTH) || self.copies >= COPIES {
            return None;
        }
        self.copies += 1;
        let mut copy = generic.clone();
        rebind(&mut copy, own, DEPTH);
        let mut copy = match copy {
            Value::Object(copy) => copy,
            _ => return None,
        };
        for keyword in [
            "$id",
            "$anchor",
            "$dynamicAnchor",
            "$defs",
            "title",
            "description",
        ] {
            copy.shift_remove(keyword);
        }
        let detail = format!("a copy of `{}`, with its own types", last_token(&pointer));
        self.ledger
            .add(at, "dynamic-reference", Effect::Rewritten, detail);
        Some(copy)
    }

    fn refer_to_nearest(&mut self, object: &mut Map<String, Value>, at: &str) {
        let Some(name) = name_of(object) else { return };
        let common = |pointer: &str| {
            let pairs = pointer.split('/').zip(at.split('/'));
            pairs.take_while(|(one, other)| one == other).count()
        };
        let named = self.anchors.iter().filter(|(anchor, _)| anchor == name);
        // Of several, the first in the document.
        let nearest = named.rev().max_by_key(|(_, pointer)| common(pointer));
        if let Some((_, pointer)) = nearest {
            let reference = Value::String(to_pointer(pointer));
            object.shift_remove("$dynamicRef");
            object.insert("$ref".to_owned(), reference);
        }
    }
}

/// Returns the name of the anchor to which an object refers dynamically.
fn name_of(object: &Map<String, Value>) -> Option<&str> {
    let reference = object.get("$dynamicRef")?.as_str()?;
    reference
        .strip_prefix('#')
        .filter(|_| !object.contains_key("$ref"))
}

/// Returns the anchors in the `$defs` of a schema: name and pointer.
fn anchors_of(object: &Map<String, Value>, at: &str) -> BTreeMap<String, String> {
    let definitions = object.get("$defs").and_then(Value::as_object);
    let place = join(at, "$defs");
    let anchor = |(name, schema): (&String, &Value)| {
        let anchor = schema.get("$dynamicAnchor")?.as_str()?;
        Some((anchor.to_owned(), join(&place, name)))
    };
    definitions
        .into_iter()
        .flatten()
        .filter_map(anchor)
        .collect()
}

/// Collects all dynamic anchors of a document, in its order.
fn collect(value: &Value, at: &str, found: &mut Vec<(String, String)>, depth: usize) {
    if let Some(anchor) = value.get("$dynamicAnchor").and_then(Value::as_str) {
        found.push((anchor.to_owned(), at.to_owned()));
    }
    each_child(value, depth, &mut |token, child, depth| {
        collect(child, &join(at, token), found, depth);
    });
}

/// Returns whether a value holds dynamic references, to any anchor or to one of these.
fn refers(value: &Value, to: Option<&BTreeMap<String, String>>, depth: usize) -> bool {
    let name = value.as_object().and_then(name_of);
    let mut found = name.is_some_and(|name| to.is_none_or(|to| to.contains_key(name)));
    each_child(value, depth, &mut |_, child, depth| {
        found = found || refers(child, to, depth);
    });
    found
}

/// Makes the dynamic references of a value lead to these anchors.
fn rebind(value: &mut Value, own: &BTreeMap<String, String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rebind(item, own, depth)),
        Value::Object(object) => {
            if let Some(pointer) = name_of(object).and_then(|name| own.get(name)) {
                object.shift_remove("$dynamicRef");
                object.insert("$ref".to_owned(), Value::String(to_pointer(pointer)));
            }
            let children = object
                .iter_mut()
                .filter(|(keyword, _)| !holds_data(keyword));
            children.for_each(|(_, value)| rebind(value, own, depth));
        }
        _ => {}
    }
}

/// Calls `visit` with each child that may hold schemas, its token, and the depth that is left.
fn each_child<'v>(value: &'v Value, depth: usize, visit: &mut dyn FnMut(&str, &'v Value, usize)) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(&index.to_string(), item, depth);
            }
        }
        Value::Object(object) => {
            for (keyword, value) in object.iter().filter(|(keyword, _)| !holds_data(keyword)) {
                visit(keyword, value, depth);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_schema_is_bound_for_each_use() {
        let page = |of: &str| {
            json!({
                "$ref": "#/components/schemas/Page",
                "$defs": { "item": { "$dynamicAnchor": "T", "$ref": of } },
            })
        };
        let document = json!({ "components": { "schemas": {
            "A": page("#/components/schemas/User"),
            "B": { "allOf": [page("#/components/schemas/Pet")] },
            "Page": {
                "title": "Page",
                "$defs": { "any": { "$dynamicAnchor": "T" } },
                "properties": { "items": { "type": "array", "items": { "$dynamicRef": "#T" } } },
            },
            "User": { "type": "string" },
            "Pet": { "type": "integer" },
        } } });
        let mut ledger = Ledger::default();
        let bound = bound(&document, &mut ledger).unwrap();
        let schemas = &bound["components"]["schemas"];
        let items = |schema: &Value| schema["properties"]["items"]["items"]["$ref"].clone();
        assert_eq!(items(&schemas["A"]), "#/components/schemas/A/$defs/item");
        assert_eq!(
            schemas["A"]["$defs"],
            document["components"]["schemas"]["A"]["$defs"]
        );
        let b = &schemas["B"]["allOf"][0];
        assert_eq!(items(b), "#/components/schemas/B/allOf/0/$defs/item");
        assert_eq!(
            items(&schemas["Page"]),
            "#/components/schemas/Page/$defs/any"
        );
        let rules: Vec<&str> = ledger.entries().iter().map(|entry| entry.rule).collect();
        assert_eq!(rules, ["dynamic-reference"; 2]);
    }

    #[test]
    fn schema_that_expands_itself_comes_to_an_end() {
        let document = json!({ "components": { "schemas": { "A": {
            "$dynamicAnchor": "T",
            "properties": {
                "own": { "$dynamicRef": "#T" },
                "next": { "$ref": "#/components/schemas/A", "$defs": { "t": { "$dynamicAnchor": "T" } } },
            },
        } } } });
        let mut ledger = Ledger::default();
        assert!(bound(&document, &mut ledger).is_some());
        assert!(ledger.entries().len() <= COPIES);
        let plain = json!({ "properties": { "$dynamicRef": {} } });
        assert_eq!(bound(&plain, &mut ledger), None);
    }
}

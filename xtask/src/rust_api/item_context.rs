//! The schemas and operations around an item of the Rust API, by which its cause is found.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use neo_client_codegen::openapi::pointer::join;
use neo_client_codegen::openapi::reference::local_pointer;
use serde_json::Value;

use crate::document::operations::operation_pointers;
use crate::document::unused::reached_from;
use crate::rust_api::item::ApiItem;
use crate::rust_api::item_name::is_type;

/// The number of operations above which it is not asked to what each of them leads. Each is a walk
/// through the document.
const MAX_ALONE: usize = 200;

/// Two documents, with the operations that only one of them has.
pub struct ItemContext<'d> {
    sides: [Side<'d>; 2],
}

/// One of the documents.
struct Side<'d> {
    document: &'d Value,
    /// The pointers to operations that the other document lacks.
    alone: Vec<String>,
    /// The schemas that each of these operations leads to, once they are asked for.
    reached: RefCell<Option<Vec<HashSet<String>>>>,
    /// The parts of each schema that was asked for.
    parts: RefCell<BTreeMap<String, Vec<String>>>,
}

impl<'d> ItemContext<'d> {
    pub fn new(base: &'d Value, revision: &'d Value) -> Self {
        let (old, new) = (operation_pointers(base), operation_pointers(revision));
        Self {
            sides: [
                Side::new(base, old.difference(&new)),
                Side::new(revision, new.difference(&old)),
            ],
        }
    }

    /// Adds the parts of the item's schema, and the operations with which its type came or went.
    pub fn add_to(&self, item: &mut ApiItem) {
        let [old, new] = &self.sides;
        for (pointer, side, other) in [(&item.base, old, new), (&item.revision, new, old)] {
            let Some(pointer) = pointer else { continue };
            item.parts.extend(side.parts(pointer));
            // A schema that both documents have makes a type in both, whatever uses it.
            let is_alone = other.document.pointer(component(pointer)).is_none()
                || !pointer.starts_with("/components/schemas/");
            if is_alone && is_type(&item.name) {
                item.users.extend(side.users(pointer));
            }
        }
        item.parts.sort_unstable();
        item.parts.dedup();
    }
}

/// Returns the pointer of the component into which a pointer leads.
fn component(pointer: &str) -> &str {
    let end = pointer.match_indices('/').nth(3).map(|(end, _)| end);
    end.and_then(|end| pointer.get(..end)).unwrap_or(pointer)
}

impl<'d> Side<'d> {
    fn new<'p>(document: &'d Value, alone: impl Iterator<Item = &'p String>) -> Self {
        let alone: Vec<String> = alone.cloned().collect();
        Self {
            document,
            alone: match alone.len() > MAX_ALONE {
                true => Vec::new(),
                false => alone,
            },
            reached: RefCell::default(),
            parts: RefCell::default(),
        }
    }

    /// Returns the pointers to the schemas of which a schema is composed, directly or not.
    fn parts(&self, pointer: &str) -> Vec<String> {
        if let Some(known) = self.parts.borrow().get(pointer) {
            return known.clone();
        }
        let mut seen = BTreeSet::new();
        let mut pending = vec![pointer.to_owned()];
        while let Some(pointer) = pending.pop() {
            let Some(schema) = self.document.pointer(&pointer) else {
                continue;
            };
            let reference = schema.get("$ref").and_then(Value::as_str);
            let target = reference.and_then(local_pointer);
            if let Some(target) = target.map(|target| target.into_owned())
                && seen.insert(target.clone())
            {
                pending.push(target);
            }
            let parts = schema.get("allOf").and_then(Value::as_array);
            let all_of = join(&pointer, "allOf");
            let parts = 0..parts.map_or(0, Vec::len);
            pending.extend(parts.map(|index| join(&all_of, &index.to_string())));
        }
        let found: Vec<String> = seen.into_iter().collect();
        let mut parts = self.parts.borrow_mut();
        parts.insert(pointer.to_owned(), found.clone());
        found
    }

    /// Returns the pointers to operations that lead to a component.
    fn users(&self, pointer: &str) -> Vec<String> {
        let mut reached = self.reached.borrow_mut();
        let reached = reached.get_or_insert_with(|| {
            let alone = self.alone.iter();
            alone.map(|of| reached_from(self.document, of)).collect()
        });
        let users = self.alone.iter().zip(reached.iter());
        let users = users.filter(|(_, reached)| {
            let mut tokens = pointer.match_indices('/').map(|(end, _)| end).skip(1);
            tokens.any(|end| pointer.get(..end).is_some_and(|it| reached.contains(it)))
                || reached.contains(pointer)
        });
        users.map(|(user, _)| user.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refer(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    #[test]
    fn parts_are_found_through_compositions() {
        let document = json!({"components": {"schemas": {
            "Base": {}, "Trait": {"allOf": [refer("Base")]}, "Other": {},
            "Node": {"allOf": [refer("Trait"), {"allOf": [refer("Node")]}],
                "properties": {"other": refer("Other")}},
        }}});
        let context = ItemContext::new(&document, &document);
        let parts = context.sides[0].parts("/components/schemas/Node");
        let expected = ["Base", "Node", "Trait"].map(|name| join("/components/schemas", name));
        assert_eq!(parts, expected);
    }

    #[test]
    fn removed_operation_uses_what_it_leads_to() {
        let operation = |name: &str| json!({"get": {"responses": {"200": refer(name)}}});
        let base = json!({
            "paths": {"/a": operation("A"), "/b": operation("B")},
            "components": {"schemas": {"A": {"items": refer("Deep")}, "B": {}, "Deep": {}}},
        });
        let mut revision = base.clone();
        revision["paths"]["/a"] = json!({});
        let context = ItemContext::new(&base, &revision);
        for (name, expected) in [("Deep", vec!["/paths/~1a/get"]), ("B", vec![])] {
            let users = context.sides[0].users(&format!("/components/schemas/{name}/items"));
            assert_eq!(users, expected);
        }
    }
}

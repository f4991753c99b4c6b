//! Published names: the Rust names of operations and components that a new document must keep.
//!
//! Names come from summaries, tags and component names, which a vendor rewords at will. An
//! operation with the same `operationId`, and a component that is used in the same place, keep
//! their published name by an action of the overlay.

use std::collections::{BTreeMap, BTreeSet};

use neo_client_codegen::Output;
use neo_client_codegen::openapi::method::METHODS;
use neo_client_codegen::openapi::pointer::join;
use serde_json::{Map, Value, json};

/// The extension of the actions that `spec refresh` wrote itself.
const KEPT: &str = "x-kept-name";

const SCHEMAS: &str = "#/components/schemas/";

/// An overlay that keeps the published names.
#[derive(Debug)]
pub struct KeptNames {
    pub overlay: Value,
    /// One sentence for each name that the new document would change.
    pub findings: Vec<String>,
}

/// Returns the overlay with an action for each name that differs between two clients.
pub fn keep(
    overlay: &Value,
    (old_document, old): (&Value, &Output),
    (new_document, new): (&Value, &Output),
) -> KeptNames {
    let mut kept = KeptNames {
        overlay: overlay.clone(),
        findings: Vec::new(),
    };
    let (old_operations, new_operations) = (operations(old_document), operations(new_document));
    let (old_names, new_names) = (names(old), names(new));
    for (key, was) in &old_operations {
        let Some(is) = new_operations.get(key) else {
            continue;
        };
        let names = old_names
            .get(was.pointer.as_str())
            .zip(new_names.get(is.pointer.as_str()));
        let Some(((old_tag, old_method), (new_tag, new_method))) = names else {
            continue;
        };
        let mut update = Map::new();
        if old_tag != new_tag {
            update.insert("x-accessor-name".to_owned(), json!(old_tag));
        }
        if old_method != new_method {
            update.insert("x-method-name".to_owned(), json!(old_method));
        }
        if !update.is_empty() {
            kept.add(&is.target, update);
            kept.findings.push(format!(
                "`{old_tag}.{old_method}` keeps its name; from the document it would be \
                 `{new_tag}.{new_method}`"
            ));
        }
    }
    let old_types: BTreeMap<&str, &str> = types(old);
    let new_types: BTreeMap<&str, &str> = types(new);
    let taken: BTreeSet<&str> = new_types.values().copied().collect();
    for (was, is) in renamed(old_document, new_document, &old_operations, &new_operations) {
        let pointer = |name: &str| join("/components/schemas", name);
        let old_type = old_types.get(pointer(&was).as_str());
        let new_type = new_types.get(pointer(&is).as_str());
        let Some((old_type, new_type)) = old_type.zip(new_type) else {
            continue;
        };
        if old_type != new_type && !taken.contains(old_type) {
            let target = format!("$.components.schemas[{}]", json!(is));
            kept.add(
                &target,
                Map::from_iter([("x-type-name".to_owned(), json!(old_type))]),
            );
            kept.findings.push(format!(
                "`types::{old_type}` keeps its name; from the document it would be \
                 `types::{new_type}`"
            ));
        }
    }
    kept
}

/// Removes the actions that [`keep`] added earlier and that select nothing any more.
pub fn forget_idle(overlay: &mut Value, output: &Output) {
    let idle: BTreeSet<&str> = output
        .idle_actions
        .iter()
        .map(|it| it.at.as_str())
        .collect();
    if let Some(actions) = overlay.get_mut("actions").and_then(Value::as_array_mut) {
        let mut index = 0;
        actions.retain(|action| {
            let at = format!("/actions/{index}");
            index += 1;
            action.get(KEPT).is_none() || !idle.contains(at.as_str())
        });
    }
}

impl KeptNames {
    /// Adds to the action with this target, or adds an action.
    fn add(&mut self, target: &str, update: Map<String, Value>) {
        let Some(actions) = self
            .overlay
            .get_mut("actions")
            .and_then(Value::as_array_mut)
        else {
            return;
        };
        let own = |action: &&mut Value| action.get(KEPT).is_some() && action["target"] == *target;
        let present = actions.iter_mut().find(own);
        match present.and_then(|action| action.get_mut("update")?.as_object_mut()) {
            Some(present) => present.extend(update),
            None => actions.push(json!({
                "target": target,
                "description": "Keeps a published name. Written by `cargo xtask spec refresh`.",
                KEPT: true,
                "update": update,
            })),
        }
    }
}

struct OperationAt {
    pointer: String,
    /// A JSONPath that selects the operation.
    target: String,
}

/// Returns the operations by `operationId`, or by method and path.
fn operations(document: &Value) -> BTreeMap<String, OperationAt> {
    let mut found = BTreeMap::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|it| it.is_object()) else {
                continue;
            };
            let pointer = join(&join("/paths", path), method);
            let id = operation.get("operationId").and_then(Value::as_str);
            let (key, target) = match id {
                Some(id) => (
                    format!("id {id}"),
                    format!("$.paths[*][?@.operationId == {}]", json!(id)),
                ),
                None => (
                    format!("{method} {path}"),
                    format!("$.paths[{}].{method}", json!(path)),
                ),
            };
            found.insert(key, OperationAt { pointer, target });
        }
    }
    found
}

/// Returns accessor and method by the pointer of the operation.
fn names(output: &Output) -> BTreeMap<&str, (&str, &str)> {
    let mut names: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for (name, pointer) in &output.requests {
        let Some((accessor, method)) = name
            .strip_prefix("api::")
            .and_then(|name| name.split_once("::"))
        else {
            continue;
        };
        if method.starts_with(char::is_uppercase) {
            continue;
        }
        // An operation with two methods has a shorter name and one that ends with `_stream`.
        let shortest = names.entry(pointer).or_insert((accessor, method));
        if method.len() < shortest.1.len() {
            *shortest = (accessor, method);
        }
    }
    names
}

fn types(output: &Output) -> BTreeMap<&str, &str> {
    let types = output.types.iter();
    types
        .map(|(name, pointer)| (pointer.as_str(), name.as_str()))
        .collect()
}

/// Returns the components that have another name in the new document, but the same place: every
/// reference to the old one is a reference to the new one, and the reverse.
fn renamed(
    old: &Value,
    new: &Value,
    old_operations: &BTreeMap<String, OperationAt>,
    new_operations: &BTreeMap<String, OperationAt>,
) -> Vec<(String, String)> {
    let mut pairs = BTreeSet::new();
    for (key, was) in old_operations {
        let operations = new_operations
            .get(key)
            .and_then(|is| old.pointer(&was.pointer).zip(new.pointer(&is.pointer)));
        if let Some((was, is)) = operations {
            walk((old, new), was, is, &mut pairs);
        }
    }
    let component = |document: &Value, name: &str| {
        document
            .pointer(&join("/components/schemas", name))
            .is_some()
    };
    let alone = |pair: &&(String, String)| {
        let is_other = |other: &&(String, String)| (other.0 == pair.0) != (other.1 == pair.1);
        pair.0 != pair.1
            && !component(new, &pair.0)
            && !component(old, &pair.1)
            && !pairs.iter().any(|other| is_other(&other))
    };
    pairs.iter().filter(alone).cloned().collect()
}

/// Walks two values in parallel and collects the components to which both refer.
fn walk(
    documents: (&Value, &Value),
    old: &Value,
    new: &Value,
    pairs: &mut BTreeSet<(String, String)>,
) {
    match (old, new) {
        (Value::Object(was), Value::Object(is)) => {
            let reference = |of: &Map<String, Value>| {
                let text = of.get("$ref")?.as_str()?;
                Some(text.to_owned())
            };
            if let (Some(was), Some(is)) = (reference(was), reference(is)) {
                let names = was.strip_prefix(SCHEMAS).zip(is.strip_prefix(SCHEMAS));
                let is_new = match names {
                    Some((was, is)) => pairs.insert((was.to_owned(), is.to_owned())),
                    None => !was.starts_with(SCHEMAS) && !is.starts_with(SCHEMAS),
                };
                let target = |document: &Value, reference: &str| {
                    document.pointer(reference.strip_prefix('#')?).cloned()
                };
                let targets = target(documents.0, &was).zip(target(documents.1, &is));
                if let Some((was, is)) = targets.filter(|_| is_new) {
                    walk(documents, &was, &is, pairs);
                }
                return;
            }
            for (name, was) in was {
                if let Some(is) = is.get(name) {
                    walk(documents, was, is, pairs);
                }
            }
        }
        (Value::Array(was), Value::Array(is)) => {
            for (was, is) in was.iter().zip(is) {
                walk(documents, was, is, pairs);
            }
        }
        _ => {}
    }
}

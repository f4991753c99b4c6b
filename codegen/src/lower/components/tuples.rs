//! Tuples: arrays with a type for each element.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::is_marked;
use crate::ledger::{Effect, Ledger};
use crate::lower::component_ref::references;
use crate::lower::model::Model;
use crate::lower::notes::{SECRET, TUPLE};

/// Notes which components are tuples. A tuple that contains itself, or a secret that `Debug` would
/// show, becomes an array of any JSON values.
pub(super) fn take(schemas: &mut Map<String, Value>, model: &mut Model, ledger: &mut Ledger) {
    let is_tuple = |schema: &Value| schema.get(TUPLE).is_some();
    let inner: BTreeMap<&str, BTreeSet<&str>> = schemas
        .iter()
        .filter(|(_, schema)| is_tuple(schema))
        .map(|(name, schema)| (name.as_str(), references(schema)))
        .collect();
    let mut tuples: BTreeSet<String> = BTreeSet::new();
    let mut given_up = Vec::new();
    for name in inner.keys() {
        let secret = schemas.get(*name).is_some_and(is_marked);
        if secret || contains_itself(name, &inner) {
            given_up.push(((*name).to_owned(), secret));
        } else {
            tuples.insert((*name).to_owned());
        }
    }
    for (name, secret) in given_up {
        let mut array = json!({ "type": "array", "items": {} });
        if let (true, Some(array)) = (secret, array.as_object_mut()) {
            array.insert(SECRET.to_owned(), Value::Bool(true));
        }
        let pointer = model.origins.get(&name).cloned().unwrap_or_default();
        let detail = "elements are any JSON value: the tuple contains itself or a secret";
        ledger.add(pointer, "tuple", Effect::Widened, detail);
        schemas.insert(name, array);
    }
    model.tuples = tuples;
}

/// Returns whether a tuple is reached from itself through tuples alone. A struct in between has a
/// name, so that the type has an end.
fn contains_itself(name: &str, inner: &BTreeMap<&str, BTreeSet<&str>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut pending = vec![name];
    while let Some(at) = pending.pop() {
        for next in inner.get(at).into_iter().flatten() {
            if *next == name {
                return true;
            }
            if seen.insert(*next) {
                pending.push(next);
            }
        }
    }
    false
}

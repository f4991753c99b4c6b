//! Schemas that are composed of themselves: typify overflows the stack on them, which nothing can catch.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::components::reference;
use super::model::Model;
use crate::ledger::{Effect, Ledger};

/// Cuts each `allOf` that leads back to the component it belongs to.
pub(super) fn cut(schemas: &mut Map<String, Value>, model: &Model, ledger: &mut Ledger) {
    let names: Vec<String> = schemas.keys().cloned().collect();
    let mut done = BTreeSet::new();
    for name in &names {
        visit(name, &mut Vec::new(), &mut done, schemas, model, ledger);
    }
}

fn visit(
    name: &str,
    path: &mut Vec<String>,
    done: &mut BTreeSet<String>,
    schemas: &mut Map<String, Value>,
    model: &Model,
    ledger: &mut Ledger,
) {
    if !done.insert(name.to_owned()) {
        return;
    }
    path.push(name.to_owned());
    for member in members(schemas.get(name)) {
        if path.contains(&member) {
            drop_member(schemas.get_mut(name), &member);
            let pointer = model.origins.get(name).cloned().unwrap_or_default();
            let detail = format!("composed of itself through `{member}`, which is left out of it");
            ledger.add(pointer, "all-of-cycle", Effect::Dropped, detail);
        } else {
            visit(&member, path, done, schemas, model, ledger);
        }
    }
    path.pop();
}

/// The components that a component is composed of.
fn members(schema: Option<&Value>) -> Vec<String> {
    schema
        .and_then(|schema| schema.get("allOf"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|member| reference(member).map(str::to_owned))
        .collect()
}

fn drop_member(schema: Option<&mut Value>, name: &str) {
    let Some(Value::Object(schema)) = schema else {
        return;
    };
    if let Some(Value::Array(members)) = schema.get_mut("allOf") {
        members.retain(|member| reference(member) != Some(name));
        if members.is_empty() {
            schema.shift_remove("allOf");
        }
    }
}

//! Cuts schemas that include themselves through `allOf`: typify overflows the stack on them, which
//! cannot be caught.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ledger::{Effect, Ledger};
use crate::lower::component_ref::reference;
use crate::lower::model::Model;

/// Cuts each `allOf` that leads back to the component that contains it.
pub(super) fn cut(schemas: &mut Map<String, Value>, model: &Model, ledger: &mut Ledger) {
    let names: Vec<String> = schemas.keys().cloned().collect();
    let mut entered = BTreeSet::new();
    for name in names {
        visit(name, &mut entered, schemas, model, ledger);
    }
}

/// A component on the current path, and its `allOf` subschemas that are still to be visited.
struct Visit {
    name: String,
    members: std::vec::IntoIter<String>,
}

/// Uses an explicit stack, because a chain may be as long as the document.
fn visit(
    start: String,
    entered: &mut BTreeSet<String>,
    schemas: &mut Map<String, Value>,
    model: &Model,
    ledger: &mut Ledger,
) {
    let mut path: Vec<Visit> = Vec::new();
    let mut on_path = BTreeSet::new();
    let mut next = Some(start);
    loop {
        if let Some(name) = next.take()
            && entered.insert(name.clone())
        {
            on_path.insert(name.clone());
            let members = all_of_refs(schemas.get(&name)).into_iter();
            path.push(Visit { name, members });
        }
        let Some(step) = path.last_mut() else { return };
        match step.members.next() {
            Some(member) if on_path.contains(&member) => {
                drop_member(schemas.get_mut(&step.name), &member);
                let pointer = model.origins.get(&step.name).cloned().unwrap_or_default();
                let detail = format!("includes itself through `{member}`, which is left out");
                ledger.add(pointer, "all-of-cycle", Effect::Dropped, detail);
            }
            Some(member) => next = Some(member),
            None => {
                on_path.remove(&step.name);
                path.pop();
            }
        }
    }
}

/// Returns the components that a component includes through `allOf`.
fn all_of_refs(schema: Option<&Value>) -> Vec<String> {
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

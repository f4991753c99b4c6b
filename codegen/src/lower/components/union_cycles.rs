//! Removes cycles of unions: a union that is a variant of itself, through others, would be tried
//! forever.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ledger::{Effect, Ledger};
use crate::lower::component_ref::target;
use crate::lower::model::Model;
use crate::lower::notes::UNION;

/// Removes from each union the variants that lead back to it.
pub(super) fn cut(schemas: &mut Map<String, Value>, model: &Model, ledger: &mut Ledger) {
    let names: Vec<String> = schemas.keys().cloned().collect();
    let mut done = BTreeSet::new();
    for name in names {
        // Depth first, without recursion: each name with the variants still to visit.
        let mut path: Vec<(String, Vec<String>)> = Vec::new();
        let mut on_path = BTreeSet::from([name.clone()]);
        if done.insert(name.clone()) {
            let next = members_of(schemas, &name);
            path.push((name, next));
        }
        while let Some((at, pending)) = path.last_mut() {
            let Some(member) = pending.pop() else {
                on_path.remove(at);
                path.pop();
                continue;
            };
            if on_path.contains(&member) {
                let at = at.clone();
                drop_member(schemas, &at, &member);
                let origin = model.origins.get(&at).cloned().unwrap_or_default();
                let detail =
                    format!("a branch of itself through `{member}`, which is left out of it");
                ledger.add(origin, "union-cycle", Effect::Dropped, detail);
            } else if done.insert(member.clone()) {
                let next = members_of(schemas, &member);
                on_path.insert(member.clone());
                path.push((member, next));
            }
        }
    }
}

fn members_of(schemas: &Map<String, Value>, name: &str) -> Vec<String> {
    let found = schemas.get(name).map(one_of_refs).unwrap_or_default();
    found.into_iter().rev().map(str::to_owned).collect()
}

/// Returns the components that a value of a schema also is.
pub(super) fn one_of_refs(schema: &Value) -> Vec<&str> {
    match schema.get("oneOf").and_then(Value::as_array) {
        Some(branches) => branches.iter().filter_map(target).collect(),
        None => target(schema).into_iter().collect(),
    }
}

fn drop_member(schemas: &mut Map<String, Value>, name: &str, member: &str) {
    let Some(Value::Object(schema)) = schemas.get_mut(name) else {
        return;
    };
    let Some(Value::Array(branches)) = schema.get_mut("oneOf") else {
        schema.shift_remove("allOf");
        schema.shift_remove("$ref");
        return;
    };
    let kept: Vec<bool> = branches
        .iter()
        .map(|branch| target(branch) != Some(member))
        .collect();
    keep(branches, &kept);
    if let Some(Value::Array(info)) = schema
        .get_mut(UNION)
        .and_then(|info| info.get_mut("branches"))
    {
        keep(info, &kept);
    }
}

fn keep(values: &mut Vec<Value>, kept: &[bool]) {
    let mut kept = kept.iter();
    values.retain(|_| kept.next().copied().unwrap_or(true));
}

//! Compares two OpenAPI documents: the changes, and their effect on a client on the wire.
//!
//! A comparison takes nine steps:
//!
//! | step | file | makes |
//! |---|---|---|
//! | 1. unwrap | `normalize::schema_use` | `SchemaUse` → `Unwrapped`: the schema without wrappers such as `$ref` |
//! | 2. collect | `normalize::all_of` | `Unwrapped` → `AllOfSchemas`: all schemas that apply |
//! | 3. normalize | `normalize::normalized_schema` | `AllOfSchemas` → `NormalizedSchema`: the valid values, independent of spelling |
//! | 4. pair | `compare::operation`, `compare::walk` | two documents → `Pair`s of schemas at corresponding locations, each once |
//! | 5. compare | `engine`, `compare::schema` | `Pair` → reports of checks, and more pairs |
//! | 6. merge | `result::findings` | reports → `Change`s, one for each location |
//! | 7. propagate | `result::propagate` | roots and pairs → `AffectedOperations` of each `Change` |
//! | 8. attribute | `rust_api::attribute` | changes and `ApiItem`s → the Rust items that each change caused |
//! | 9. judge | `report::judgement` | changes, items and `Policy` → `Report` with verdicts |
//!
//! Schemas are paired by where they are used, not by their names.

mod compare;
#[cfg(test)]
mod coverage;
mod engine;
mod inclusion;
pub mod model;
mod normalize;
pub mod result;

use std::collections::HashMap;

use serde_json::Value;

use crate::diff::compare::operation;
use crate::diff::compare::operation::security;
use crate::diff::compare::walk::Walk;
use crate::diff::compare::{info, unchanged};
use crate::diff::model::affected_operations::AffectedOperations;
use crate::diff::model::change::Change;
use crate::diff::model::checks;
use crate::diff::model::shown_value::ShownValue;

/// Returns the changes from one document to another, in a stable order.
pub fn changes<'d>(base: &'d Value, revision: &'d Value) -> Vec<Change<'d>> {
    if unchanged::same(base, revision) {
        return Vec::new();
    }
    let mut walk = Walk::new(base, revision);
    info::compare(&mut walk);
    operation::compare(&mut walk);
    security::compare(&mut walk);
    let mut changes = engine::run(walk);
    drop_echoes(&mut changes);
    changes.sort_by(|a, b| {
        fn key<'c>(of: &'c Change<'_>) -> impl Ord + 'c {
            let location = of.revision.as_ref().or(of.base.as_ref());
            (location, of.check.id, of.base.as_ref())
        }
        key(a).cmp(&key(b))
    });
    changes
}

/// Drops changed defaults of schemas that are reported as defaults of parameters.
fn drop_echoes(changes: &mut Vec<Change<'_>>) {
    let values = |change: &Change<'_>| {
        let text =
            |shown: &Option<ShownValue<'_>>| shown.as_ref().map(|shown| shown.value().to_string());
        (text(&change.before), text(&change.after))
    };
    let mut of_parameters: HashMap<_, Vec<AffectedOperations>> = HashMap::new();
    for change in changes.iter() {
        if std::ptr::eq(change.check, &checks::PARAMETER_DEFAULT) {
            let operations = of_parameters.entry(values(change)).or_default();
            operations.push(change.affected.clone());
        }
    }
    changes.retain(|change| {
        let is_echo = std::ptr::eq(change.check, &checks::DEFAULT_CHANGED)
            && of_parameters
                .get(&values(change))
                .is_some_and(|operations| operations.contains(&change.affected));
        !is_echo
    });
}

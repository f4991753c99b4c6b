//! What changed between two OpenAPI documents, and what it does to a client on the wire.
//!
//! Both are walked at once (`walk`): operations, then what they send and receive, each pair of
//! schemas once. Schemas are compared by what they mean (`meaning`), not by how they are spelled,
//! and stand for each other by where they are used, not by their names.

mod compare;
mod engine;
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

/// The changes from one document to another, in a stable order.
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

/// A parameter's default is reported as the parameter's.
fn drop_echoes(changes: &mut Vec<Change<'_>>) {
    let values = |change: &Change<'_>| {
        let text =
            |shown: &Option<ShownValue<'_>>| shown.as_ref().map(|shown| shown.value().to_string());
        (text(&change.before), text(&change.after))
    };
    let mut of_parameters: HashMap<_, Vec<AffectedOperations>> = HashMap::new();
    for change in changes.iter() {
        if std::ptr::eq(change.check, &checks::PARAMETER_DEFAULT) {
            let reaches = of_parameters.entry(values(change)).or_default();
            reaches.push(change.affected.clone());
        }
    }
    changes.retain(|change| {
        let is_echo = std::ptr::eq(change.check, &checks::DEFAULT_CHANGED)
            && of_parameters
                .get(&values(change))
                .is_some_and(|reaches| reaches.contains(&change.affected));
        !is_echo
    });
}

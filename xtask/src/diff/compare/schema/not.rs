//! `not`: a schema that narrows under `not` widens the values, and the reverse.

use crate::diff::compare::walk::{PairId, Walk};
use crate::diff::model::change::Change;
use crate::diff::model::checks::{self, Check};
use crate::diff::model::verdict::Wire;
use crate::diff::normalize::schema_use::SchemaUse;

/// Checks that narrow a schema.
const NARROWER: [&Check; 19] = [
    &checks::ADDITIONAL_CLOSED,
    &checks::ADDITIONAL_TYPED,
    &checks::CONSTRAINT_ADDED,
    &checks::ENUM_ADDED,
    &checks::ENUM_VALUE_REMOVED,
    &checks::EXCLUSION_TIGHTENED,
    &checks::FORMAT_NARROWED,
    &checks::ITEMS_ADDED,
    &checks::LIMIT_TIGHTENED,
    &checks::NOT_NULLABLE,
    &checks::PATTERN_ADDED,
    &checks::PROPERTY_ADDED_OPTIONAL,
    &checks::PROPERTY_ADDED_REQUIRED,
    &checks::PROPERTY_REQUIRED,
    &checks::TYPE_LEFT_TO_TEXT,
    &checks::TYPE_NARROWED,
    &checks::UNION_ADDED,
    &checks::UNDECLARED_REQUIRED,
    &checks::UNION_BRANCH_REMOVED,
];

/// Checks that widen a schema.
const WIDER: [&Check; 17] = [
    &checks::ADDITIONAL_OPENED,
    &checks::ADDITIONAL_UNTYPED,
    &checks::CONSTRAINT_REMOVED,
    &checks::ENUM_REMOVED,
    &checks::ENUM_VALUE_ADDED,
    &checks::EXCLUSION_RELAXED,
    &checks::FORMAT_WIDENED,
    &checks::ITEMS_REMOVED,
    &checks::LIMIT_RELAXED,
    &checks::NULLABLE,
    &checks::PATTERN_REMOVED,
    &checks::PROPERTY_OPTIONAL,
    &checks::PROPERTY_REMOVED_OPTIONAL,
    &checks::PROPERTY_REMOVED_REQUIRED,
    &checks::TYPE_WIDENED,
    &checks::UNION_BRANCH_ADDED,
    &checks::UNION_REMOVED,
];

/// Checks that do both.
const OTHER: [&Check; 6] = [
    &checks::CONST_CHANGED,
    &checks::EXCLUSION_CHANGED,
    &checks::FORMAT_CHANGED,
    &checks::MULTIPLE_CHANGED,
    &checks::PATTERN_CHANGED,
    &checks::TYPE_CHANGED,
];

/// Reports the changes of a schema under `not`. `None` means that the nesting is too deep to judge.
pub fn report<'d>(
    walk: &mut Walk<'d>,
    pair: PairId,
    (from, to): (&SchemaUse<'d>, &SchemaUse<'d>),
    changes: Option<&[Change<'d>]>,
) {
    let check = match changes {
        Some(changes) => judge(changes),
        None => Some(&checks::UNKNOWN_CHANGE),
    };
    let Some(check) = check else { return };
    let location = (from.0.first(), to.0.first());
    let value = |of: &SchemaUse<'d>| of.0.first().map(|node| node.shown());
    walk.report(pair, check, location, value(from), value(to));
}

fn judge(changes: &[Change]) -> Option<&'static Check> {
    let is_among =
        |change: &&Change, list: &[&Check]| list.iter().any(|it| it.id == change.check.id);
    let effect = |change: &&Change| change.check.request.max(change.check.response);
    let (annotations, changes): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|change| effect(change) <= Wire::DocsOnly);
    let count = |list: &[&Check]| changes.iter().filter(|it| is_among(it, list)).count();
    let (narrower, wider, other) = (count(&NARROWER), count(&WIDER), count(&OTHER));
    match changes.len() {
        0 => annotations
            .iter()
            .any(|it| effect(it) == Wire::DocsOnly)
            .then_some(&checks::SCHEMA_DOCS),
        all if all == narrower => Some(&checks::EXCLUSION_RELAXED),
        all if all == wider => Some(&checks::EXCLUSION_TIGHTENED),
        all if all == narrower + wider + other => Some(&checks::EXCLUSION_CHANGED),
        _ => Some(&checks::UNKNOWN_CHANGE),
    }
}

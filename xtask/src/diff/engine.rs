//! Runs a comparison: takes tasks from the walk and calls the comparator of each.

use crate::diff::compare::schema::{self, polarity, uses};
use crate::diff::compare::walk::{Task, Walk};
use crate::diff::model::change::Change;
use crate::diff::result::propagate;

/// Makes all comparisons that are pending and returns the changes.
pub fn run(mut walk: Walk<'_>) -> Vec<Change<'_>> {
    while let Some((pair, task)) = walk.next() {
        match task {
            Task::Schemas(task) => schema::compare(&mut walk, pair, &task),
            Task::Uses {
                base,
                revision,
                suppress_null,
            } => uses::compare(&mut walk, pair, &base, &revision, suppress_null),
            Task::Polar {
                base,
                revision,
                encoding,
                polarity,
                within,
            } => {
                let both = (&base, &revision);
                let alone = walk.alone(both, encoding, within).map(run);
                polarity::report(&mut walk, pair, both, polarity, alone.as_deref());
            }
        }
    }
    walk.forget();
    propagate::affected_operations(&mut walk);
    walk.findings.changes
}

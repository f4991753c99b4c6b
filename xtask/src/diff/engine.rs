//! Runs a comparison: takes tasks from the walk and calls the comparator of each.

use crate::diff::compare::schema::polarity::Kept;
use crate::diff::compare::schema::{self, polarity, uses};
use crate::diff::compare::walk::{Task, Walk};
use crate::diff::model::change::Change;
use crate::diff::model::context::Side;
use crate::diff::model::types::Types;
use crate::diff::normalize::schema_use::SchemaUse;
use crate::diff::result::propagate;

/// Returns whether the revision keeps the values of a schema, and whether it adds none.
fn kept<'d>(
    walk: &Walk<'d>,
    (from, to): (&SchemaUse<'d>, &SchemaUse<'d>),
    within: Option<Types>,
) -> Kept {
    let (base, revision) = ((Side::Base, &*from.0), (Side::Revision, &*to.0));
    let mut prover = walk.prover(false);
    Kept {
        all: prover.includes(revision, base, within),
        only: prover.includes(base, revision, within),
    }
}

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
                let kept = kept(&walk, both, within);
                polarity::report(&mut walk, pair, both, (polarity, kept), alone.as_deref());
            }
        }
    }
    walk.forget();
    propagate::affected_operations(&mut walk);
    walk.findings.changes
}

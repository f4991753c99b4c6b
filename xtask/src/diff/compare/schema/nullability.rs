//! Compares whether `null` is valid.

use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::normalize::normalized_schema::NormalizedSchema;

/// Compares whether `null` is valid, unless the use has been compared already.
pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let is_open = |of: &NormalizedSchema<'_>| of.any || of.null_unsaid && !of.nullable;
    if sides.suppress.null || old.nullable == new.nullable || is_open(old) || is_open(new) {
        return;
    }
    let check = if new.nullable {
        &checks::NULLABLE
    } else {
        &checks::NOT_NULLABLE
    };
    let (before, after) = (old.nullable.into(), new.nullable.into());
    walk.report(
        sides.pair,
        check,
        sides.location(),
        Some(before),
        Some(after),
    );
}

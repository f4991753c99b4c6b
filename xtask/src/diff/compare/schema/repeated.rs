//! Properties of forms. An array is a property that comes several times, so that a form with one
//! value fits an array, and an object is JSON.

use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::{Encoding, Sent, Side};
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::SchemaUse;

pub fn compare<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (from, to): (&SchemaUse<'d>, &SchemaUse<'d>),
    sent: Sent,
) {
    let old = walk.normalized_at(Side::Base, from);
    let new = walk.normalized_at(Side::Revision, to);
    let (Some(old), Some(new)) = (old, new) else {
        return walk.child(sides.pair, from, to, Encoding::Text, sent);
    };
    let is_plain = |of: &NormalizedSchema<'d>| {
        of.types.within(Types::SCALARS) && of.unions.is_empty() && !of.any
    };
    let (check, before, after) = match (
        is_plain(&old),
        is_plain(&new),
        elements(&old),
        elements(&new),
    ) {
        (true, _, _, Some(items)) => (&checks::VALUE_BECAME_LIST, from.clone(), items),
        (_, true, Some(items), _) => (&checks::LIST_BECAME_VALUE, items, to.clone()),
        _ => {
            let is_json = old.types == Types::OBJECT && new.types == Types::OBJECT;
            let encoding = if is_json {
                Encoding::Json
            } else {
                Encoding::Text
            };
            return walk.child(sides.pair, from, to, encoding, sent);
        }
    };
    let shown = |of: &NormalizedSchema<'d>| Some(of.types.to_value().into());
    let location = (from.0.first(), to.0.first());
    walk.report_sent(
        sides.pair,
        sent,
        check,
        location,
        (shown(&old), shown(&new)),
    );
    walk.child(sides.pair, &before, &after, Encoding::Text, sent);
}

/// Returns the schema of the elements of a list that may have one element.
fn elements<'d>(of: &NormalizedSchema<'d>) -> Option<SchemaUse<'d>> {
    let holds_one = of.limits.admit_count("minItems", "maxItems", 1);
    let is_list = of.types == Types::ARRAY && of.prefix.is_empty() && of.unions.is_empty();
    match &of.items {
        Additional::Of(items) if is_list && holds_one => Some(items.clone()),
        _ => None,
    }
}

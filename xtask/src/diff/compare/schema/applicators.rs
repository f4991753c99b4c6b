//! Applicators: subschemas under `patternProperties`, `propertyNames` and others.

use serde_json::Value;

use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::{Sent, Side};
use crate::diff::model::document::Node;
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::Additional;
use crate::diff::normalize::schema_use::SchemaUse;

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let pair = sides.pair;
    let (old, new) = (&sides.old, &sides.new);
    let mut keys: Vec<_> = old
        .applicators
        .keys()
        .chain(new.applicators.keys())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        if !sides.share(applies_to(key)) {
            continue;
        }
        let (from, to) = (old.applicators.get(key), new.applicators.get(key));
        match (from, to) {
            (Some(from), Some(to)) => {
                let within = (*key == "propertyNames").then_some(Types::STRING);
                walk.applicator(pair, (from, to), sides.encoding, within);
            }
            (from, to) if *key == "propertyNames" && names_fit(walk, sides, (from, to)) => {}
            (from, to) => applicator_changed(walk, sides, from, to),
        }
    }
    if sides.share(Types::OBJECT) {
        named(walk, sides);
    }
}

/// Returns whether the names of a closed object satisfy the schema of names of the other side.
fn names_fit<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (from, to): (Option<&SchemaUse<'d>>, Option<&SchemaUse<'d>>),
) -> bool {
    let (names, side, other) = match (from, to) {
        (Some(names), None) => (names, Side::Base, &sides.new),
        (None, Some(names)) => (names, Side::Revision, &sides.old),
        _ => return false,
    };
    let Some(names) = walk.normalized_at(side, names) else {
        return false;
    };
    matches!(other.additional, Additional::Closed(_))
        && other.named_applicators.is_empty()
        && !names.is_constrained()
        && other
            .properties
            .keys()
            .all(|name| names.admits_scalar(&Value::from(*name)))
}

/// Compares `patternProperties` and `dependentSchemas`.
fn named<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let mut keys: Vec<_> = old
        .named_applicators
        .keys()
        .chain(new.named_applicators.keys())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let (from, to) = (
            old.named_applicators.get(key),
            new.named_applicators.get(key),
        );
        match (from, to) {
            (Some(from), Some(to)) => {
                // A dependent schema applies to the same object.
                let within = (key.0 == "dependentSchemas").then_some(Types::OBJECT);
                let how = (sides.encoding, within);
                walk.part(sides.pair, (from, to), how, sides.declared());
            }
            (Some(gone), None) if key.0 == "patternProperties" => {
                pattern_changed(walk, sides, gone, Side::Base);
            }
            (None, Some(came)) if key.0 == "patternProperties" => {
                pattern_changed(walk, sides, came, Side::Revision);
            }
            (from, to) => applicator_changed(walk, sides, from, to),
        }
    }
}

/// Reports a pattern of property names that one side has. On the other side, the properties are
/// additional ones.
fn pattern_changed<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    schema_use: &SchemaUse<'d>,
    side: Side,
) {
    let (Some(node), false) = (schema_use.0.first(), schema_use.0.is_empty()) else {
        return;
    };
    let (before, after) = (Some(node.shown()), Some(node.shown()));
    match side {
        Side::Base => match &sides.new.additional {
            Additional::Of(rest) => {
                walk.child(sides.pair, schema_use, rest, sides.encoding, Sent::BOTH)
            }
            Additional::Closed(_) => {
                let location = (Some(node), Some(&sides.new.node));
                walk.report(
                    sides.pair,
                    &checks::ADDITIONAL_CLOSED,
                    location,
                    before,
                    None,
                );
            }
            Additional::Open => constraint_changed(walk, sides, Some(node), None),
        },
        Side::Revision => match &sides.old.additional {
            Additional::Of(rest) => {
                walk.child(sides.pair, rest, schema_use, sides.encoding, Sent::BOTH)
            }
            Additional::Closed(_) => {
                let location = (Some(&sides.old.node), Some(node));
                walk.report(
                    sides.pair,
                    &checks::ADDITIONAL_OPENED,
                    location,
                    None,
                    after,
                );
            }
            Additional::Open => constraint_changed(walk, sides, None, Some(node)),
        },
    }
}

/// Returns the types that an applicator restricts.
fn applies_to(key: &str) -> Types {
    match key {
        "unevaluatedItems" => Types::ARRAY,
        "propertyNames" | "unevaluatedProperties" => Types::OBJECT,
        "contentSchema" => Types::STRING,
        _ => Types::ANY,
    }
}

fn applicator_changed<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    from: Option<&SchemaUse<'d>>,
    to: Option<&SchemaUse<'d>>,
) {
    let node = |location: Option<&SchemaUse<'d>>| {
        location.and_then(|location| location.0.first().cloned())
    };
    constraint_changed(walk, sides, node(from).as_ref(), node(to).as_ref());
}

/// Reports a constraint that was added or removed.
pub fn constraint_changed<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    from: Option<&Node<'d>>,
    to: Option<&Node<'d>>,
) {
    let check = if to.is_some() {
        &checks::CONSTRAINT_ADDED
    } else {
        &checks::CONSTRAINT_REMOVED
    };
    let value = |node: Option<&Node<'d>>| node.map(|node| node.shown());
    let location = (from.or(Some(&sides.old.node)), to.or(Some(&sides.new.node)));
    walk.report(sides.pair, check, location, value(from), value(to));
}

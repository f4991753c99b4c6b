//! Applicators: subschemas under `not`, `if`, `contains`, `patternProperties` and others.

use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::document::Node;
use crate::diff::model::types::Types;
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
                if *key == "not" {
                    walk.not(pair, from, to, sides.encoding);
                } else if *key == "if" {
                    // A changed condition widens one branch and narrows the other.
                    if !walk.is_equivalent(from, to) {
                        let location = (from.0.first(), to.0.first());
                        let value = |of: &SchemaUse<'d>| of.0.first().map(|node| node.shown());
                        let (before, after) = (value(from), value(to));
                        walk.report(pair, &checks::UNKNOWN_CHANGE, location, before, after);
                    }
                } else {
                    walk.applicator(pair, from, to, sides.encoding);
                }
            }
            (from, to) => applicator_changed(walk, sides, from, to),
        }
    }
    let mut keys: Vec<_> = old
        .named_applicators
        .keys()
        .chain(new.named_applicators.keys())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys.into_iter().filter(|_| sides.share(Types::OBJECT)) {
        match (
            old.named_applicators.get(key),
            new.named_applicators.get(key),
        ) {
            (Some(from), Some(to)) => walk.applicator(pair, from, to, sides.encoding),
            (from, to) => applicator_changed(walk, sides, from, to),
        }
    }
}

/// Returns the types that an applicator restricts.
fn applies_to(key: &str) -> Types {
    match key {
        "contains" | "unevaluatedItems" => Types::ARRAY,
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
    let (from, to) = (node(from), node(to));
    let check = if to.is_some() {
        &checks::CONSTRAINT_ADDED
    } else {
        &checks::CONSTRAINT_REMOVED
    };
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
    let location = (
        Some(from.as_ref().unwrap_or(&sides.old.node)),
        Some(to.as_ref().unwrap_or(&sides.new.node)),
    );
    walk.report(sides.pair, check, location, value(&from), value(&to));
}

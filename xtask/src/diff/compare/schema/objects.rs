//! Properties of objects and elements of arrays.

use serde_json::Value;

use crate::diff::compare::schema::sent::{report_sent, sent};
use crate::diff::compare::schema::{moved, repeated, requirements, undeclared::undeclared};
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::{Encoding, Sent};
use crate::diff::model::document::Node;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::SchemaUse;

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    if sides.share(Types::OBJECT) {
        properties(walk, sides);
        requirements::compare(walk, sides);
        additional(walk, sides);
        requirements::dependencies(walk, sides);
    }
    if sides.share(Types::ARRAY) {
        elements(walk, sides);
    }
}

fn properties<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    for (name, from) in &old.properties {
        if let Some(to) = new.properties.get(name) {
            newly_sent(walk, sides, name, (from, to));
            let sent = sent(&walk.revision, to);
            let (from, to) = (
                &restricted(old, new, name, from),
                &restricted(new, old, name, to),
            );
            if sides.encoding == Encoding::Form {
                repeated::compare(walk, sides, (from, to), sent);
            } else {
                walk.child(sides.pair, from, to, sides.encoding, sent);
            }
            continue;
        }
        let sent = sent(&walk.base, from);
        let is_around = |walk: &Walk<'d>| {
            let pair = walk.pairs.get(sides.pair);
            pair.is_some_and(|pair| pair.around.contains(name))
        };
        if moved::into_variants(walk, sides, (name, from), sent) {
            continue;
        }
        let check = if let Some(rest) = undeclared(new, name) {
            walk.child(sides.pair, from, &rest, sides.encoding, sent);
            &checks::PROPERTY_UNDECLARED
        } else if from.0.iter().any(|node| node.value == &Value::Bool(false)) {
            // No message had the property.
            &checks::PROPERTY_UNDECLARED
        } else if is_around(walk) {
            &checks::CONSTRAINT_REMOVED
        } else if old.required.contains_key(name) {
            &checks::PROPERTY_REMOVED_REQUIRED
        } else {
            &checks::PROPERTY_REMOVED_OPTIONAL
        };
        let location = (from.0.first(), Some(&new.node));
        let before = from.0.first().map(|node| node.shown());
        report_sent(walk, sides, sent, check, location, (before, None));
    }
    for (name, to) in &new.properties {
        if old.properties.contains_key(name) {
            continue;
        }
        // The base may require the property without describing it.
        let check = if new.required.contains_key(name) && !old.required.contains_key(name) {
            &checks::PROPERTY_ADDED_REQUIRED
        } else {
            &checks::PROPERTY_ADDED_OPTIONAL
        };
        let sent = sent(&walk.revision, to);
        if let Some(rest) = undeclared(old, name) {
            walk.child(sides.pair, &rest, to, sides.encoding, sent);
        }
        moved::out_of_variants(walk, sides, (name, to), sent);
        let location = (Some(&old.node), to.0.first());
        let after = to.0.first().map(|node| node.shown());
        report_sent(walk, sides, sent, check, location, (None, after));
    }
}

/// Returns the schema of a property, with what other parts say about it if the other side does not
/// say the same.
fn restricted<'d>(
    of: &NormalizedSchema<'d>,
    other: &NormalizedSchema<'d>,
    name: &str,
    schema_use: &SchemaUse<'d>,
) -> SchemaUse<'d> {
    let cousins = |of: &NormalizedSchema<'d>| of.cousins.get(name).cloned().unwrap_or_default();
    let (own, others) = (cousins(of), cousins(other));
    let mut restricted = schema_use.clone();
    if !own
        .iter()
        .map(|it| it.value)
        .eq(others.iter().map(|it| it.value))
    {
        restricted.0.extend(own);
    }
    restricted
}

/// Reports a required property that requests or responses did not contain, and now must.
fn newly_sent<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    name: &str,
    (from, to): (&SchemaUse<'d>, &SchemaUse<'d>),
) {
    let is_required = |of: &NormalizedSchema<'d>| of.required.contains_key(name);
    if !(is_required(&sides.old) && is_required(&sides.new)) {
        return;
    }
    let (was, is) = (sent(&walk.base, from), sent(&walk.revision, to));
    for (was, is, check) in [
        (
            was.in_requests,
            is.in_requests,
            &checks::REQUIRED_NOT_READ_ONLY,
        ),
        (
            was.in_responses,
            is.in_responses,
            &checks::REQUIRED_NOT_WRITE_ONLY,
        ),
    ] {
        if is && !was {
            let location = (from.0.first(), to.0.first());
            let values = (Some(true.into()), Some(false.into()));
            walk.report(sides.pair, check, location, values.0, values.1);
        }
    }
}

fn additional<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    rest(
        walk,
        sides,
        (&old.additional, &new.additional),
        [
            &checks::ADDITIONAL_CLOSED,
            &checks::ADDITIONAL_OPENED,
            &checks::ADDITIONAL_TYPED,
            &checks::ADDITIONAL_UNTYPED,
        ],
    );
}

/// Compares additional properties or elements with the checks `[closed, opened, typed, untyped]`.
fn rest<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (was, is): (&Additional<'d>, &Additional<'d>),
    [closed, opened, typed, untyped]: [&'static checks::Check; 4],
) {
    let node = |rest: &Additional<'d>| match rest {
        Additional::Open => None,
        Additional::Closed(node) => Some(node.clone()),
        Additional::Of(location) => location.0.first().cloned(),
    };
    let check = match (was, is) {
        (Additional::Open, Additional::Open) | (Additional::Closed(_), Additional::Closed(_)) => {
            return;
        }
        (Additional::Of(from), Additional::Of(to)) => {
            return walk.child(sides.pair, from, to, sides.encoding, Sent::BOTH);
        }
        (_, Additional::Closed(_)) => closed,
        (Additional::Closed(_), _) => opened,
        (Additional::Open, Additional::Of(_)) => typed,
        (Additional::Of(_), Additional::Open) => untyped,
    };
    let (from, to) = (node(was), node(is));
    let value = |node: &Option<Node<'d>>| {
        let open = ShownValue::from(true);
        Some(node.as_ref().map_or(open, |node| node.shown()))
    };
    let location = (
        Some(from.as_ref().unwrap_or(&sides.old.node)),
        Some(to.as_ref().unwrap_or(&sides.new.node)),
    );
    walk.report(sides.pair, check, location, value(&from), value(&to));
}

fn elements<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    if old.prefix.is_empty() != new.prefix.is_empty() {
        tuple_changed(walk, sides);
    }
    for (from, to) in old.prefix.iter().zip(&new.prefix) {
        walk.child(sides.pair, from, to, sides.encoding, Sent::BOTH);
    }
    let is_kept = !old.prefix.is_empty() && !new.prefix.is_empty();
    for gone in old.prefix.iter().skip(new.prefix.len()).filter(|_| is_kept) {
        if let Additional::Of(rest) = &new.items {
            walk.child(sides.pair, gone, rest, sides.encoding, Sent::BOTH);
            continue;
        }
        let before = gone.0.first().map(|node| node.shown());
        let location = (gone.0.first(), Some(&new.node));
        // In an open array, an element is there that may have any value.
        let check = match new.items {
            Additional::Open => &checks::ITEMS_REMOVED,
            _ => &checks::PREFIX_ITEM_REMOVED,
        };
        walk.report(sides.pair, check, location, before, None);
    }
    for came in new.prefix.iter().skip(old.prefix.len()).filter(|_| is_kept) {
        if let Additional::Of(rest) = &old.items {
            walk.child(sides.pair, rest, came, sides.encoding, Sent::BOTH);
            continue;
        }
        let after = came.0.first().map(|node| node.shown());
        let location = (Some(&old.node), came.0.first());
        let check = match old.items {
            Additional::Open => &checks::ITEMS_ADDED,
            _ => &checks::PREFIX_ITEM_ADDED,
        };
        walk.report(sides.pair, check, location, None, after);
    }
    rest(
        walk,
        sides,
        (&old.items, &new.items),
        [
            &checks::ITEMS_ADDED,
            &checks::ITEMS_REMOVED,
            &checks::ITEMS_ADDED,
            &checks::ITEMS_REMOVED,
        ],
    );
}

/// Reports that an array became a tuple, or is one no longer.
fn tuple_changed<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let node = |prefix: &[SchemaUse<'d>]| prefix.first().and_then(|first| first.0.first().cloned());
    let (from, to) = (node(&old.prefix), node(&new.prefix));
    let (prefix, rest) = if to.is_some() {
        (&new.prefix, &old.items)
    } else {
        (&old.prefix, &new.items)
    };
    match (rest, to.is_some()) {
        (Additional::Of(rest), true) => {
            for came in prefix {
                walk.child(sides.pair, rest, came, sides.encoding, Sent::BOTH);
            }
        }
        (Additional::Of(rest), false) => {
            for gone in prefix {
                walk.child(sides.pair, gone, rest, sides.encoding, Sent::BOTH);
            }
        }
        (Additional::Open | Additional::Closed(_), is_tuple) => {
            let is_narrower = is_tuple == matches!(rest, Additional::Open);
            let check = if is_narrower {
                &checks::ITEMS_ADDED
            } else {
                &checks::ITEMS_REMOVED
            };
            let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
            let location = (
                from.as_ref().or(Some(&old.node)),
                to.as_ref().or(Some(&new.node)),
            );
            walk.report(sides.pair, check, location, value(&from), value(&to));
        }
    }
}

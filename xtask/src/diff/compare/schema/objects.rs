//! Properties of objects and elements of arrays.

use std::collections::BTreeSet;

use regress::Regex;

use crate::diff::compare::schema::repeated;
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::{Encoding, Sent};
use crate::diff::model::document::{Document, Node};
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::types::Types;
use crate::diff::normalize::constraints::Dependency;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::{SchemaUse, unwrap_schema};

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    if sides.share(Types::OBJECT) {
        properties(walk, sides);
        requirements(walk, sides);
        additional(walk, sides);
        dependencies(walk, sides);
    }
    if sides.share(Types::ARRAY) {
        elements(walk, sides);
    }
}

/// Returns the directions in which a property is sent.
fn sent<'d>(document: &Document<'d>, location: &SchemaUse<'d>) -> Sent {
    let unwrapped = unwrap_schema(document, location);
    Sent {
        in_requests: !unwrapped.flag("readOnly"),
        in_responses: !unwrapped.flag("writeOnly"),
    }
}

/// Reports a change in the directions in which the property is sent.
fn report_sent<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    sent: Sent,
    check: &'static checks::Check,
    location: (Option<&Node<'d>>, Option<&Node<'d>>),
    values: (Option<ShownValue<'d>>, Option<ShownValue<'d>>),
) {
    if sent.in_requests && sent.in_responses {
        walk.report(sides.pair, check, location, values.0, values.1);
    } else {
        walk.report_sent(sides.pair, sent, check, location, values);
    }
}

fn properties<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    for (name, from) in &old.properties {
        if let Some(to) = new.properties.get(name) {
            newly_sent(walk, sides, name, (from, to));
            let sent = sent(&walk.revision, to);
            if sides.encoding == Encoding::Form {
                repeated::compare(walk, sides, (from, to), sent);
            } else {
                walk.child(sides.pair, from, to, sides.encoding, sent);
            }
            continue;
        }
        let sent = sent(&walk.base, from);
        let check = if let Some(rest) = undeclared(new, name) {
            walk.child(sides.pair, from, &rest, sides.encoding, sent);
            &checks::PROPERTY_UNDECLARED
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
        let location = (Some(&old.node), to.0.first());
        let after = to.0.first().map(|node| node.shown());
        report_sent(walk, sides, sent, check, location, (None, after));
    }
}

/// Returns the schema of a property that is not declared: of the patterns that its name matches, or
/// else of additional properties.
fn undeclared<'d>(of: &NormalizedSchema<'d>, name: &str) -> Option<SchemaUse<'d>> {
    let patterns = of.named_applicators.iter();
    let matching = patterns.filter(|((key, pattern), _)| {
        *key == "patternProperties"
            && Regex::new(pattern).is_ok_and(|pattern| pattern.find(name).is_some())
    });
    let matching: Vec<Node<'d>> = matching
        .flat_map(|(_, schema_use)| schema_use.0.clone())
        .collect();
    if !matching.is_empty() {
        return Some(SchemaUse(matching));
    }
    match &of.additional {
        Additional::Of(schema_use) => Some(schema_use.clone()),
        Additional::Open | Additional::Closed(_) => None,
    }
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

fn requirements<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let names: BTreeSet<&str> = old
        .required
        .keys()
        .chain(new.required.keys())
        .copied()
        .collect();
    for name in names {
        let (from, to) = (old.required.get(name), new.required.get(name));
        let (was, is) = (old.properties.get(name), new.properties.get(name));
        let is_reported = match (was, is) {
            (None, Some(_)) => true,
            (Some(_), None) => undeclared(new, name).is_none(),
            _ => false,
        };
        if from.is_some() == to.is_some() || is_reported {
            continue;
        }
        let is_declared =
            sides.suppress.is_part || may_declare(old, name) || may_declare(new, name);
        if let (Some(schema), false) = (to, is_declared) {
            let named = schema.get("required");
            let mut names = named.iter().flat_map(Node::items);
            let at = names.find(|item| item.value == name);
            let at = at.unwrap_or_else(|| schema.clone()).labelled(name);
            let (location, after) = ((Some(&old.node), Some(&at)), Some(ShownValue::from(name)));
            walk.report(
                sides.pair,
                &checks::UNDECLARED_REQUIRED,
                location,
                None,
                after,
            );
            continue;
        }
        let sent = match is {
            Some(location) => sent(&walk.revision, location),
            None => Sent::BOTH,
        };
        let check = if to.is_some() {
            &checks::PROPERTY_REQUIRED
        } else {
            &checks::PROPERTY_OPTIONAL
        };
        let node = |location: Option<&SchemaUse<'d>>| {
            location.and_then(|location| location.0.first().cloned())
        };
        let labelled = |node: &Node<'d>| node.clone().labelled(name);
        let (at_base, at_revision) = match (node(was), node(is)) {
            (Some(was), Some(is)) => (was, is),
            _ => (labelled(&old.node), labelled(&new.node)),
        };
        let values = (
            Some(ShownValue::from(from.is_some())),
            Some(ShownValue::from(to.is_some())),
        );
        let location = (Some(&at_base), Some(&at_revision));
        report_sent(walk, sides, sent, check, location, values);
    }
}

/// Returns whether a schema may declare a property of this name.
fn may_declare(of: &NormalizedSchema<'_>, name: &str) -> bool {
    of.properties.contains_key(name)
        || of.has_discriminator
        || matches!(of.additional, Additional::Of(_))
        || !of.named_applicators.is_empty()
        || !of.unions.is_empty()
        || of.is_constrained()
        || !of.unknown.is_empty()
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
        walk.report(
            sides.pair,
            &checks::PREFIX_ITEM_REMOVED,
            location,
            before,
            None,
        );
    }
    for came in new.prefix.iter().skip(old.prefix.len()).filter(|_| is_kept) {
        if let Additional::Of(rest) = &old.items {
            walk.child(sides.pair, rest, came, sides.encoding, Sent::BOTH);
            continue;
        }
        let after = came.0.first().map(|node| node.shown());
        let location = (Some(&old.node), came.0.first());
        walk.report(
            sides.pair,
            &checks::PREFIX_ITEM_ADDED,
            location,
            None,
            after,
        );
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

fn dependencies<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let names: BTreeSet<&str> = old
        .dependencies
        .keys()
        .chain(new.dependencies.keys())
        .copied()
        .collect();
    for name in names {
        let (from, to) = (old.dependencies.get(name), new.dependencies.get(name));
        let set = |of: Option<&Dependency<'d>>| -> BTreeSet<&'d str> {
            of.map(|of| of.names.clone()).unwrap_or_default()
        };
        let (was, is) = (set(from), set(to));
        let check = if was == is {
            continue;
        } else if was.is_subset(&is) {
            &checks::CONSTRAINT_ADDED
        } else if is.is_subset(&was) {
            &checks::CONSTRAINT_REMOVED
        } else {
            &checks::DEPENDENCY_CHANGED
        };
        let node = |of: Option<&Dependency<'d>>| of.map(|of| of.node.clone());
        let (from, to) = (node(from), node(to));
        let location = (
            from.as_ref().or(Some(&old.node)),
            to.as_ref().or(Some(&new.node)),
        );
        let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
        walk.report(sides.pair, check, location, value(&from), value(&to));
    }
}

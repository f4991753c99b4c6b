//! Compares which properties are required, always or beside others.

use std::collections::BTreeSet;

use crate::diff::compare::schema::sent::{report_sent, sent};
use crate::diff::compare::schema::undeclared::undeclared;
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::Sent;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::member::member;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::normalize::constraints::Dependency;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::SchemaUse;

/// The depth to which parts are searched for declared properties.
const DEPTH: u8 = 6;

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
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
        let is_declared = sides.suppress.is_part
            || may_declare(&walk.base, old, name)
            || may_declare(&walk.revision, new, name);
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

/// Returns whether a schema may declare a property of this name, also where it applies to some
/// values only.
fn may_declare<'d>(document: &Document<'d>, of: &NormalizedSchema<'d>, name: &str) -> bool {
    let unions = of.unions.iter().flat_map(|union| &union.variants);
    let conditions = of.conditions.iter();
    let branches = conditions.flat_map(|it| it.then.iter().chain(&it.otherwise));
    let mut parts = unions.chain(branches).chain(of.named_applicators.values());
    of.properties.contains_key(name)
        || of.has_discriminator
        || matches!(of.additional, Additional::Of(_))
        || undeclared(of, name).is_some()
        || !of.unknown.is_empty()
        || parts.any(|part| {
            part.0
                .iter()
                .any(|node| declares(document, node, name, DEPTH))
        })
}

/// Returns whether a schema or one of its parts declares a property.
fn declares<'d>(document: &Document<'d>, node: &Node<'d>, name: &str, depth: u8) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    let properties = node.get("properties");
    if properties.is_some_and(|properties| member(properties.value, name).is_some()) {
        return true;
    }
    let target = node.text("$ref").and_then(|text| document.target(text));
    let lists = ["allOf", "anyOf", "oneOf"].into_iter();
    let listed = lists.filter_map(|key| node.get(key));
    let listed = listed.flat_map(|list| list.items().collect::<Vec<_>>());
    let branches = ["then", "else"].into_iter().filter_map(|key| node.get(key));
    let mut parts = target.into_iter().chain(listed).chain(branches);
    parts.any(|part| declares(document, &part, name, depth))
}

pub fn dependencies<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
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
        let (mut was, mut is) = (set(from), set(to));
        // A property that is required anyway is no dependency.
        let both: BTreeSet<&str> = was.intersection(&is).copied().collect();
        was.retain(|needed| both.contains(needed) || !new.required.contains_key(needed));
        is.retain(|needed| both.contains(needed) || !old.required.contains_key(needed));
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

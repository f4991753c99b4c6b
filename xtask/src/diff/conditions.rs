//! Schemas under other keywords: `not`, `if`, `contains`, `patternProperties` and their like.

use super::document::Node;
use super::place::Place;
use super::schemas::Sides;
use super::types::Types;
use super::walk::Walk;
use super::{checks, exclusions};

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let pair = sides.pair;
    let (old, new) = (&sides.old, &sides.new);
    let mut keys: Vec<_> = old.conditions.keys().chain(new.conditions.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        if !sides.share(applies_to(key)) {
            continue;
        }
        let (from, to) = (old.conditions.get(key), new.conditions.get(key));
        match (from, to) {
            (Some(from), Some(to)) => {
                if *key == "not" {
                    exclusions::compare(walk, sides, from, to);
                } else if *key == "if" {
                    // What it chooses is wider here and narrower there.
                    if !walk.alike(from, to) {
                        let place = (from.0.first(), to.0.first());
                        let value = |of: &Place<'d>| of.0.first().map(|node| node.said());
                        let (before, after) = (value(from), value(to));
                        walk.report(pair, &checks::UNKNOWN_CHANGE, place, before, after);
                    }
                } else {
                    walk.condition(pair, from, to, sides.coding);
                }
            }
            (from, to) => condition_moved(walk, sides, from, to),
        }
    }
    let mut keys: Vec<_> = old.maps.keys().chain(new.maps.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys.into_iter().filter(|_| sides.share(Types::OBJECT)) {
        match (old.maps.get(key), new.maps.get(key)) {
            (Some(from), Some(to)) => walk.condition(pair, from, to, sides.coding),
            (from, to) => condition_moved(walk, sides, from, to),
        }
    }
}

/// The types that a condition says something about.
fn applies_to(key: &str) -> Types {
    match key {
        "contains" | "unevaluatedItems" => Types::ARRAY,
        "propertyNames" | "unevaluatedProperties" => Types::OBJECT,
        "contentSchema" => Types::STRING,
        _ => Types::ANY,
    }
}

fn condition_moved<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    from: Option<&Place<'d>>,
    to: Option<&Place<'d>>,
) {
    let node = |place: Option<&Place<'d>>| place.and_then(|place| place.0.first().cloned());
    let (from, to) = (node(from), node(to));
    let check = if to.is_some() {
        &checks::CONSTRAINT_ADDED
    } else {
        &checks::CONSTRAINT_REMOVED
    };
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.said());
    let place = (
        Some(from.as_ref().unwrap_or(&sides.old.node)),
        Some(to.as_ref().unwrap_or(&sides.new.node)),
    );
    walk.report(sides.pair, check, place, value(&from), value(&to));
}

//! Lists of values: `enum`, `const` and `x-extensible-enum`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::compare::schema::text_encoding;
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::Encoding;
use crate::diff::model::document::Node;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::NormalizedSchema;

/// Returns whether two lists contain the same texts.
pub fn same_texts(old: &NormalizedSchema<'_>, new: &NormalizedSchema<'_>) -> bool {
    let texts = |of: &NormalizedSchema<'_>| -> Option<BTreeSet<String>> {
        let values = of.values.as_ref()?.values();
        Some(
            values
                .map(|node| text_encoding::written(node.value))
                .collect(),
        )
    };
    texts(old) == texts(new)
}

/// Returns whether one side lists scalars and the other does not list values. The comparison
/// then only asks if the other side admits the listed values.
pub fn is_one_sided(sides: &Sides<'_>) -> bool {
    let lists = |of: &NormalizedSchema<'_>| {
        let values = of.values.as_ref();
        values.is_some_and(|values| {
            values
                .values()
                .all(|node| Types::of(node.value).within(Types::SCALARS))
        })
    };
    let is_open = |of: &NormalizedSchema<'_>| of.values.is_none() && of.unions.is_empty();
    sides.encoding == Encoding::Json
        && (lists(&sides.old) && is_open(&sides.new) || is_open(&sides.old) && lists(&sides.new))
}

/// Reports listed values that the other side does not admit.
fn strangers<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    values: &BTreeMap<String, Node<'d>>,
    is_new: bool,
) {
    let other = if is_new { &sides.old } else { &sides.new };
    if sides.encoding != Encoding::Json {
        return;
    }
    for node in values
        .values()
        .filter(|node| !other.admits_scalar(node.value))
    {
        let value = Some(node.shown());
        if is_new {
            let location = (Some(&sides.old.node), Some(node));
            walk.report(sides.pair, &checks::ENUM_VALUE_ADDED, location, None, value);
        } else {
            let location = (Some(node), Some(&sides.new.node));
            walk.report(
                sides.pair,
                &checks::ENUM_VALUE_REMOVED,
                location,
                value,
                None,
            );
        }
    }
}

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let pair = sides.pair;
    let (old, new) = (&sides.old, &sides.new);
    let list = |values: &BTreeMap<String, Node<'d>>| -> Option<ShownValue<'d>> {
        Some(
            values
                .values()
                .map(|node| node.value.clone())
                .collect::<Value>()
                .into(),
        )
    };
    match (&old.values, &new.values) {
        (None, None) => {}
        (None, Some(values)) => {
            strangers(walk, sides, values, true);
            walk.report(
                pair,
                &checks::ENUM_ADDED,
                sides.location(),
                None,
                list(values),
            );
        }
        (Some(values), None) => {
            strangers(walk, sides, values, false);
            walk.report(
                pair,
                &checks::ENUM_REMOVED,
                sides.location(),
                list(values),
                None,
            );
        }
        (Some(_), Some(_)) if sides.encoding == Encoding::Text && same_texts(old, new) => {}
        (Some(was), Some(is)) => {
            let gone: Vec<_> = was
                .iter()
                .filter(|(text, _)| !is.contains_key(*text))
                .collect();
            let came: Vec<_> = is
                .iter()
                .filter(|(text, _)| !was.contains_key(*text))
                .collect();
            if let ([(_, from)], [(_, to)], 1, 1) =
                (gone.as_slice(), came.as_slice(), was.len(), is.len())
            {
                let values = (Some(from.shown()), Some(to.shown()));
                let location = (Some(*from), Some(*to));
                walk.report(pair, &checks::CONST_CHANGED, location, values.0, values.1);
                return;
            }
            for (_, node) in gone {
                let before = Some(node.shown());
                let location = (Some(node), Some(&new.node));
                walk.report(pair, &checks::ENUM_VALUE_REMOVED, location, before, None);
            }
            for (_, node) in came {
                let after = Some(node.shown());
                let location = (Some(&old.node), Some(node));
                walk.report(pair, &checks::ENUM_VALUE_ADDED, location, None, after);
            }
        }
    }
    if !old.known.keys().eq(new.known.keys()) {
        let (before, after) = (list(&old.known), list(&new.known));
        let check = &checks::KNOWN_VALUES_CHANGED;
        walk.report(pair, check, sides.location(), before, after);
    }
    if let (Some(was), Some(is)) = (&old.extensible, &new.extensible) {
        for (text, node) in was {
            if !is.contains_key(text) {
                let before = Some(node.shown());
                let location = (Some(node), Some(&new.node));
                walk.report(
                    pair,
                    &checks::EXTENSIBLE_VALUE_REMOVED,
                    location,
                    before,
                    None,
                );
            }
        }
        for (text, node) in is {
            if !was.contains_key(text) {
                let after = Some(node.shown());
                let location = (Some(&old.node), Some(node));
                walk.report(pair, &checks::EXTENSIBLE_VALUE_ADDED, location, None, after);
            }
        }
    }
}

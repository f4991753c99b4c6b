//! Lists of values: `enum`, `const` and `x-extensible-enum`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::checks;
use super::document::Node;
use super::meaning::Meaning;
use super::said::Said;
use super::schemas::Sides;
use super::texts;
use super::walk::{Coding, Walk};

/// Whether two lists are the same as they are written.
pub fn same_texts(old: &Meaning<'_>, new: &Meaning<'_>) -> bool {
    let texts = |of: &Meaning<'_>| -> Option<BTreeSet<String>> {
        let values = of.values.as_ref()?.values();
        Some(values.map(|node| texts::written(node.value)).collect())
    };
    texts(old) == texts(new)
}

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let pair = sides.pair;
    let (old, new) = (&sides.old, &sides.new);
    let list = |values: &BTreeMap<String, Node<'d>>| -> Option<Said<'d>> {
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
            walk.report(pair, &checks::ENUM_ADDED, sides.place(), None, list(values));
        }
        (Some(values), None) => {
            walk.report(
                pair,
                &checks::ENUM_REMOVED,
                sides.place(),
                list(values),
                None,
            );
        }
        (Some(_), Some(_)) if sides.coding == Coding::Text && same_texts(old, new) => {}
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
                let values = (Some(from.said()), Some(to.said()));
                let place = (Some(*from), Some(*to));
                walk.report(pair, &checks::CONST_CHANGED, place, values.0, values.1);
                return;
            }
            for (_, node) in gone {
                let before = Some(node.said());
                let place = (Some(node), Some(&new.node));
                walk.report(pair, &checks::ENUM_VALUE_REMOVED, place, before, None);
            }
            for (_, node) in came {
                let after = Some(node.said());
                let place = (Some(&old.node), Some(node));
                walk.report(pair, &checks::ENUM_VALUE_ADDED, place, None, after);
            }
        }
    }
    if !old.known.keys().eq(new.known.keys()) {
        let (before, after) = (list(&old.known), list(&new.known));
        let check = &checks::KNOWN_VALUES_CHANGED;
        walk.report(pair, check, sides.place(), before, after);
    }
    if let (Some(was), Some(is)) = (&old.extensible, &new.extensible) {
        for (text, node) in was {
            if !is.contains_key(text) {
                let before = Some(node.said());
                let place = (Some(node), Some(&new.node));
                walk.report(pair, &checks::EXTENSIBLE_VALUE_REMOVED, place, before, None);
            }
        }
        for (text, node) in is {
            if !was.contains_key(text) {
                let after = Some(node.said());
                let place = (Some(&old.node), Some(node));
                walk.report(pair, &checks::EXTENSIBLE_VALUE_ADDED, place, None, after);
            }
        }
    }
}

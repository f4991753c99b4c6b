//! Two schemas that stand for each other: types, formats, values, limits and conditions.

use std::rc::Rc;

use serde_json::Value;

use super::document::Node;
use super::limits::{Moved, applies_to};
use super::meaning::Meaning;
use super::place::Peeled;
use super::said::Said;
use super::types::Types;
use super::walk::{Coding, PairId, Quiet, Task, Walk};
use super::{
    checks, conditions, discriminators, formats, objects, texts, unions, uses, values, xml,
};

/// Two meanings on the way through the comparison.
pub struct Sides<'d> {
    pub pair: PairId,
    pub old: Rc<Meaning<'d>>,
    pub new: Rc<Meaning<'d>>,
    pub coding: Coding,
    pub quiet: Quiet,
}

impl<'d> Sides<'d> {
    /// Where the two stand.
    pub fn place(&self) -> (Option<&Node<'d>>, Option<&Node<'d>>) {
        (Some(&self.old.node), Some(&self.new.node))
    }

    /// Whether keywords for a type are to be compared. Of a type that came or went the type says
    /// enough; but a keyword for a type that neither has was written by someone who meant it.
    pub fn share(&self, types: Types) -> bool {
        self.old.types.meets(types) == self.new.types.meets(types)
    }
}

pub fn compare<'d>(walk: &mut Walk<'d>, pair: PairId, task: &Task<'d>) {
    let Some((old, new)) = walk.meanings(task) else {
        return;
    };
    let sides = Sides {
        pair,
        old,
        new,
        coding: task.coding,
        quiet: task.quiet,
    };
    if !task.quiet.words {
        uses::words(
            walk,
            pair,
            sides.place(),
            &sides.old.words,
            &sides.new.words,
        );
        let bare = |core: &[Node<'d>]| Peeled {
            wrappers: Vec::new(),
            nullable: false,
            core: core.to_vec(),
            dangling: false,
        };
        uses::flags(walk, pair, &bare(&task.base), &bare(&task.revision));
    }
    if sides.old.never || sides.new.never {
        return nothing_valid(walk, &sides);
    }
    unknown(walk, &sides);
    let Some(sides) = unions::compare(walk, sides) else {
        return;
    };
    let is_comparable = types(walk, &sides);
    if is_comparable {
        nullability(walk, &sides);
        formats::compare(walk, &sides);
        values::compare(walk, &sides);
        limits(walk, &sides);
        texts(walk, &sides);
        // Where anything goes, nothing is missing and nothing is news.
        if !sides.old.any && !sides.new.any {
            objects::compare(walk, &sides);
        }
        conditions::compare(walk, &sides);
        composition(walk, &sides);
        discriminators::of_schemas(walk, &sides);
    }
}

/// `false` as a schema, on one side or both.
fn nothing_valid<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let check = match (old.never, new.never) {
        (false, true) => &checks::TYPE_NARROWED,
        (true, false) => &checks::TYPE_WIDENED,
        _ => return,
    };
    let said = |meaning: &Meaning<'d>| Some(meaning.node.said());
    walk.report(sides.pair, check, sides.place(), said(old), said(new));
}

/// Compares the types; false if the two have nothing in common, so that nothing else need be said.
fn types<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) -> bool {
    let (old, new) = (&sides.old, &sides.new);
    let (was, is) = (old.types, new.types);
    if was == is {
        return true;
    }
    let null = |meaning: &Meaning<'_>| {
        if meaning.nullable && !meaning.any {
            Types::NULL
        } else {
            Types::NONE
        }
    };
    let before = Some(was.or(null(old)).to_value().into());
    let after = Some(is.or(null(new)).to_value().into());
    let is_text = sides.coding == Coding::Text;
    if old.values.is_some() && new.values.is_some() && !(is_text && values::same_texts(old, new)) {
        return true;
    }
    let is_narrower = is.within(was);
    let fit = match (was.within(is), is_narrower) {
        (false, false) if is_text => (texts::fits(old, new), texts::fits(new, old)),
        (false, false) if sides.coding == Coding::XmlRoot => {
            (xml::fits(old, new), xml::fits(new, old))
        }
        // Who wrote an alternative for each type meant each, though it is the same text.
        (false, true) if is_text && old.lists.is_empty() => (texts::fits(old, new), true),
        fit => fit,
    };
    let check = match fit {
        (true, true) if is_narrower => &checks::TYPE_LEFT_TO_TEXT,
        (true, true) => &checks::TYPE_RESPELLED,
        (true, false) => &checks::TYPE_WIDENED,
        (false, true) => &checks::TYPE_NARROWED,
        (false, false) => &checks::TYPE_CHANGED,
    };
    // A list of values says which types there are; that it came or went is said by itself.
    if old.values.is_some() != new.values.is_some() && !std::ptr::eq(check, &checks::TYPE_CHANGED) {
        return true;
    }
    walk.report(sides.pair, check, sides.place(), before, after);
    !std::ptr::eq(check, &checks::TYPE_CHANGED) || was.meets(is)
}

/// Compares whether null is valid, unless the use has said so already.
pub fn nullability<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let is_open = |of: &Meaning<'_>| of.any || of.null_unsaid && !of.nullable;
    if sides.quiet.null || old.nullable == new.nullable || is_open(old) || is_open(new) {
        return;
    }
    let check = if new.nullable {
        &checks::NULLABLE
    } else {
        &checks::NOT_NULLABLE
    };
    let (before, after) = (old.nullable.into(), new.nullable.into());
    walk.report(sides.pair, check, sides.place(), Some(before), Some(after));
}

fn limits<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    for (key, moved, from, to) in old.limits.moved(&new.limits) {
        if !sides.share(applies_to(key)) {
            continue;
        }
        let check = match moved {
            Moved::Tighter => &checks::LIMIT_TIGHTENED,
            Moved::Wider => &checks::LIMIT_RELAXED,
        };
        let said = |node: &Option<Node<'d>>| {
            node.as_ref()
                .map(|node| serde_json::json!({ key: node.value }).into())
        };
        let place = (
            Some(from.as_ref().unwrap_or(&old.node)),
            Some(to.as_ref().unwrap_or(&new.node)),
        );
        walk.report(sides.pair, check, place, said(&from), said(&to));
    }
    if !sides.share(Types::NUMBER) {
        return;
    }
    let number = |node: &Option<Node<'d>>| node.as_ref().and_then(|node| node.value.as_f64());
    let (from, to) = (&old.multiple_of, &new.multiple_of);
    let check = match (number(from), number(to)) {
        (None, None) => return,
        (None, Some(_)) => &checks::LIMIT_TIGHTENED,
        (Some(_), None) => &checks::LIMIT_RELAXED,
        (Some(was), Some(is)) if was == is => return,
        (Some(was), Some(is)) if is % was == 0.0 => &checks::LIMIT_TIGHTENED,
        (Some(was), Some(is)) if was % is == 0.0 => &checks::LIMIT_RELAXED,
        _ => &checks::MULTIPLE_CHANGED,
    };
    let said = |node: &Option<Node<'d>>| {
        node.as_ref()
            .map(|node| serde_json::json!({ "multipleOf": node.value }).into())
    };
    let place = (
        Some(from.as_ref().unwrap_or(&old.node)),
        Some(to.as_ref().unwrap_or(&new.node)),
    );
    walk.report(sides.pair, check, place, said(from), said(to));
}

/// Patterns, and what text holds.
fn texts<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    if sides.share(Types::STRING) && !old.patterns.keys().eq(new.patterns.keys()) {
        let check = if old
            .patterns
            .keys()
            .all(|key| new.patterns.contains_key(key))
        {
            &checks::PATTERN_ADDED
        } else if new
            .patterns
            .keys()
            .all(|key| old.patterns.contains_key(key))
        {
            &checks::PATTERN_REMOVED
        } else {
            &checks::PATTERN_CHANGED
        };
        let list = |of: &Meaning<'d>| {
            let mut all: Vec<Value> = of.patterns.keys().map(|key| Value::from(*key)).collect();
            match all.len() {
                0 => None,
                1 => all.pop().map(Said::from),
                _ => Some(Said::from(all)),
            }
        };
        let place = (
            old.patterns.values().next().or(Some(&old.node)),
            new.patterns.values().next().or(Some(&new.node)),
        );
        walk.report(sides.pair, check, place, list(old), list(new));
    }
    let contents = ["contentEncoding", "contentMediaType"];
    let are_compared = sides.share(Types::STRING) && !formats::same_bytes(old, new);
    for key in contents.iter().filter(|_| are_compared) {
        let (from, to) = (old.content.get(key), new.content.get(key));
        let value = |node: Option<&Node<'d>>| node.map(|node| node.said());
        if value(from) != value(to) {
            let place = (from.or(Some(&old.node)), to.or(Some(&new.node)));
            walk.report(
                sides.pair,
                &checks::CONTENT_CHANGED,
                place,
                value(from),
                value(to),
            );
        }
    }
    let (from, to) = (old.xml.as_ref(), new.xml.as_ref());
    let value = |node: Option<&Node<'d>>| node.map(|node| node.said());
    if sides.coding.inner() == Coding::Xml && value(from) != value(to) {
        let place = (from.or(Some(&old.node)), to.or(Some(&new.node)));
        walk.report(
            sides.pair,
            &checks::XML_CHANGED,
            place,
            value(from),
            value(to),
        );
    }
}

/// Components that a schema is composed of make its type another one, even where they add nothing.
fn composition<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old.names, &sides.new.names);
    if old.is_empty() || new.is_empty() {
        return;
    }
    let list =
        |names: Vec<&String>| Some(Said::from(names.into_iter().cloned().collect::<Vec<_>>()));
    if old.is_subset(new) {
        let came: Vec<_> = new
            .difference(old)
            .filter(|name| walk.base.has_schema(name))
            .collect();
        if !came.is_empty() {
            let after = list(came);
            walk.report(
                sides.pair,
                &checks::COMPOSITION_ADDED,
                sides.place(),
                None,
                after,
            );
        }
    } else if new.is_subset(old) {
        let gone: Vec<_> = old
            .difference(new)
            .filter(|name| walk.revision.has_schema(name))
            .collect();
        if !gone.is_empty() {
            let before = list(gone);
            let place = sides.place();
            walk.report(
                sides.pair,
                &checks::COMPOSITION_REMOVED,
                place,
                before,
                None,
            );
        }
    }
}

fn unknown<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let mut keys: Vec<_> = old.unknown.keys().chain(new.unknown.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let (from, to) = (old.unknown.get(key), new.unknown.get(key));
        let value = |node: Option<&Node<'d>>| node.map(|node| node.said());
        if value(from) == value(to) {
            continue;
        }
        let check = if *key == "$ref" {
            &checks::UNKNOWN_REFERENCE
        } else {
            &checks::UNKNOWN_CHANGE
        };
        let place = (from.or(Some(&old.node)), to.or(Some(&new.node)));
        walk.report(sides.pair, check, place, value(from), value(to));
    }
}

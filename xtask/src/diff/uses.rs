//! What the use of a schema says beside the schema: `null`, `readOnly`, defaults, words.

use serde_json::Value;

use super::checks;
use super::document::Node;
use super::lifecycle;
use super::place::{Peeled, Words};
use super::said::Said;
use super::walk::{PairId, Walk};

/// Compares what the wrappers of two uses add.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    pair: PairId,
    old: &Peeled<'d>,
    new: &Peeled<'d>,
    quiet_null: bool,
) {
    if old.nullable != new.nullable && !quiet_null {
        let was = old.nullable || may_be_null(walk.base_meaning(&old.core).as_deref());
        let is = new.nullable || may_be_null(walk.revision_meaning(&new.core).as_deref());
        let place = (place(old), place(new));
        match (was, is) {
            (false, true) => walk.report(
                pair,
                &checks::NULLABLE,
                place,
                Some(false.into()),
                Some(true.into()),
            ),
            (true, false) => walk.report(
                pair,
                &checks::NOT_NULLABLE,
                place,
                Some(true.into()),
                Some(false.into()),
            ),
            _ => {}
        }
    }
    let (was, is) = if old.wrappers.is_empty() == new.wrappers.is_empty() {
        (old.words(), new.words())
    } else {
        (old.all_words(), new.all_words())
    };
    words(walk, pair, (place(old), place(new)), &was, &is);
    flags(walk, pair, old, new);
}

/// The node that names the use in a report.
fn place<'n, 'd>(of: &'n Peeled<'d>) -> Option<&'n Node<'d>> {
    of.wrappers.first().or(of.core.first())
}

fn may_be_null(meaning: Option<&super::meaning::Meaning<'_>>) -> bool {
    meaning.is_some_and(|meaning| meaning.nullable || meaning.null_unsaid)
}

/// Compares documentation; one finding a place.
pub fn words<'d>(
    walk: &mut Walk<'d>,
    pair: PairId,
    place: (Option<&Node<'d>>, Option<&Node<'d>>),
    was: &Words<'d>,
    is: &Words<'d>,
) {
    if let Some((before, after)) = differing(was, is) {
        walk.report(pair, &checks::SCHEMA_DOCS, place, Some(before), Some(after));
    }
}

/// What differs between two sets of words.
pub fn differing<'d>(was: &Words<'d>, is: &Words<'d>) -> Option<(Said<'d>, Said<'d>)> {
    let only = |of: &Words<'d>, other: &Words<'d>| -> Said<'d> {
        let differs = of
            .iter()
            .filter(|(key, values)| other.get(*key) != Some(values));
        let single: Option<Box<[_]>> = differs
            .clone()
            .map(|(key, values)| match values.as_slice() {
                [only] => Some((*key, *only)),
                _ => None,
            })
            .collect();
        if let Some(members) = single {
            return Said::Members(members);
        }
        let members = differs.map(|(key, values)| {
            let value = match values.as_slice() {
                [only] => (*only).clone(),
                several => several.iter().map(|value| (*value).clone()).collect(),
            };
            ((*key).to_owned(), value)
        });
        Value::Object(members.collect()).into()
    };
    (was != is).then(|| (only(was, is), only(is, was)))
}

/// Compares `readOnly`, `writeOnly`, `default` and the life cycle of a use.
pub fn flags<'d>(walk: &mut Walk<'d>, pair: PairId, old: &Peeled<'d>, new: &Peeled<'d>) {
    for (key, check) in [
        ("readOnly", &checks::READ_ONLY),
        ("writeOnly", &checks::WRITE_ONLY),
    ] {
        let (was, is) = (old.flag(key), new.flag(key));
        if was != is {
            let stands = |of: &Peeled<'d>| of.of_use(key);
            let (from, to) = (stands(old), stands(new));
            let place = (
                from.as_ref().or(old.core.first()),
                to.as_ref().or(new.core.first()),
            );
            walk.report(pair, check, place, Some(was.into()), Some(is.into()));
        }
    }
    let (from, to) = (old.of_use("default"), new.of_use("default"));
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.said());
    if value(&from) != value(&to) {
        let place = (
            from.as_ref().or(old.core.first()),
            to.as_ref().or(new.core.first()),
        );
        walk.report(
            pair,
            &checks::DEFAULT_CHANGED,
            place,
            value(&from),
            value(&to),
        );
    }
    for found in lifecycle::compare(&old.marks(), &new.marks()) {
        let place = (place(old), place(new));
        walk.report(pair, found.check, place, found.before, found.after);
    }
}

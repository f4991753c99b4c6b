//! Keywords about the use of a schema: `null`, `readOnly`, defaults and annotations.

use serde_json::Value;

use crate::diff::compare::lifecycle;
use crate::diff::compare::walk::{PairId, Walk};
use crate::diff::model::checks;
use crate::diff::model::context::Side;
use crate::diff::model::document::Node;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::normalize::schema_use::{Annotations, Unwrapped};

/// Compares the keywords that the wrappers of two uses add.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    pair: PairId,
    old: &Unwrapped<'d>,
    new: &Unwrapped<'d>,
    suppress_null: bool,
) {
    if old.nullable != new.nullable && !suppress_null {
        let was =
            old.nullable || may_be_null(walk.normalized_core(Side::Base, &old.core).as_deref());
        let is =
            new.nullable || may_be_null(walk.normalized_core(Side::Revision, &new.core).as_deref());
        let location = (location(old), location(new));
        match (was, is) {
            (false, true) => walk.report(
                pair,
                &checks::NULLABLE,
                location,
                Some(false.into()),
                Some(true.into()),
            ),
            (true, false) => walk.report(
                pair,
                &checks::NOT_NULLABLE,
                location,
                Some(true.into()),
                Some(false.into()),
            ),
            _ => {}
        }
    }
    let (was, is) = if old.wrappers.is_empty() == new.wrappers.is_empty() {
        (old.annotations(), new.annotations())
    } else {
        (old.all_annotations(), new.all_annotations())
    };
    annotations(walk, pair, (location(old), location(new)), &was, &is);
    flags(walk, pair, old, new);
}

/// Returns the node that locates the use in a report.
fn location<'n, 'd>(of: &'n Unwrapped<'d>) -> Option<&'n Node<'d>> {
    of.wrappers.first().or(of.core.first())
}

fn may_be_null(
    normalized: Option<&crate::diff::normalize::normalized_schema::NormalizedSchema<'_>>,
) -> bool {
    normalized.is_some_and(|normalized| normalized.nullable || normalized.null_unsaid)
}

/// Compares annotations. All differences of one schema are one change.
pub fn annotations<'d>(
    walk: &mut Walk<'d>,
    pair: PairId,
    location: (Option<&Node<'d>>, Option<&Node<'d>>),
    was: &Annotations<'d>,
    is: &Annotations<'d>,
) {
    if let Some((before, after)) = differing(was, is) {
        walk.report(
            pair,
            &checks::SCHEMA_DOCS,
            location,
            Some(before),
            Some(after),
        );
    }
}

/// Returns the annotations that differ, before and after.
pub fn differing<'d>(
    was: &Annotations<'d>,
    is: &Annotations<'d>,
) -> Option<(ShownValue<'d>, ShownValue<'d>)> {
    let only = |of: &Annotations<'d>, other: &Annotations<'d>| -> ShownValue<'d> {
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
            return ShownValue::Members(members);
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

/// Compares `readOnly`, `writeOnly`, `default` and the lifecycle of a use.
pub fn flags<'d>(walk: &mut Walk<'d>, pair: PairId, old: &Unwrapped<'d>, new: &Unwrapped<'d>) {
    for (key, check) in [
        ("readOnly", &checks::READ_ONLY),
        ("writeOnly", &checks::WRITE_ONLY),
    ] {
        let (was, is) = (old.flag(key), new.flag(key));
        if was != is {
            let stands = |of: &Unwrapped<'d>| of.of_use(key);
            let (from, to) = (stands(old), stands(new));
            let location = (
                from.as_ref().or(old.core.first()),
                to.as_ref().or(new.core.first()),
            );
            walk.report(pair, check, location, Some(was.into()), Some(is.into()));
        }
    }
    let (from, to) = (old.of_use("default"), new.of_use("default"));
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
    if value(&from) != value(&to) {
        let location = (
            from.as_ref().or(old.core.first()),
            to.as_ref().or(new.core.first()),
        );
        walk.report(
            pair,
            &checks::DEFAULT_CHANGED,
            location,
            value(&from),
            value(&to),
        );
    }
    for found in lifecycle::compare(&old.marks(), &new.marks()) {
        let location = (location(old), location(new));
        walk.report(pair, found.check, location, found.before, found.after);
    }
}

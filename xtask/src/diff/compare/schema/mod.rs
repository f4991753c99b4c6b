//! Compares two schemas: types, limits, strings and composition; other aspects have files of their
//! own.

mod applicators;
mod constraints;
mod discriminator;
mod format;
mod mapping;
mod moved;
mod nullability;
mod objects;
mod one_of;
mod overlap;
mod pairing;
pub mod polarity;
mod repeated;
mod requirements;
mod sent;
mod subset;
mod subtypes;
pub mod text_encoding;
mod undeclared;
mod unions;
pub mod uses;
mod values;
mod xml;

use serde_json::Value;

use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::{PairId, SchemaTask, Walk};
use crate::diff::model::checks;
use crate::diff::model::context::Encoding;
use crate::diff::model::decimal::Decimal;
use crate::diff::model::document::Node;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::types::Types;
use crate::diff::normalize::limits::{LimitChange, applies_to};
use crate::diff::normalize::normalized_schema::NormalizedSchema;
use crate::diff::normalize::schema_use::Unwrapped;

pub fn compare<'d>(walk: &mut Walk<'d>, pair: PairId, task: &SchemaTask<'d>) {
    let Some((old, new)) = walk.normalized(task) else {
        return;
    };
    let sides = Sides {
        pair,
        old,
        new,
        encoding: task.encoding,
        suppress: task.suppress,
    };
    if !task.suppress.annotations {
        uses::annotations(
            walk,
            pair,
            sides.location(),
            &sides.old.annotations,
            &sides.new.annotations,
        );
        let bare = |core: &[Node<'d>]| Unwrapped {
            wrappers: Vec::new(),
            nullable: false,
            nulls: Vec::new(),
            core: core.to_vec(),
            dangling: false,
        };
        uses::flags(walk, pair, &bare(&task.base), &bare(&task.revision));
        unions::annotations(walk, &sides);
    }
    if sides.old.never || sides.new.never {
        return nothing_valid(walk, &sides);
    }
    unknown(walk, &sides);
    let Some(sides) = unions::compare(walk, sides) else {
        return;
    };
    if values::is_one_sided(&sides) {
        nullability::compare(walk, &sides);
        values::compare(walk, &sides);
        return;
    }
    if types(walk, &sides) {
        nullability::compare(walk, &sides);
        format::compare(walk, &sides);
        values::compare(walk, &sides);
        limits(walk, &sides);
        texts(walk, &sides);
        // A schema without a type describes no properties that could be missing.
        if !sides.old.any && !sides.new.any {
            objects::compare(walk, &sides);
        }
        applicators::compare(walk, &sides);
        constraints::compare(walk, &sides);
        composition(walk, &sides);
        discriminator::of_schemas(walk, &sides);
    }
}

/// Compares two schemas of which one or both are `false`.
fn nothing_valid<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    let check = match (old.never, new.never) {
        (false, true) => &checks::TYPE_NARROWED,
        (true, false) => &checks::TYPE_WIDENED,
        _ => return,
    };
    let shown = |normalized: &NormalizedSchema<'d>| Some(normalized.node.shown());
    walk.report(sides.pair, check, sides.location(), shown(old), shown(new));
}

/// Compares the types. Returns false if the schemas have no type in common.
fn types<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) -> bool {
    let (old, new) = (&sides.old, &sides.new);
    let (was, is) = (old.types, new.types);
    let is_of_variants = |of: &NormalizedSchema<'_>| !of.is_typed && !of.unions.is_empty();
    // Variants that came or went have been reported.
    if was == is || is_of_variants(old) && is_of_variants(new) {
        return true;
    }
    let null = |normalized: &NormalizedSchema<'_>| {
        if normalized.nullable && !normalized.any {
            Types::NULL
        } else {
            Types::NONE
        }
    };
    let before = Some(was.or(null(old)).to_value().into());
    let after = Some(is.or(null(new)).to_value().into());
    let is_text = sides.encoding == Encoding::Text;
    if old.values.is_some() && new.values.is_some() && !(is_text && values::same_texts(old, new)) {
        return true;
    }
    let is_narrower = is.within(was);
    let fit = match (was.within(is), is_narrower) {
        (false, false) if is_text => (
            text_encoding::is_subset(old, new),
            text_encoding::is_subset(new, old),
        ),
        (false, false) if sides.encoding == Encoding::XmlRoot => {
            (xml::is_subset(old, new), xml::is_subset(new, old))
        }
        // A union that lists each type separately means each of them, even if the texts are equal.
        (false, true) if is_text && old.lists.is_empty() => {
            (text_encoding::is_subset(old, new), true)
        }
        fit => fit,
    };
    let check = match fit {
        (true, true) if is_narrower => &checks::TYPE_LEFT_TO_TEXT,
        (true, true) => &checks::TYPE_RESPELLED,
        (true, false) => &checks::TYPE_WIDENED,
        (false, true) => &checks::TYPE_NARROWED,
        (false, false) => &checks::TYPE_CHANGED,
    };
    // A list of values determines the types; an added or removed list is reported separately.
    if old.values.is_some() != new.values.is_some() && !std::ptr::eq(check, &checks::TYPE_CHANGED) {
        return true;
    }
    walk.report(sides.pair, check, sides.location(), before, after);
    !std::ptr::eq(check, &checks::TYPE_CHANGED) || was.meets(is)
}

fn limits<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old, &sides.new);
    for (key, moved, from, to) in old.limits.changes(&new.limits) {
        // A number beside an object is a mistake, but a changed number means something.
        let are_meant = from.is_some() && to.is_some() && sides.share(Types::OBJECT);
        let applies = sides.share(applies_to(key));
        if !(applies || are_meant) {
            continue;
        }
        let check = match moved {
            LimitChange::Tighter => &checks::LIMIT_TIGHTENED,
            LimitChange::Wider => &checks::LIMIT_RELAXED,
        };
        let shown = |node: &Option<Node<'d>>| {
            node.as_ref()
                .map(|node| serde_json::json!({ key: node.value }).into())
        };
        let location = (
            Some(from.as_ref().unwrap_or(&old.node)),
            Some(to.as_ref().unwrap_or(&new.node)),
        );
        let (before, after) = (shown(&from), shown(&to));
        match applies {
            true => walk.report(sides.pair, check, location, before, after),
            false => walk.report_meant(sides.pair, check, location, (before, after)),
        }
    }
    multiples(walk, sides);
}

fn multiples<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    if !sides.share(Types::NUMBER) {
        return;
    }
    let (old, new) = (&sides.old, &sides.new);
    let check = match (old.multiple, new.multiple) {
        (was, is) if was == is => return,
        // A whole multiple of whole numbers only: the change of the type says the rest.
        (None, Some(_)) => &checks::LIMIT_TIGHTENED,
        (Some(was), None) => {
            // Integers are the multiples of 1.
            let is_integer = !new.types.meets(Types::FRACTION);
            if is_integer && !Decimal::ONE.is_multiple_of(was) && !was.is_multiple_of(Decimal::ONE)
            {
                &checks::MULTIPLE_CHANGED
            } else if is_integer && Decimal::ONE.is_multiple_of(was) {
                &checks::LIMIT_TIGHTENED
            } else {
                &checks::LIMIT_RELAXED
            }
        }
        (Some(was), Some(is)) if is.is_multiple_of(was) => &checks::LIMIT_TIGHTENED,
        (Some(was), Some(is)) if was.is_multiple_of(is) => &checks::LIMIT_RELAXED,
        _ => &checks::MULTIPLE_CHANGED,
    };
    let (from, to) = (old.multiples.first(), new.multiples.first());
    let shown = |of: &NormalizedSchema<'d>| match of.multiples.as_slice() {
        [] => None,
        [one] => Some(serde_json::json!({ "multipleOf": one.value }).into()),
        several => {
            let values: Vec<_> = several.iter().map(|node| node.value).collect();
            Some(serde_json::json!({ "multipleOf": values }).into())
        }
    };
    let location = (from.or(Some(&old.node)), to.or(Some(&new.node)));
    walk.report(sides.pair, check, location, shown(old), shown(new));
}

/// Compares patterns, encoded content and XML names.
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
        let list = |of: &NormalizedSchema<'d>| {
            let mut all: Vec<Value> = of.patterns.keys().map(|key| Value::from(*key)).collect();
            match all.len() {
                0 => None,
                1 => all.pop().map(ShownValue::from),
                _ => Some(ShownValue::from(all)),
            }
        };
        let location = (
            old.patterns.values().next().or(Some(&old.node)),
            new.patterns.values().next().or(Some(&new.node)),
        );
        walk.report(sides.pair, check, location, list(old), list(new));
    }
    let contents = ["contentEncoding", "contentMediaType"];
    let are_compared = sides.share(Types::STRING) && !format::same_bytes(old, new);
    for key in contents.iter().filter(|_| are_compared) {
        let (from, to) = (old.content.get(key), new.content.get(key));
        let value = |node: Option<&Node<'d>>| node.map(|node| node.shown());
        // Names of encodings and media types ignore case.
        let name = |node: Option<&Node<'d>>| node.map(|it| it.value.to_string().to_lowercase());
        if name(from) != name(to) {
            let location = (from.or(Some(&old.node)), to.or(Some(&new.node)));
            walk.report(
                sides.pair,
                &checks::CONTENT_CHANGED,
                location,
                value(from),
                value(to),
            );
        }
    }
    let (from, to) = (old.xml.as_ref(), new.xml.as_ref());
    let value = |node: Option<&Node<'d>>| node.map(|node| node.shown());
    if sides.encoding.inner() == Encoding::Xml && xml::said(old) != xml::said(new) {
        let location = (from.or(Some(&old.node)), to.or(Some(&new.node)));
        walk.report(
            sides.pair,
            &checks::XML_CHANGED,
            location,
            value(from),
            value(to),
        );
    }
}

/// Compares the components of `allOf`: they change the Rust type even if they add no property.
fn composition<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (&sides.old.names, &sides.new.names);
    if old.is_empty() || new.is_empty() {
        return;
    }
    let list = |names: Vec<&String>| {
        Some(ShownValue::from(
            names.into_iter().cloned().collect::<Vec<_>>(),
        ))
    };
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
                sides.location(),
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
            let location = sides.location();
            walk.report(
                sides.pair,
                &checks::COMPOSITION_REMOVED,
                location,
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
        let value = |node: Option<&Node<'d>>| node.map(|node| node.shown());
        if value(from) == value(to) {
            continue;
        }
        let check = if *key == "$ref" {
            &checks::UNKNOWN_REFERENCE
        } else {
            &checks::UNKNOWN_CHANGE
        };
        let location = (from.or(Some(&old.node)), to.or(Some(&new.node)));
        walk.report(sides.pair, check, location, value(from), value(to));
    }
}

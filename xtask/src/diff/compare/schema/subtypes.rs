//! Compares the subtypes of a base schema with a discriminator: components that are composed of the
//! base, and components that the discriminator maps to.

use std::collections::BTreeMap;

use crate::diff::compare::schema::mapping::{report, targets};
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::Side;
use crate::diff::model::document::{Document, Node};
use crate::diff::normalize::schema_use::SchemaUse;

/// The depth to which subtypes are compared to find renamed ones.
const DEPTH: u8 = 4;

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, (was, is): (&Node<'d>, &Node<'d>)) {
    let old = list(&walk.base, &sides.old.node, was);
    let mut new = list(&walk.revision, &sides.new.node, is);
    let mut gone = Vec::new();
    for (name, from) in old {
        match new.remove(name) {
            Some(to) => pair(walk, sides, &from, &to),
            None => gone.push((name, from)),
        }
    }
    for (name, from) in gone {
        let shape = walk.shape(Side::Base, &from.schema, DEPTH);
        let renamed = new.iter().find_map(|(other, to)| {
            let is_free = !walk.revision.has_schema(name) && !walk.base.has_schema(other);
            (is_free && walk.shape(Side::Revision, &to.schema, DEPTH) == shape).then_some(*other)
        });
        if let Some(to) = renamed.and_then(|other| new.remove(other)) {
            pair(walk, sides, &from, &to);
        } else if !from.is_mapped {
            let check = &checks::DISCRIMINATOR_VALUE_REMOVED;
            report(
                walk,
                sides,
                check,
                (was, is),
                name,
                (Some(name.to_owned()), None),
            );
        }
    }
    for (name, to) in new {
        if !to.is_mapped {
            let check = &checks::DISCRIMINATOR_VALUE_ADDED;
            report(
                walk,
                sides,
                check,
                (was, is),
                name,
                (None, Some(name.to_owned())),
            );
        }
    }
}

/// A schema that a value of the base can have.
struct Subtype<'d> {
    schema: SchemaUse<'d>,
    /// A discriminator value names the schema; the values are compared by themselves.
    is_mapped: bool,
}

/// Returns the subtypes by component name.
fn list<'d>(
    document: &Document<'d>,
    base: &Node<'d>,
    discriminator: &Node<'d>,
) -> BTreeMap<&'d str, Subtype<'d>> {
    let subtype = |node: Node<'d>, is_mapped| Subtype {
        schema: SchemaUse::one(node),
        is_mapped,
    };
    let composed = document.subtypes(base).into_iter();
    let mut list: BTreeMap<_, _> = composed
        .map(|(name, node)| (name, subtype(node, false)))
        .collect();
    for pointer in targets(discriminator).into_values() {
        if let Some((name, node)) = document.schema(&pointer) {
            list.insert(name, subtype(node, true));
        }
    }
    list
}

fn pair<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, from: &Subtype<'d>, to: &Subtype<'d>) {
    walk.subtype(sides.pair, (&from.schema, &to.schema), sides.encoding);
}

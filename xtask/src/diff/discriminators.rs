//! Discriminators: which value of which property names which alternative.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::{self, Check};
use super::document::{Document, Node};
use super::likeness::Side;
use super::meaning::Union;
use super::pairing::{Identity, Paired, target};
use super::place::Place;
use super::schemas::Sides;
use super::walk::Walk;

type Discriminator<'n, 'd> = Option<&'n Node<'d>>;

/// Compares the discriminators of two unions whose alternatives have been paired.
pub fn of_unions<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (from, to): (&Union<'d>, &Union<'d>),
    paired: &Paired,
) {
    let both = (from.discriminator.as_ref(), to.discriminator.as_ref());
    let Some((was, is)) = same_property(walk, sides, both) else {
        return;
    };
    let property = was.text("propertyName").unwrap_or_default();
    let old = tags(walk, Side::Base, (from, was), &paired.old, property);
    let new = tags(walk, Side::Revision, (to, is), &paired.new, property);
    let names = |tags: &Tags, index: Option<usize>| {
        index.is_some() && tags.values().any(|tag| tag.branch == index)
    };
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for tag in all {
        let check = match (old.get(tag), new.get(tag)) {
            (Some(was), Some(is)) => {
                let partner = was.branch.and_then(|index| paired.partner(index));
                let is_same = partner.is_some() && partner == is.branch
                    || was.pointer == is.pointer
                    || is_renamed(walk, &was.pointer, &is.pointer);
                if is_same {
                    continue;
                }
                &checks::TAG_REDIRECTED
            }
            // What came or went with its alternative is reported as such.
            (Some(was), None) => {
                let partner = was.branch.and_then(|index| paired.partner(index));
                if !names(&new, partner) {
                    continue;
                }
                &checks::TAG_REMOVED
            }
            (None, Some(is)) => {
                let partner = is.branch.and_then(|index| paired.old_partner(index));
                if !names(&old, partner) {
                    continue;
                }
                &checks::TAG_ADDED
            }
            (None, None) => continue,
        };
        let said = |tags: &Tags| tags.get(tag).map(|tag| tag.pointer.clone());
        report(walk, sides, check, (was, is), tag, (said(&old), said(&new)));
    }
}

/// Compares the discriminators of two schemas that others are composed of.
pub fn of_schemas<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let both = (
        sides.old.discriminator.as_ref(),
        sides.new.discriminator.as_ref(),
    );
    let Some((was, is)) = same_property(walk, sides, both) else {
        return;
    };
    let (old, new) = (targets(was), targets(is));
    let all: BTreeSet<&&str> = old.keys().chain(new.keys()).collect();
    for tag in all {
        let check = match (old.get(tag), new.get(tag)) {
            (Some(from), Some(to)) if from == to || is_renamed(walk, from, to) => continue,
            (Some(_), Some(_)) => &checks::TAG_REDIRECTED,
            (Some(_), None) => &checks::TAG_REMOVED,
            _ => &checks::TAG_ADDED,
        };
        let said = |targets: &BTreeMap<&str, String>| targets.get(*tag).cloned();
        report(walk, sides, check, (was, is), tag, (said(&old), said(&new)));
    }
}

/// Both discriminators, if they are the same property.
fn same_property<'n, 'd>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    both: (Discriminator<'n, 'd>, Discriminator<'n, 'd>),
) -> Option<(&'n Node<'d>, &'n Node<'d>)> {
    let name = |node: Discriminator<'_, 'd>| node.and_then(|node| node.get("propertyName"));
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.said());
    let (from, to) = (name(both.0), name(both.1));
    match both {
        (Some(was), Some(is)) if value(&from) == value(&to) => return Some((was, is)),
        (None, None) => {}
        (Some(_), Some(_)) => {
            let check = &checks::DISCRIMINATOR_PROPERTY;
            walk.report(
                sides.pair,
                check,
                (from.as_ref(), to.as_ref()),
                value(&from),
                value(&to),
            );
        }
        (was, is) => {
            let value = |node: Discriminator<'_, 'd>| node.map(|node| node.said());
            let place = (was.or(Some(&sides.old.node)), is.or(Some(&sides.new.node)));
            walk.report(
                sides.pair,
                &checks::DISCRIMINATOR_CHANGED,
                place,
                value(was),
                value(is),
            );
        }
    }
    None
}

fn report<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    check: &'static Check,
    (was, is): (&Node<'d>, &Node<'d>),
    tag: &str,
    named: (Option<String>, Option<String>),
) {
    let at = |node: &Node<'d>| {
        node.get("mapping")
            .unwrap_or_else(|| node.clone())
            .below(tag)
    };
    let (before, after) = match named {
        (Some(was), Some(is)) => (Some(was.into()), Some(is.into())),
        (Some(_), None) => (Some(tag.into()), None),
        _ => (None, Some(tag.into())),
    };
    walk.report(
        sides.pair,
        check,
        (Some(&at(was)), Some(&at(is))),
        before,
        after,
    );
}

/// What a value of the discriminator names.
struct Tag {
    /// Which alternative, if it is one.
    branch: Option<usize>,
    pointer: String,
}

type Tags = BTreeMap<String, Tag>;

/// The values of a discriminator: those that are mapped, or else the names of components. What an
/// alternative says of the property itself is compared with the rest of it.
fn tags<'d>(
    walk: &mut Walk<'d>,
    side: Side,
    (union, discriminator): (&Union<'d>, &Node<'d>),
    identities: &[Identity],
    property: &str,
) -> Tags {
    let mut tags = Tags::new();
    for (tag, pointer) in targets(discriminator) {
        let branch = None;
        tags.insert(tag.to_owned(), Tag { branch, pointer });
    }
    for (index, (identity, branch)) in identities.iter().zip(&union.branches).enumerate() {
        if lists_values(walk, side, branch, property) {
            tags.retain(|tag, _| !identity.mapped.contains(tag));
            continue;
        }
        let named = identity.name.as_ref();
        let unmapped = named.filter(|_| identity.mapped.is_empty());
        for tag in identity.mapped.iter().chain(unmapped) {
            let pointer = tags.remove(tag).map(|tag| tag.pointer);
            let pointer = pointer.or_else(|| named.map(|name| target(name)));
            if let Some(pointer) = pointer {
                let branch = Some(index);
                tags.insert(tag.clone(), Tag { branch, pointer });
            }
        }
    }
    tags
}

/// Whether an alternative says which values of the property are its own.
fn lists_values<'d>(walk: &mut Walk<'d>, side: Side, of: &Place<'d>, property: &str) -> bool {
    let meaning = walk.meaning_at(side, of);
    let place = meaning.as_ref().and_then(|of| of.properties.get(property));
    place
        .and_then(|place| walk.meaning_at(side, place))
        .is_some_and(|of| of.values.is_some())
}

/// The mapping, without what goes without saying.
fn targets<'d>(discriminator: &Node<'d>) -> BTreeMap<&'d str, String> {
    let mapping = discriminator.get("mapping");
    let entries = mapping.iter().flat_map(Node::entries);
    entries
        .filter_map(|(tag, node)| Some((tag, target(node.value.as_str()?))))
        .filter(|(tag, pointer)| pointer.rsplit('/').next() != Some(tag))
        .collect()
}

/// Whether a component has another name now and is what it was.
fn is_renamed(walk: &Walk<'_>, from: &str, to: &str) -> bool {
    let has = |document: &Document<'_>, pointer: &str| document.address_of(pointer).is_some();
    !has(&walk.revision, from) && !has(&walk.base, to)
}

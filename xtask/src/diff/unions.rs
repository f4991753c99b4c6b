//! Alternatives: `oneOf` and `anyOf`, and one of them against a schema that has none.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::checks;
use super::document::{Document, Node};
use super::likeness::Side;
use super::meaning::{Meaning, Union};
use super::place::{Place, peel};
use super::schemas::Sides;
use super::types::Types;
use super::walk::{Sent, Walk};

/// Compares the alternatives; gives the sides back if there is more to compare.
pub fn compare<'d>(walk: &mut Walk<'d>, sides: Sides<'d>) -> Option<Sides<'d>> {
    let (old, new) = (Rc::clone(&sides.old), Rc::clone(&sides.new));
    match (old.unions.as_slice(), new.unions.as_slice()) {
        ([], []) => Some(sides),
        ([from], [to]) => {
            branches(walk, &sides, Alternatives::of(from), Alternatives::of(to));
            discriminators(walk, &sides, from, to);
            Some(sides)
        }
        ([], [to]) if is_nothing_else(&new) => {
            against_one(walk, &sides, to, Side::Revision).then_some(sides)
        }
        ([from], []) if is_nothing_else(&old) => {
            against_one(walk, &sides, from, Side::Base).then_some(sides)
        }
        (from, to) => {
            several(walk, &sides, from, to);
            Some(sides)
        }
    }
}

/// The alternatives of one side.
struct Alternatives<'u, 'd> {
    list: &'u Node<'d>,
    branches: &'u [Place<'d>],
    exclusive: bool,
    discriminator: Option<&'u Node<'d>>,
}

impl<'u, 'd> Alternatives<'u, 'd> {
    fn of(union: &'u Union<'d>) -> Self {
        Self {
            list: &union.node,
            branches: &union.branches,
            exclusive: union.exclusive,
            discriminator: union.discriminator.as_ref(),
        }
    }
}

/// Whether a schema says nothing but its alternatives.
fn is_nothing_else(of: &Meaning<'_>) -> bool {
    of.properties.is_empty()
        && of.required.is_empty()
        && of.values.is_none()
        && of.limits.0.is_empty()
        && of.conditions.is_empty()
        && of.patterns.is_empty()
}

/// Compares alternatives with a schema that has none: they may hold one that stands for it. Tells
/// whether the rest of the two is still to be compared.
fn against_one<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, union: &Union<'d>, of: Side) -> bool {
    let (single, other) = match of {
        Side::Revision => (&sides.old, Side::Base),
        Side::Base => (&sides.new, Side::Revision),
    };
    let itself = Place::one(single.node.clone());
    let fitting = union.branches.iter().any(|branch| match of {
        Side::Revision => walk.fits((other, &itself), (of, branch)),
        Side::Base => walk.fits((other, &itself), (of, branch)),
    });
    if single.any || !fitting {
        let (from, to) = (sides.old.node.clone(), sides.new.node.clone());
        let check = match (single.any, of) {
            (true, Side::Revision) => &checks::UNION_ADDED,
            (true, Side::Base) => &checks::UNION_REMOVED,
            _ => &checks::TYPE_CHANGED,
        };
        let said = |meaning: &Meaning<'d>| Some(meaning.node.value.clone());
        let (before, after) = (said(&sides.old), said(&sides.new));
        walk.report(sides.pair, check, (Some(&from), Some(&to)), before, after);
        return false;
    }
    let alone = Alternatives {
        list: &single.node,
        branches: std::slice::from_ref(&itself),
        exclusive: union.exclusive,
        discriminator: None,
    };
    match of {
        Side::Revision => branches(walk, sides, alone, Alternatives::of(union)),
        Side::Base => branches(walk, sides, Alternatives::of(union), alone),
    }
    false
}

/// A schema with several sets of alternatives on a side: those that are alike stand for each other.
fn several<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, from: &[Union<'d>], to: &[Union<'d>]) {
    let mut left: Vec<&Union<'d>> = to.iter().collect();
    for old in from {
        let shapes = |walk: &mut Walk<'d>, side: Side, union: &Union<'d>| -> BTreeSet<u64> {
            let places = union.branches.iter();
            places.map(|place| walk.shape(side, place, 3)).collect()
        };
        let shape = shapes(walk, Side::Base, old);
        let found = left
            .iter()
            .position(|new| shapes(walk, Side::Revision, new) == shape)
            .or_else(|| (from.len() == to.len() && !left.is_empty()).then_some(0));
        match found {
            Some(index) => {
                let new = left.remove(index);
                branches(walk, sides, Alternatives::of(old), Alternatives::of(new));
            }
            None => {
                let place = (Some(&old.node), Some(&sides.new.node));
                let before = Some(old.node.value.clone());
                walk.report(sides.pair, &checks::UNION_REMOVED, place, before, None);
            }
        }
    }
    for new in left {
        let place = (Some(&sides.old.node), Some(&new.node));
        let after = Some(new.node.value.clone());
        walk.report(sides.pair, &checks::UNION_ADDED, place, None, after);
    }
}

/// Pairs the branches and reports those that have no counterpart.
fn branches<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    from: Alternatives<'_, 'd>,
    to: Alternatives<'_, 'd>,
) {
    let old = identities(walk, Side::Base, &from);
    let new = identities(walk, Side::Revision, &to);
    let mut free: BTreeSet<usize> = (0..new.len()).collect();
    let mut pairs: Vec<Option<usize>> = vec![None; old.len()];
    for rule in [by_tag, by_name, by_shape, by_likeness] {
        for (index, paired) in pairs.iter_mut().enumerate() {
            let Some(identity) = old.get(index) else {
                continue;
            };
            if paired.is_none() {
                *paired = rule(walk, identity, &new, &free);
                if let Some(taken) = paired {
                    free.remove(taken);
                }
            }
        }
    }
    for (index, paired) in pairs.iter().enumerate() {
        let Some(gone) = from.branches.get(index) else {
            continue;
        };
        match paired.and_then(|paired| to.branches.get(paired)) {
            Some(kept) => {
                walk.child_of_union(sides.pair, gone, kept, sides.coding, Sent::BOTH, true);
            }
            None => {
                let at = old.get(index).map(|identity| identity.labelled(gone));
                let before = at.as_ref().map(|node| node.value.clone());
                let place = (at.as_ref(), Some(to.list));
                walk.report(
                    sides.pair,
                    &checks::UNION_BRANCH_REMOVED,
                    place,
                    before,
                    None,
                );
            }
        }
    }
    for index in free {
        let Some(came) = to.branches.get(index) else {
            continue;
        };
        let is_known = !to.exclusive
            && from
                .branches
                .iter()
                .any(|known| walk.fits((Side::Revision, came), (Side::Base, known)));
        let check = if is_known {
            &checks::UNION_BRANCH_FITS
        } else {
            &checks::UNION_BRANCH_ADDED
        };
        let at = new.get(index).map(|identity| identity.labelled(came));
        let after = at.as_ref().map(|node| node.value.clone());
        let place = (Some(from.list), at.as_ref());
        walk.report(sides.pair, check, place, None, after);
    }
}

/// By what an alternative is known.
struct Identity {
    /// The component it is.
    name: Option<String>,
    /// Values of the discriminator, or a property with one value: `property=value`.
    tags: BTreeSet<String>,
    shape: u64,
    types: Types,
    properties: BTreeSet<String>,
}

impl Identity {
    fn labelled<'d>(&self, place: &Place<'d>) -> Node<'d> {
        let label = self
            .name
            .clone()
            .or_else(|| self.tags.first().cloned())
            .unwrap_or_else(|| {
                let names: Vec<&str> = self.properties.iter().map(String::as_str).collect();
                format!("{} {}", self.types.to_value(), names.join(","))
            });
        match place.0.first() {
            Some(node) => node.clone().labelled(label),
            // A place has at least one schema.
            None => Node {
                value: &Value::Null,
                pointer: super::document::Pointer::default(),
            },
        }
    }
}

fn identities<'d>(walk: &mut Walk<'d>, side: Side, of: &Alternatives<'_, 'd>) -> Vec<Identity> {
    let mapped = match side {
        Side::Base => mapping(&walk.base, of.discriminator),
        Side::Revision => mapping(&walk.revision, of.discriminator),
    };
    of.branches
        .iter()
        .map(|place| {
            let peeled = match side {
                Side::Base => peel(&walk.base, place),
                Side::Revision => peel(&walk.revision, place),
            };
            let name = peeled.component().map(str::to_owned);
            let meaning = match side {
                Side::Base => walk.base_meaning(&peeled.core),
                Side::Revision => walk.revision_meaning(&peeled.core),
            };
            let address = peeled.core.first().map(Node::address);
            let mut tags: BTreeSet<String> = mapped
                .iter()
                .filter(|(_, target)| Some(**target) == address)
                .map(|(value, _)| format!("discriminator={value}"))
                .collect();
            if tags.is_empty()
                && let Some(meaning) = &meaning
            {
                tags = constants(walk, side, meaning);
            }
            Identity {
                name,
                tags,
                shape: walk.shape(side, place, 4),
                types: meaning.as_ref().map_or(Types::ANY, |meaning| meaning.types),
                properties: meaning
                    .iter()
                    .flat_map(|meaning| meaning.properties.keys())
                    .map(|name| (*name).to_owned())
                    .collect(),
            }
        })
        .collect()
}

/// Values of the discriminator with what they name.
fn mapping(document: &Document<'_>, discriminator: Option<&Node<'_>>) -> BTreeMap<String, usize> {
    let mapping = discriminator.and_then(|node| node.get("mapping"));
    let entries = mapping.iter().flat_map(Node::entries);
    entries
        .filter_map(|(value, target)| {
            let target = target.value.as_str()?;
            let pointer = if target.starts_with('#') {
                target.to_owned()
            } else {
                format!("#/components/schemas/{target}")
            };
            Some((value.to_owned(), document.address_of(&pointer)?))
        })
        .collect()
}

/// Properties with one value each: what tells alternatives apart without a discriminator.
fn constants<'d>(walk: &mut Walk<'d>, side: Side, of: &Meaning<'d>) -> BTreeSet<String> {
    let mut tags = BTreeSet::new();
    for (name, place) in &of.properties {
        if !of.required.contains_key(name) {
            continue;
        }
        let meaning = match side {
            Side::Base => {
                let core = peel(&walk.base, place).core;
                walk.base_meaning(&core)
            }
            Side::Revision => {
                let core = peel(&walk.revision, place).core;
                walk.revision_meaning(&core)
            }
        };
        if let Some(values) = meaning.as_ref().and_then(|meaning| meaning.values.as_ref())
            && values.len() == 1
        {
            tags.extend(values.keys().map(|value| format!("{name}={value}")));
        }
    }
    tags
}

fn by_tag(_: &Walk<'_>, old: &Identity, new: &[Identity], free: &BTreeSet<usize>) -> Option<usize> {
    let mut found = free.iter().copied().filter(|index| {
        new.get(*index)
            .is_some_and(|new| !old.tags.is_disjoint(&new.tags))
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn by_name(
    _: &Walk<'_>,
    old: &Identity,
    new: &[Identity],
    free: &BTreeSet<usize>,
) -> Option<usize> {
    old.name.as_ref()?;
    let same = |index: &usize| new.get(*index).is_some_and(|new| new.name == old.name);
    free.iter().copied().find(same)
}

fn by_shape(
    walk: &Walk<'_>,
    old: &Identity,
    new: &[Identity],
    free: &BTreeSet<usize>,
) -> Option<usize> {
    let same = |index: &usize| {
        new.get(*index)
            .is_some_and(|new| new.shape == old.shape && may_be_renamed(walk, old, new))
    };
    free.iter().copied().find(same)
}

/// The one that shares the most properties, of the same types.
fn by_likeness(
    walk: &Walk<'_>,
    old: &Identity,
    new: &[Identity],
    free: &BTreeSet<usize>,
) -> Option<usize> {
    free.iter()
        .copied()
        .filter_map(|index| {
            let new = new.get(index)?;
            let tags_differ =
                !old.tags.is_empty() && !new.tags.is_empty() && old.tags.is_disjoint(&new.tags);
            let shared = old.properties.intersection(&new.properties).count();
            let is_like = new.types.meets(old.types)
                && (shared * 2 > old.properties.len().min(new.properties.len())
                    || old.properties.is_empty() && new.properties.is_empty());
            (is_like && !tags_differ && may_be_renamed(walk, old, new)).then_some((shared, index))
        })
        .max_by_key(|(shared, index)| (*shared, std::cmp::Reverse(*index)))
        .map(|(_, index)| index)
}

/// Two components that are both in both documents are two things, however alike they are.
fn may_be_renamed(walk: &Walk<'_>, old: &Identity, new: &Identity) -> bool {
    match (&old.name, &new.name) {
        (Some(from), Some(to)) => {
            from == to || !walk.revision.has_schema(from) && !walk.base.has_schema(to)
        }
        _ => true,
    }
}

fn discriminators<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, from: &Union<'d>, to: &Union<'d>) {
    let (was, is) = (&from.discriminator, &to.discriminator);
    let said = |document: &Document<'d>, node: &Option<Node<'d>>| {
        let name = node.as_ref().and_then(|node| node.text("propertyName"));
        let mapped = mapping(document, node.as_ref());
        (name, mapped.into_keys().collect::<Vec<_>>())
    };
    if said(&walk.base, was) == said(&walk.revision, is) {
        return;
    }
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.value.clone());
    let place = (
        Some(was.as_ref().unwrap_or(&sides.old.node)),
        Some(is.as_ref().unwrap_or(&sides.new.node)),
    );
    walk.report(
        sides.pair,
        &checks::DISCRIMINATOR_CHANGED,
        place,
        value(was),
        value(is),
    );
}

//! Decides what tells the variants of a union apart: a constant, their JSON types or properties.

use std::collections::BTreeSet;

use super::variant::Read;
use crate::lower::model::{Shape, ShapeKind, ToldApart};

/// Returns the property that every object has and whose values are all different.
pub(super) fn infer_tag(branches: &mut [Read<'_>]) -> Option<String> {
    let objects = || {
        branches.iter().filter(|branch| {
            branch
                .shapes
                .iter()
                .any(|shape| shape.kind == ShapeKind::Object)
        })
    };
    if objects().count() < 2 {
        return None;
    }
    let first = objects().next()?.shapes.first()?;
    let mut candidates: Vec<String> = first.constants.keys().cloned().collect();
    // A property of the value itself goes before one further inside.
    candidates.sort_by_key(|path| path.matches('/').count());
    let is_tag = |property: &String| {
        let mut seen: BTreeSet<&String> = BTreeSet::new();
        objects().all(|branch| {
            let own: Option<BTreeSet<&String>> = branch
                .shapes
                .iter()
                .filter(|shape| shape.kind == ShapeKind::Object)
                .map(|shape| shape.constants.get(property))
                .try_fold(BTreeSet::new(), |mut all, values| {
                    all.extend(values?);
                    Some(all)
                });
            own.is_some_and(|own| own.into_iter().all(|value| seen.insert(value)))
        })
    };
    let tag = candidates.into_iter().find(is_tag)?;
    for branch in branches {
        branch.tags = branch
            .shapes
            .iter()
            .filter_map(|shape| shape.constants.get(&tag))
            .flatten()
            .cloned()
            .collect();
    }
    Some(tag)
}

/// Returns how the variants of a union are told apart.
pub(super) fn told_apart(
    branches: &[Read<'_>],
    has_discriminator: bool,
    decides: bool,
) -> ToldApart {
    let pairs = || {
        let rest = |index: usize| branches.iter().skip(index + 1);
        let each = branches.iter().enumerate();
        each.flat_map(move |(index, one)| rest(index).map(move |other| (one, other)))
    };
    if decides && has_discriminator {
        ToldApart::Discriminator
    } else if decides {
        ToldApart::Constant
    } else if pairs().all(|(one, other)| differ(one, other, kinds_differ)) {
        ToldApart::Type
    } else if pairs().all(|(one, other)| differ(one, other, shapes_differ)) {
        ToldApart::Properties
    } else if pairs().any(|(one, other)| one.shapes == other.shapes && one.is_object()) {
        ToldApart::Not
    } else {
        ToldApart::Decoding
    }
}

/// Returns whether all shapes of two variants differ.
fn differ(one: &Read<'_>, other: &Read<'_>, differ: fn(&Shape, &Shape) -> bool) -> bool {
    let mut shapes = one.shapes.iter();
    shapes.all(|left| other.shapes.iter().all(|right| differ(left, right)))
}

fn kinds_differ(left: &Shape, right: &Shape) -> bool {
    let kind = |shape: &Shape| match shape.kind {
        ShapeKind::Format => ShapeKind::String,
        ShapeKind::Integer => ShapeKind::Number,
        other => other,
    };
    kind(left) != kind(right) && kind(left) != ShapeKind::Any && kind(right) != ShapeKind::Any
}

fn shapes_differ(left: &Shape, right: &Shape) -> bool {
    let lacks = |one: &Shape, other: &Shape| one.required.iter().any(|name| !other.knows(name));
    let constants = |(name, values): (&String, &Vec<String>)| {
        let others = right.constants.get(name);
        others.is_some_and(|others| !values.iter().any(|value| others.contains(value)))
    };
    kinds_differ(left, right)
        || (lacks(left, right) && lacks(right, left))
        || left.constants.iter().any(constants)
}

/// Returns the properties that have the same only value in every object: they tell nothing apart.
pub(super) fn shared_constants(branches: &[Read<'_>]) -> BTreeSet<String> {
    let mut objects = branches.iter().flat_map(Read::objects);
    let Some(first) = objects.next() else {
        return BTreeSet::new();
    };
    let mut shared = first.constants.clone();
    let mut count = 1;
    for object in objects {
        count += 1;
        shared.retain(|name, values| object.constants.get(name) == Some(values));
    }
    if count < 2 {
        return BTreeSet::new();
    }
    shared.into_keys().collect()
}

/// Returns whether no two variants share a discriminator value, and every object variant has one.
pub(super) fn tags_differ(branches: &[Read<'_>]) -> bool {
    let mut seen = BTreeSet::new();
    branches
        .iter()
        .filter(|branch| branch.objects().next().is_some())
        .all(|branch| !branch.tags.is_empty() && branch.tags.iter().all(|value| seen.insert(value)))
}

//! Compares `oneOf` and `anyOf`, also with a schema that has neither.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::diff::compare::schema::nullability;
use crate::diff::compare::schema::overlap::Overlap;
use crate::diff::compare::schema::pairing::{self, VariantPairs, Variants};
use crate::diff::compare::schema::{discriminator, one_of, uses};
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::{Side, Suppress};
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema, Union};
use crate::diff::normalize::schema_use::{Annotations, SchemaUse};

/// Compares the unions. Returns the sides if the rest of the schemas is still to be compared.
pub fn compare<'d>(walk: &mut Walk<'d>, sides: Sides<'d>) -> Option<Sides<'d>> {
    let (old, new) = (Rc::clone(&sides.old), Rc::clone(&sides.new));
    match (old.unions.as_slice(), new.unions.as_slice()) {
        ([], []) => Some(sides),
        ([from], [to]) => {
            let alternatives = (Variants::of(from), Variants::of(to));
            let paired = variants(walk, &sides, &alternatives.0, &alternatives.1);
            discriminator::of_unions(walk, &sides, (from, to), &paired);
            Some(sides)
        }
        // One side is a collapsed list of types or values, the other is not.
        ([], [to]) if is_nothing_else(&new) && old.lists.len() == 1 => {
            old.lists
                .iter()
                .for_each(|from| spelled_out(walk, &sides, from, to));
            None
        }
        ([from], []) if is_nothing_else(&old) && new.lists.len() == 1 => {
            new.lists
                .iter()
                .for_each(|to| spelled_out(walk, &sides, from, to));
            None
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

/// Returns whether a schema consists of its union alone.
fn is_nothing_else(of: &NormalizedSchema<'_>) -> bool {
    of.properties.is_empty()
        && of.required.is_empty()
        && of.values.is_none()
        && of.limits.0.is_empty()
        && !of.is_constrained()
        && of.patterns.is_empty()
        && of.formats.is_empty()
        && of.content.is_empty()
}

/// Compares the annotations of variants that are collapsed into types or values.
pub fn annotations<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (Rc::clone(&sides.old), Rc::clone(&sides.new));
    let counts = |lists: &[Union<'d>]| -> Vec<usize> {
        lists.iter().map(|list| list.variants.len()).collect()
    };
    // Variants that came or went are reported; another spelling has other annotations.
    if old.lists.is_empty() || counts(&old.lists) != counts(&new.lists) {
        return;
    }
    let of = |walk: &Walk<'d>, side: Side, lists: &[Union<'d>]| {
        let mut all = Annotations::new();
        for variant in lists.iter().flat_map(|list| &list.variants) {
            for (key, values) in walk.unwrapped(side, variant).all_annotations() {
                all.entry(key).or_default().extend(values);
            }
        }
        for values in all.values_mut() {
            values.sort_by_cached_key(|value| value.to_string());
        }
        all
    };
    let was = of(walk, Side::Base, &old.lists);
    let is = of(walk, Side::Revision, &new.lists);
    uses::annotations(walk, sides.pair, sides.location(), &was, &is);
}

/// Compares two unions, and nothing else of the schemas.
fn spelled_out<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, from: &Union<'d>, to: &Union<'d>) {
    variants(walk, sides, &Variants::of(from), &Variants::of(to));
    nullability::compare(walk, sides);
}

/// Compares a union with a schema that may equal one variant. Returns whether the rest of the
/// schemas is still to be compared.
fn against_one<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, union: &Union<'d>, of: Side) -> bool {
    let (single, other) = match of {
        Side::Revision => (&sides.old, Side::Base),
        Side::Base => (&sides.new, Side::Revision),
    };
    let itself = SchemaUse::one(single.node.clone());
    let fitting = union
        .variants
        .iter()
        .any(|variant| walk.is_subset((other, &itself), (of, variant)));
    if single.any || !fitting {
        let (from, to) = (sides.old.node.clone(), sides.new.node.clone());
        let is_wider = !single.any
            && union
                .variants
                .iter()
                .all(|variant| walk.is_subset((of, variant), (other, &itself)));
        let check = match (single.any, is_wider, of) {
            (true, _, Side::Revision) => &checks::UNION_ADDED,
            (true, _, Side::Base) => &checks::UNION_REMOVED,
            (_, true, Side::Revision) => &checks::TYPE_NARROWED,
            (_, true, Side::Base) => &checks::TYPE_WIDENED,
            _ => &checks::TYPE_CHANGED,
        };
        let shown = |normalized: &NormalizedSchema<'d>| Some(normalized.node.shown());
        let (before, after) = (shown(&sides.old), shown(&sides.new));
        walk.report(sides.pair, check, (Some(&from), Some(&to)), before, after);
        return false;
    }
    let counterpart = match of {
        Side::Revision => &sides.new,
        Side::Base => &sides.old,
    };
    let alone = Variants {
        list: &single.node,
        owner: counterpart.node.pointer.component().map(|(_, name)| name),
        variants: std::slice::from_ref(&itself),
        exclusive: union.exclusive,
        discriminator: None,
    };
    match of {
        Side::Revision => variants(walk, sides, &alone, &Variants::of(union)),
        Side::Base => variants(walk, sides, &Variants::of(union), &alone),
    };
    nullability::compare(walk, sides);
    false
}

/// Pairs several unions of one schema by equivalent variants.
fn several<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, from: &[Union<'d>], to: &[Union<'d>]) {
    let mut left: Vec<&Union<'d>> = to.iter().collect();
    for old in from {
        let shapes = |walk: &mut Walk<'d>, side: Side, union: &Union<'d>| -> BTreeSet<u64> {
            let locations = union.variants.iter();
            locations
                .map(|location| walk.shape(side, location, 3))
                .collect()
        };
        let shape = shapes(walk, Side::Base, old);
        let found = left
            .iter()
            .position(|new| shapes(walk, Side::Revision, new) == shape)
            .or_else(|| (from.len() == to.len() && !left.is_empty()).then_some(0));
        match found {
            Some(index) => {
                let new = left.remove(index);
                variants(walk, sides, &Variants::of(old), &Variants::of(new));
            }
            None => {
                let itself = SchemaUse::one(sides.new.node.clone());
                if to.is_empty() && holds(walk, (Side::Revision, &itself), (Side::Base, old)) {
                    continue;
                }
                let location = (Some(&old.node), Some(&sides.new.node));
                let before = Some(old.node.shown());
                walk.report(sides.pair, &checks::UNION_REMOVED, location, before, None);
            }
        }
    }
    for new in left {
        let itself = SchemaUse::one(sides.old.node.clone());
        if from.is_empty() && holds(walk, (Side::Base, &itself), (Side::Revision, new)) {
            continue;
        }
        let location = (Some(&sides.old.node), Some(&new.node));
        let after = Some(new.node.shown());
        walk.report(sides.pair, &checks::UNION_ADDED, location, None, after);
    }
}

/// Returns whether a schema admits scalars only. Objects that include each other still are
/// different kinds of things to their users.
fn is_scalar<'d>(walk: &mut Walk<'d>, side: Side, of: &SchemaUse<'d>) -> bool {
    let normalized = walk.normalized_at(side, of);
    normalized.is_some_and(|of| of.types.within(Types::SCALARS) && of.unions.is_empty())
}

/// Returns whether a variant is a kind of objects that only one of two unions has: a component, and
/// no other description of kinds that both have.
fn is_kind<'d>(
    walk: &mut Walk<'d>,
    side: Side,
    union: &Variants<'_, 'd>,
    paired: &VariantPairs,
    index: usize,
) -> bool {
    let (own, other) = match side {
        Side::Base => (&paired.old, &paired.new),
        Side::Revision => (&paired.new, &paired.old),
    };
    let name = own.get(index).and_then(|variant| variant.name.as_ref());
    let is_elsewhere = other.iter().any(|variant| variant.name.as_ref() == name);
    let variant = union.variants.get(index);
    let variant = variant.and_then(|variant| walk.normalized_at(side, variant));
    let objects = Types::OBJECT.or(Types::NULL);
    let is_object = variant.is_some_and(|it| it.types.within(objects) && it.unions.is_empty());
    name.is_some() && !is_elsewhere && is_object
}

/// Returns whether every value of a schema is valid in a union.
fn holds<'d>(
    walk: &mut Walk<'d>,
    (side, schema): (Side, &SchemaUse<'d>),
    (of, union): (Side, &Union<'d>),
) -> bool {
    let mut variants = union.variants.iter();
    let Some(index) = variants.position(|variant| walk.is_subset((side, schema), (of, variant)))
    else {
        return false;
    };
    let Some(schema) = walk.normalized_at(side, schema) else {
        return false;
    };
    let others = union
        .variants
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != index);
    !union.exclusive
        || others.into_iter().all(|(_, variant)| {
            walk.normalized_at(of, variant).is_some_and(|variant| {
                walk.overlap((side, &schema), (of, &variant)) == Overlap::None
            })
        })
}

/// Returns what the variants leave to the schema around them.
fn of_variants(sides: &Sides<'_>) -> Suppress {
    let declares = |of: &NormalizedSchema<'_>| {
        !of.properties.is_empty()
            || !of.named_applicators.is_empty()
            || !matches!(of.additional, Additional::Open)
    };
    let is_typed = sides.old.is_typed && sides.new.is_typed;
    Suppress {
        is_part: sides.suppress.is_part || declares(&sides.old) || declares(&sides.new),
        within: is_typed.then(|| sides.shared().or(Types::NULL)),
        ..Suppress::VARIANT
    }
}

/// Pairs the variants and reports those without a partner.
fn variants<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    from: &Variants<'_, 'd>,
    to: &Variants<'_, 'd>,
) -> VariantPairs {
    let (paired, free) = pairing::pair(walk, from, to);
    let mut gone = (0..from.variants.len()).filter(|index| paired.partner(*index).is_none());
    let are_kinds = gone.all(|index| is_kind(walk, Side::Base, from, &paired, index))
        && free
            .iter()
            .all(|index| is_kind(walk, Side::Revision, to, &paired, *index));
    for (index, gone) in from.variants.iter().enumerate() {
        let partner = paired.partner(index);
        match partner.and_then(|partner| to.variants.get(partner)) {
            Some(kept) => {
                let how = (sides.encoding, of_variants(sides));
                let around = sides.new.properties.keys().copied();
                walk.variant(sides.pair, gone, kept, how, around);
            }
            None => {
                let at = paired.old.get(index).map(|it| it.labelled(gone));
                let before = at.as_ref().map(|node| node.shown());
                let location = (at.as_ref(), Some(to.list));
                let is_included = is_scalar(walk, Side::Base, gone)
                    && to
                        .variants
                        .iter()
                        .any(|kept| walk.is_subset((Side::Base, gone), (Side::Revision, kept)));
                let check = if is_included {
                    &checks::UNION_BRANCH_UNNEEDED
                } else {
                    &checks::UNION_BRANCH_REMOVED
                };
                match are_kinds {
                    true => walk.report_meant(sides.pair, check, location, (before, None)),
                    false => walk.report(sides.pair, check, location, before, None),
                }
            }
        }
    }
    for index in free {
        let Some(came) = to.variants.get(index) else {
            continue;
        };
        let is_plain = !to.exclusive || is_scalar(walk, Side::Revision, came);
        let is_known = is_plain
            && from
                .variants
                .iter()
                .any(|known| walk.is_subset((Side::Revision, came), (Side::Base, known)));
        let check = if is_known {
            &checks::UNION_BRANCH_FITS
        } else {
            &checks::UNION_BRANCH_ADDED
        };
        let at = paired.new.get(index).map(|it| it.labelled(came));
        let after = at.as_ref().map(|node| node.shown());
        let location = (Some(from.list), at.as_ref());
        match are_kinds {
            true => walk.report_meant(sides.pair, check, location, (None, after)),
            false => walk.report(sides.pair, check, location, None, after),
        }
    }
    one_of::compare(walk, sides, (from, to), &paired);
    paired
}

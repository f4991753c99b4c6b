//! Alternatives: `oneOf` and `anyOf`, and one of them against a schema that has none.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::likeness::Side;
use super::meaning::{Meaning, Union};
use super::pairing::{self, Alternatives, Paired};
use super::place::Place;
use super::schemas::{Sides, nullability};
use super::walk::Walk;
use super::{checks, discriminators, exclusive};

/// Compares the alternatives; gives the sides back if there is more to compare.
pub fn compare<'d>(walk: &mut Walk<'d>, sides: Sides<'d>) -> Option<Sides<'d>> {
    let (old, new) = (Rc::clone(&sides.old), Rc::clone(&sides.new));
    match (old.unions.as_slice(), new.unions.as_slice()) {
        ([], []) => Some(sides),
        ([from], [to]) => {
            let alternatives = (Alternatives::of(from), Alternatives::of(to));
            let paired = branches(walk, &sides, &alternatives.0, &alternatives.1);
            discriminators::of_unions(walk, &sides, (from, to), &paired);
            Some(sides)
        }
        // What one side can say as a list of types or values, the other cannot.
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

/// Whether a schema says nothing but its alternatives.
fn is_nothing_else(of: &Meaning<'_>) -> bool {
    of.properties.is_empty()
        && of.required.is_empty()
        && of.values.is_none()
        && of.limits.0.is_empty()
        && of.conditions.is_empty()
        && of.patterns.is_empty()
}

/// Compares alternatives and nothing else of the two.
fn spelled_out<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, from: &Union<'d>, to: &Union<'d>) {
    branches(walk, sides, &Alternatives::of(from), &Alternatives::of(to));
    nullability(walk, sides);
}

/// Compares alternatives with a schema that has none: they may hold one that stands for it. Tells
/// whether the rest of the two is still to be compared.
fn against_one<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, union: &Union<'d>, of: Side) -> bool {
    let (single, other) = match of {
        Side::Revision => (&sides.old, Side::Base),
        Side::Base => (&sides.new, Side::Revision),
    };
    let itself = Place::one(single.node.clone());
    let fitting = union
        .branches
        .iter()
        .any(|branch| walk.fits((other, &itself), (of, branch)));
    if single.any || !fitting {
        let (from, to) = (sides.old.node.clone(), sides.new.node.clone());
        let is_wider = !single.any
            && union
                .branches
                .iter()
                .all(|branch| walk.fits((of, branch), (other, &itself)));
        let check = match (single.any, is_wider, of) {
            (true, _, Side::Revision) => &checks::UNION_ADDED,
            (true, _, Side::Base) => &checks::UNION_REMOVED,
            (_, true, Side::Revision) => &checks::TYPE_NARROWED,
            (_, true, Side::Base) => &checks::TYPE_WIDENED,
            _ => &checks::TYPE_CHANGED,
        };
        let said = |meaning: &Meaning<'d>| Some(meaning.node.said());
        let (before, after) = (said(&sides.old), said(&sides.new));
        walk.report(sides.pair, check, (Some(&from), Some(&to)), before, after);
        return false;
    }
    let counterpart = match of {
        Side::Revision => &sides.new,
        Side::Base => &sides.old,
    };
    let alone = Alternatives {
        list: &single.node,
        owner: counterpart.node.pointer.component().map(|(_, name)| name),
        branches: std::slice::from_ref(&itself),
        exclusive: union.exclusive,
        discriminator: None,
    };
    match of {
        Side::Revision => branches(walk, sides, &alone, &Alternatives::of(union)),
        Side::Base => branches(walk, sides, &Alternatives::of(union), &alone),
    };
    nullability(walk, sides);
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
                branches(walk, sides, &Alternatives::of(old), &Alternatives::of(new));
            }
            None => {
                let place = (Some(&old.node), Some(&sides.new.node));
                let before = Some(old.node.said());
                walk.report(sides.pair, &checks::UNION_REMOVED, place, before, None);
            }
        }
    }
    for new in left {
        let place = (Some(&sides.old.node), Some(&new.node));
        let after = Some(new.node.said());
        walk.report(sides.pair, &checks::UNION_ADDED, place, None, after);
    }
}

/// Pairs the branches and reports those that have no counterpart.
fn branches<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    from: &Alternatives<'_, 'd>,
    to: &Alternatives<'_, 'd>,
) -> Paired {
    let (paired, free) = pairing::pair(walk, from, to);
    for (index, gone) in from.branches.iter().enumerate() {
        let partner = paired.partner(index);
        match partner.and_then(|partner| to.branches.get(partner)) {
            Some(kept) => {
                walk.branch(sides.pair, gone, kept, sides.coding);
            }
            None => {
                let at = paired.old.get(index).map(|it| it.labelled(gone));
                let before = at.as_ref().map(|node| node.said());
                let place = (at.as_ref(), Some(to.list));
                let check = &checks::UNION_BRANCH_REMOVED;
                walk.report(sides.pair, check, place, before, None);
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
        let at = paired.new.get(index).map(|it| it.labelled(came));
        let after = at.as_ref().map(|node| node.said());
        let place = (Some(from.list), at.as_ref());
        walk.report(sides.pair, check, place, None, after);
    }
    exclusive::compare(walk, sides, (from, to), &paired);
    paired
}

//! Compares constraints that stand by themselves in each `allOf` part: `not`, conditions and
//! `contains`.

use std::rc::Rc;

use crate::diff::compare::schema::applicators::constraint_changed;
use crate::diff::compare::schema::overlap::Overlap;
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::{Polarity, Side};
use crate::diff::model::document::Node;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::types::Types;
use crate::diff::normalize::constraints::{Condition, Contains};
use crate::diff::normalize::schema_use::SchemaUse;

/// The depth to which constraints are compared to be paired.
const DEPTH: u8 = 5;

pub fn compare<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    nots(walk, sides);
    conditions(walk, sides);
    if sides.share(Types::ARRAY) {
        contains(walk, sides);
    }
}

/// The constraints of both sides in pairs, and those without a partner.
struct Paired<'p, T> {
    both: Vec<(&'p T, &'p T)>,
    gone: Vec<&'p T>,
    came: Vec<&'p T>,
}

/// Pairs constraints with equal hashes, for each list of hashes in turn, and then in order.
fn pair<'p, T>(old: &[(&'p T, Vec<u64>)], new: &[(&'p T, Vec<u64>)]) -> Paired<'p, T> {
    let mut both = Vec::new();
    let mut gone: Vec<&(&'p T, Vec<u64>)> = old.iter().collect();
    let mut came: Vec<&(&'p T, Vec<u64>)> = new.iter().collect();
    let rounds = old.first().map_or(0, |(_, hashes)| hashes.len());
    for round in 0..rounds {
        gone.retain(|(constraint, hashes)| {
            let same = came
                .iter()
                .position(|(_, other)| other.get(round) == hashes.get(round));
            match same {
                Some(index) => {
                    both.push((*constraint, came.remove(index).0));
                    false
                }
                None => true,
            }
        });
    }
    let rest = gone.len().min(came.len());
    let in_order = gone.drain(..rest).zip(came.drain(..rest));
    both.extend(in_order.map(|(old, new)| (old.0, new.0)));
    Paired {
        both,
        gone: gone
            .into_iter()
            .map(|(constraint, _)| *constraint)
            .collect(),
        came: came
            .into_iter()
            .map(|(constraint, _)| *constraint)
            .collect(),
    }
}

fn nots<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (Rc::clone(&sides.old), Rc::clone(&sides.new));
    let hashed = |walk: &mut Walk<'d>, side, of: &SchemaUse<'d>| vec![walk.shape(side, of, DEPTH)];
    let from: Vec<_> = old
        .nots
        .iter()
        .map(|of| (of, hashed(walk, Side::Base, of)))
        .collect();
    let to: Vec<_> = new
        .nots
        .iter()
        .map(|of| (of, hashed(walk, Side::Revision, of)))
        .collect();
    let paired = pair(&from, &to);
    for (from, to) in paired.both {
        let how = (Polarity::Not, Some(sides.shared()));
        walk.polar(sides.pair, (from, to), sides.encoding, how);
    }
    for gone in paired.gone {
        if excludes_some(walk, sides, Side::Base, gone) {
            constraint_changed(walk, sides, gone.0.first(), None);
        }
    }
    for came in paired.came {
        if excludes_some(walk, sides, Side::Revision, came) {
            constraint_changed(walk, sides, None, came.0.first());
        }
    }
}

/// Returns whether a schema under `not` may match a value that is valid otherwise.
fn excludes_some<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    side: Side,
    excluded: &SchemaUse<'d>,
) -> bool {
    // Against the side without the constraint.
    let (whole, other) = match side {
        Side::Base => (Rc::clone(&sides.new), Side::Revision),
        Side::Revision => (Rc::clone(&sides.old), Side::Base),
    };
    let null = if whole.nullable {
        Types::NULL
    } else {
        Types::NONE
    };
    let within = whole.types.or(null);
    let Some(excluded) = walk.normalized_within(side, excluded, within) else {
        return true;
    };
    let is_null = whole.nullable && excluded.nullable;
    is_null || walk.overlap((other, &whole), (side, &excluded)) != Overlap::None
}

fn conditions<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (Rc::clone(&sides.old), Rc::clone(&sides.new));
    let hashed = |walk: &mut Walk<'d>, side, of: &Condition<'d>| {
        let test = walk.shape(side, &of.test, DEPTH);
        let mut whole = vec![test];
        for branch in [&of.then, &of.otherwise] {
            whole.push(
                branch
                    .as_ref()
                    .map_or(0, |branch| walk.shape(side, branch, DEPTH)),
            );
        }
        let whole = whole
            .iter()
            .fold(17_u64, |sum, hash| sum.wrapping_mul(31).wrapping_add(*hash));
        vec![whole, test]
    };
    let from: Vec<_> = old
        .conditions
        .iter()
        .map(|of| (of, hashed(walk, Side::Base, of)))
        .collect();
    let to: Vec<_> = new
        .conditions
        .iter()
        .map(|of| (of, hashed(walk, Side::Revision, of)))
        .collect();
    let paired = pair(&from, &to);
    for (from, to) in paired.both {
        condition(walk, sides, from, to);
    }
    for gone in paired.gone {
        constraint_changed(walk, sides, Some(&gone.node.below("if")), None);
    }
    for came in paired.came {
        constraint_changed(walk, sides, None, Some(&came.node.below("if")));
    }
}

fn condition<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, old: &Condition<'d>, new: &Condition<'d>) {
    let polarity = match (&new.then, &new.otherwise) {
        (Some(_), None) => Polarity::Reversed,
        (None, Some(_)) => Polarity::Same,
        _ => Polarity::Both,
    };
    let within = Some(sides.shared());
    let how = (polarity, within);
    walk.polar(sides.pair, (&old.test, &new.test), sides.encoding, how);
    for (from, to) in [(&old.then, &new.then), (&old.otherwise, &new.otherwise)] {
        match (from, to) {
            (Some(from), Some(to)) => {
                let how = (sides.encoding, within);
                walk.part(sides.pair, (from, to), how, sides.declared());
            }
            (None, None) => {}
            (from, to) => {
                let node = |of: &Option<SchemaUse<'d>>| of.as_ref()?.0.first().cloned();
                constraint_changed(walk, sides, node(from).as_ref(), node(to).as_ref());
            }
        }
    }
}

fn contains<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>) {
    let (old, new) = (Rc::clone(&sides.old), Rc::clone(&sides.new));
    let hashed =
        |walk: &mut Walk<'d>, side, of: &Contains<'d>| vec![walk.shape(side, &of.schema, DEPTH)];
    let from: Vec<_> = old
        .contains
        .iter()
        .map(|of| (of, hashed(walk, Side::Base, of)))
        .collect();
    let to: Vec<_> = new
        .contains
        .iter()
        .map(|of| (of, hashed(walk, Side::Revision, of)))
        .collect();
    let paired = pair(&from, &to);
    for (from, to) in paired.both {
        counts(walk, sides, from, to);
        let schemas = (&from.schema, &to.schema);
        match (to.at_least() > 0.0, to.most.is_some()) {
            (true, false) => {
                walk.applicator(sides.pair, schemas, sides.encoding, None);
            }
            (false, _) => {
                let how = (Polarity::Reversed, None);
                walk.polar(sides.pair, schemas, sides.encoding, how);
            }
            (true, true) => {
                let how = (Polarity::Both, None);
                walk.polar(sides.pair, schemas, sides.encoding, how);
            }
        }
    }
    for gone in paired.gone {
        constraint_changed(walk, sides, gone.schema.0.first(), None);
    }
    for came in paired.came {
        constraint_changed(walk, sides, None, came.schema.0.first());
    }
}

/// Compares how many elements must match.
fn counts<'d>(walk: &mut Walk<'d>, sides: &Sides<'d>, old: &Contains<'d>, new: &Contains<'d>) {
    for (key, (was, from), (is, to), is_tighter) in [
        (
            "minContains",
            (old.at_least(), &old.least),
            (new.at_least(), &new.least),
            new.at_least() > old.at_least(),
        ),
        (
            "maxContains",
            (old.at_most(), &old.most),
            (new.at_most(), &new.most),
            new.at_most() < old.at_most(),
        ),
    ] {
        if was == is {
            continue;
        }
        let check = if is_tighter {
            &checks::LIMIT_TIGHTENED
        } else {
            &checks::LIMIT_RELAXED
        };
        let shown = |node: &Option<Node<'d>>| -> Option<ShownValue<'d>> {
            let node = node.as_ref()?;
            Some(serde_json::json!({ key: node.value }).into())
        };
        let location = (
            from.as_ref().or(old.schema.0.first()),
            to.as_ref().or(new.schema.0.first()),
        );
        walk.report(sides.pair, check, location, shown(from), shown(to));
    }
}

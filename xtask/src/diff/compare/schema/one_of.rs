//! Exclusivity: a value matches exactly one variant of `oneOf`, and one or more variants of
//! `anyOf`.

use std::rc::Rc;

use crate::diff::compare::schema::overlap::Overlap;
use crate::diff::compare::schema::pairing::{VariantPairs, Variants};
use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::Side;
use crate::diff::normalize::normalized_schema::NormalizedSchema;

/// The limit of compared variants. Comparing each pair of more variants takes too long.
const MOST: usize = 200;

/// Compares which values match several variants. A discriminator selects one variant, so unions
/// with a discriminator are skipped.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (from, to): (&Variants<'_, 'd>, &Variants<'_, 'd>),
    paired: &VariantPairs,
) {
    let count = from.variants.len().max(to.variants.len());
    if to.discriminator.is_some() || count > MOST {
        return;
    }
    let list = (Some(from.list), Some(to.list));
    if to.exclusive {
        let mut found = matching_two(walk, (from, to), paired);
        if !found.is_empty() && keeps_all(walk, sides) {
            found.clear();
        }
        for index in &found {
            let Some(variant) = to.variants.get(*index) else {
                continue;
            };
            let at = paired.new.get(*index).map(|it| it.labelled(variant));
            let after = at.as_ref().map(|node| node.shown());
            let check = &checks::UNION_OVERLAP;
            walk.report(
                sides.pair,
                check,
                (Some(from.list), at.as_ref()),
                None,
                after,
            );
        }
        if found.is_empty()
            && !from.exclusive
            && is_loose(walk, Side::Revision, to, Overlap::Possible)
        {
            let check = &checks::UNION_EXCLUSIVE;
            walk.report(
                sides.pair,
                check,
                list,
                Some("anyOf".into()),
                Some("oneOf".into()),
            );
        }
    } else if from.exclusive && is_loose(walk, Side::Revision, to, Overlap::Possible) {
        let check = &checks::UNION_NOT_EXCLUSIVE;
        walk.report(
            sides.pair,
            check,
            list,
            Some("oneOf".into()),
            Some("anyOf".into()),
        );
    }
}

/// Returns whether all values stay valid although variants overlap: keywords beside the union
/// exclude those that match two.
fn keeps_all<'d>(walk: &Walk<'d>, sides: &Sides<'d>) -> bool {
    let pair = walk.pairs.get(sides.pair);
    let schemas = pair.and_then(|pair| pair.schemas.as_deref());
    schemas.is_some_and(|(base, revision)| {
        let (base, revision) = ((Side::Base, &**base), (Side::Revision, &**revision));
        walk.prover(true).includes(revision, base, None)
    })
}

/// Returns the variants that overlap with another variant whose values were valid before.
fn matching_two<'d>(
    walk: &mut Walk<'d>,
    (from, to): (&Variants<'_, 'd>, &Variants<'_, 'd>),
    paired: &VariantPairs,
) -> Vec<usize> {
    let old = normalized(walk, Side::Base, from);
    let new = normalized(walk, Side::Revision, to);
    let mut found = Vec::new();
    for (index, alternative) in new.iter().enumerate() {
        let Some(alternative) = alternative else {
            continue;
        };
        let matches = old.iter().zip(&paired.partners).any(|(known, partner)| {
            // Values of a removed variant are rejected anyway.
            partner.is_some_and(|partner| partner != index)
                && known.as_ref().is_some_and(|known| {
                    let (known, alternative) =
                        ((Side::Base, &**known), (Side::Revision, &**alternative));
                    walk.overlap(known, alternative) == Overlap::Certain
                })
        });
        if matches {
            found.push(index);
        }
    }
    // Variants overlapped in the base already.
    if from.exclusive && !found.is_empty() && is_loose(walk, Side::Base, from, Overlap::Certain) {
        found.clear();
    }
    found
}

/// Returns whether two variants of one side overlap.
fn is_loose<'d>(walk: &mut Walk<'d>, side: Side, of: &Variants<'_, 'd>, least: Overlap) -> bool {
    let normalized = normalized(walk, side, of);
    normalized.iter().enumerate().any(|(index, one)| {
        normalized
            .iter()
            .enumerate()
            .any(|(other, two)| match (one, two) {
                (Some(one), Some(two)) if index != other => {
                    walk.overlap((side, one), (side, two)) >= least
                }
                _ => false,
            })
    })
}

fn normalized<'d>(
    walk: &mut Walk<'d>,
    side: Side,
    of: &Variants<'_, 'd>,
) -> Vec<Option<Rc<NormalizedSchema<'d>>>> {
    let variants = of.variants.iter();
    variants
        .map(|variant| walk.normalized_at(side, variant))
        .collect()
}

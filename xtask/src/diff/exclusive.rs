//! `oneOf` admits what matches exactly one of its alternatives, `anyOf` what matches several, too.

use std::rc::Rc;

use super::checks;
use super::likeness::Side;
use super::meaning::Meaning;
use super::overlap::Overlap;
use super::pairing::{Alternatives, Paired};
use super::schemas::Sides;
use super::walk::Walk;

/// Alternatives that are looked at: with more, to look at each two takes too long.
const MOST: usize = 200;

/// Compares which values match several alternatives. What is told apart by a discriminator is one of
/// them whatever else it matches.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    (from, to): (&Alternatives<'_, 'd>, &Alternatives<'_, 'd>),
    paired: &Paired,
) {
    let count = from.branches.len().max(to.branches.len());
    if to.discriminator.is_some() || count > MOST {
        return;
    }
    let list = (Some(from.list), Some(to.list));
    if to.exclusive {
        let found = matching_two(walk, (from, to), paired);
        for index in &found {
            let Some(branch) = to.branches.get(*index) else {
                continue;
            };
            let at = paired.new.get(*index).map(|it| it.labelled(branch));
            let after = at.as_ref().map(|node| node.said());
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

/// The alternatives that values of others match, which were valid before.
fn matching_two<'d>(
    walk: &mut Walk<'d>,
    (from, to): (&Alternatives<'_, 'd>, &Alternatives<'_, 'd>),
    paired: &Paired,
) -> Vec<usize> {
    let old = meanings(walk, Side::Base, from);
    let new = meanings(walk, Side::Revision, to);
    let mut found = Vec::new();
    for (index, alternative) in new.iter().enumerate() {
        let Some(alternative) = alternative else {
            continue;
        };
        let matches = old.iter().zip(&paired.partners).any(|(known, partner)| {
            // What has gone is refused anyway.
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
    // Where two matched before, nobody counts.
    if from.exclusive && !found.is_empty() && is_loose(walk, Side::Base, from, Overlap::Certain) {
        found.clear();
    }
    found
}

/// Whether values match two alternatives of one side.
fn is_loose<'d>(
    walk: &mut Walk<'d>,
    side: Side,
    of: &Alternatives<'_, 'd>,
    least: Overlap,
) -> bool {
    let meanings = meanings(walk, side, of);
    meanings.iter().enumerate().any(|(index, one)| {
        meanings
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

fn meanings<'d>(
    walk: &mut Walk<'d>,
    side: Side,
    of: &Alternatives<'_, 'd>,
) -> Vec<Option<Rc<Meaning<'d>>>> {
    let branches = of.branches.iter();
    branches
        .map(|branch| walk.meaning_at(side, branch))
        .collect()
}

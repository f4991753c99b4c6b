//! Finds the pairs whose values a change keeps, so that a change of how they are described is no
//! change on the wire.

use std::collections::{HashMap, HashSet};

use crate::diff::compare::walk::{PairId, Walk};
use crate::diff::inclusion::prover::Prover;
use crate::diff::model::change::Change;
use crate::diff::model::checks::{self, Area, Check};
use crate::diff::model::context::Side;
use crate::diff::model::verdict::{Direction, Wire};
use crate::diff::result::mode::Mode;

/// Checks of schemas that are about more than the set of valid values.
const NOT_OF_VALUES: [&Check; 14] = [
    &checks::CONTENT_CHANGED,
    &checks::XML_CHANGED,
    &checks::EXTENSIBLE_VALUE_REMOVED,
    &checks::DISCRIMINATOR_PROPERTY,
    &checks::DISCRIMINATOR_VALUE_REDIRECTED,
    &checks::DISCRIMINATOR_VALUE_ADDED,
    &checks::DISCRIMINATOR_VALUE_REMOVED,
    &checks::PROPERTY_REMOVED_REQUIRED,
    &checks::PROPERTY_REMOVED_OPTIONAL,
    &checks::REQUIRED_NOT_READ_ONLY,
    &checks::REQUIRED_NOT_WRITE_ONLY,
    &checks::UNION_OVERLAP,
    &checks::UNKNOWN_CHANGE,
    &checks::UNKNOWN_REFERENCE,
];

/// Returns whether a change says nothing else than which values are valid.
pub fn is_of_values(change: &Change<'_>) -> bool {
    let check = change.check;
    let is_more = NOT_OF_VALUES.iter().any(|it| std::ptr::eq(*it, check));
    check.area == Area::Schema && !is_more && !change.is_meant
}

/// The pairs that keep their values: in requests, all values stay valid, and in responses, no value
/// becomes valid.
#[derive(Default)]
pub struct KeptPairs(HashSet<(PairId, Mode)>);

impl KeptPairs {
    /// Returns the mode in which a pair is used that is reached in a mode.
    pub fn enter(&self, pair: PairId, mode: Mode) -> Mode {
        match self.0.contains(&(pair, mode)) {
            true => mode.kept(),
            false => mode,
        }
    }
}

impl<'d> Walk<'d> {
    /// Tests the pairs that lead to changes which may break, from the outermost to the innermost.
    pub(super) fn kept_pairs(&self, roots: impl Iterator<Item = (PairId, Mode)>) -> KeptPairs {
        let leads = |direction: Direction| {
            let breaks = |change: &Change<'_>| change.check.wire(direction) == Wire::Breaking;
            self.leading_to(|change| is_of_values(change) && breaks(change))
        };
        let leads: HashMap<Mode, Vec<bool>> = [
            (Mode::Sent, leads(Direction::Request)),
            (Mode::Received, leads(Direction::Response)),
        ]
        .into();
        let mut prover = self.prover(false);
        let mut kept = KeptPairs::default();
        let mut seen = HashSet::new();
        let mut pending: Vec<(PairId, Mode)> = roots.collect();
        while let Some((id, mode)) = pending.pop() {
            let may_break = leads.get(&mode).and_then(|leads| leads.get(id)) == Some(&true);
            if !seen.insert((id, mode)) {
                continue;
            }
            if may_break && self.keeps(&mut prover, id, mode) {
                kept.0.insert((id, mode));
            }
            let mode = kept.enter(id, mode);
            pending.extend(self.within(id, mode));
        }
        kept
    }

    /// Returns whether a pair provably keeps its values.
    fn keeps(&self, prover: &mut Prover<'_, 'd>, pair: PairId, mode: Mode) -> bool {
        let schemas = self
            .pairs
            .get(pair)
            .and_then(|pair| pair.schemas.as_deref());
        let Some((base, revision)) = schemas else {
            return false;
        };
        let (base, revision) = ((Side::Base, &**base), (Side::Revision, &**revision));
        match mode {
            Mode::Sent => prover.includes(revision, base, None),
            Mode::Received => prover.includes(base, revision, None),
            _ => false,
        }
    }
}

//! Changes as the walk finds them: one a place, however often it is met.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::change::{Change, Felt, Spot};
use super::checks::Check;
use super::document::Node;
use super::said::Said;
use super::walk::{PairId, Sent, Use, Walk};

/// Where it stands in the base and in the revision.
pub type Spots<'n, 'd> = (Option<&'n Node<'d>>, Option<&'n Node<'d>>);

impl<'d> Walk<'d> {
    /// Reports a change of a pair; the operations that reach the pair reach it.
    pub fn report(
        &mut self,
        pair: PairId,
        check: &'static Check,
        place: Spots<'_, 'd>,
        before: Option<Said<'d>>,
        after: Option<Said<'d>>,
    ) {
        let index = self.add(check, place, before, after);
        if let Some(pair) = self.pairs.get_mut(pair) {
            pair.changes.push(index);
        }
    }

    /// Reports a change that is felt only where its subject is sent.
    pub fn report_behind(
        &mut self,
        pair: PairId,
        sent: Sent,
        check: &'static Check,
        place: Spots<'_, 'd>,
        values: (Option<Said<'d>>, Option<Said<'d>>),
    ) {
        let id = self.push(None, Vec::new());
        self.report(id, check, place, values.0, values.1);
        if let Some(pair) = self.pairs.get_mut(pair) {
            pair.edges.push((id, sent));
        }
    }

    /// Reports a change of an operation itself.
    pub fn report_for(
        &mut self,
        operation: &Use,
        check: &'static Check,
        place: Spots<'_, 'd>,
        before: Option<Said<'d>>,
        after: Option<Said<'d>>,
    ) {
        let index = self.add(check, place, before, after);
        let felt = if operation.is_draft {
            Felt::default()
        } else {
            Felt::default().with(operation.direction)
        };
        self.own.push((index, Rc::clone(&operation.name), felt));
    }

    /// Reports a change that concerns no operation in particular.
    pub fn report_alone(
        &mut self,
        check: &'static Check,
        place: Spots<'_, 'd>,
        before: Option<Said<'d>>,
        after: Option<Said<'d>>,
    ) {
        self.add(check, place, before, after);
    }

    /// One change a place, however often it is met.
    fn add(
        &mut self,
        check: &'static Check,
        place: Spots<'_, 'd>,
        before: Option<Said<'d>>,
        after: Option<Said<'d>>,
    ) -> usize {
        let (base, revision) = (place.0.map(Node::spot), place.1.map(Node::spot));
        let key = identity((check, &base, &revision), (&before, &after));
        let mut slot = hash(&key);
        while let Some(known) = self.places.get(&slot) {
            let found = self.changes.get(*known).map(|it| {
                let spots = (it.check, &it.base, &it.revision);
                identity(spots, (&it.before, &it.after))
            });
            if found == Some(key) {
                return *known;
            }
            slot = slot.wrapping_add(1);
        }
        let index = self.changes.len();
        self.changes.push(Change {
            check,
            base,
            revision,
            before,
            after,
            reach: self.nowhere.clone(),
        });
        self.places.insert(slot, index);
        index
    }
}

/// What makes two changes one.
type Identity<'c> = (&'static str, Option<&'c str>, Option<&'c str>);

fn identity<'c>(
    (check, base, revision): (&'static Check, &'c Option<Spot>, &'c Option<Spot>),
    (before, after): (&Option<Said<'_>>, &Option<Said<'_>>),
) -> Identity<'c> {
    let base = base.as_ref().map(|spot| spot.stable());
    let revision = revision.as_ref().map(|spot| spot.stable());
    // What went away is where it was, wherever it would have been.
    match (before, after) {
        (Some(_), None) if base.is_some() => (check.id, base, None),
        (None, Some(_)) if revision.is_some() => (check.id, None, revision),
        _ => (check.id, base, revision),
    }
}

fn hash(of: &Identity<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

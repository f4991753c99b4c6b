//! The changes with their verdicts: what every form of output is made of.

use super::change::{Change, Direction, Spot, Wire};
use super::checks::Area;
use super::fingerprint::Fingerprint;
use super::policy::{Accepted, Policy};
use super::said::Said;
use crate::positions::{Position, positions};
use crate::rust::version::Advice;
use crate::rust::{self, Bump, Item, Surfaces};

/// A change and what it does.
#[derive(Debug)]
pub struct Judged<'d> {
    pub change: Change<'d>,
    pub wire: Wire,
    pub rust: Bump,
    pub fingerprint: Fingerprint,
    /// The items that it changed, by their index in [`Report::items`].
    pub items: Vec<usize>,
    /// Where it stands in the texts of base and revision, if they are JSON.
    pub at: [Option<Position>; 2],
    /// Why it is accepted, if it is.
    pub accepted: Option<Box<Accepted>>,
}

/// All that is to be said about two documents.
#[derive(Debug)]
pub struct Report<'d> {
    pub base: String,
    pub revision: String,
    pub wire: Wire,
    pub rust: Bump,
    /// The worst first.
    pub changes: Vec<Judged<'d>>,
    pub items: Vec<Item>,
    pub basis: rust::Basis,
    /// Entries of the policy that match no change.
    pub stale: Vec<Accepted>,
    pub version: Option<Advice>,
    /// Lines that the ledger has gained and lost.
    pub ledger: Option<(Vec<String>, Vec<String>)>,
}

impl<'d> Report<'d> {
    pub fn new(
        (base, revision): (String, String),
        changes: Vec<Change<'d>>,
        surfaces: Surfaces,
        policy: &Policy,
    ) -> Self {
        let Surfaces { basis, items } = surfaces;
        let caused = rust::blame(&items, &changes);
        let is_estimate = basis.reason().is_some();
        let mut judged: Vec<Judged<'d>> = changes
            .into_iter()
            .zip(caused)
            .map(|(change, caused)| {
                let wire = wire(&change, policy);
                let by_items = caused.iter().filter_map(|index| items.get(*index));
                let rust = match by_items.map(Item::bump).max() {
                    Some(bump) => bump,
                    None if is_estimate => change.check.rust,
                    None => unseen(&change),
                };
                let fingerprint = Fingerprint::of(&change);
                let accepted = policy
                    .accepted
                    .iter()
                    .find(|entry| fingerprint.is(&entry.fingerprint))
                    .cloned()
                    .map(Box::new);
                Judged {
                    change,
                    wire,
                    rust,
                    fingerprint,
                    items: caused,
                    at: [None; 2],
                    accepted,
                }
            })
            .collect();
        judged.sort_by_key(|it| std::cmp::Reverse((it.wire, it.rust)));
        let counted = || judged.iter().filter(|it| it.accepted.is_none());
        let silenced: Vec<usize> = judged
            .iter()
            .filter(|it| it.accepted.is_some())
            .flat_map(|it| it.items.iter().copied())
            .collect();
        let of_items = items
            .iter()
            .enumerate()
            .filter(|(index, _)| !silenced.contains(index))
            .map(|(_, item)| item.bump())
            .max();
        let stale = policy.accepted.iter().filter(|entry| {
            !judged
                .iter()
                .any(|it| it.fingerprint.is(&entry.fingerprint))
        });
        Self {
            base,
            revision,
            wire: counted().map(|it| it.wire).max().unwrap_or(Wire::None),
            rust: counted()
                .map(|it| it.rust)
                .chain(of_items)
                .max()
                .unwrap_or(Bump::None),
            stale: stale.cloned().collect(),
            changes: judged,
            items,
            basis,
            version: None,
            ledger: None,
        }
    }

    /// Finds the changes in the texts of the two documents, both at once.
    pub fn locate(&mut self, base: &str, revision: &str) {
        let changes = || self.changes.iter().map(|it| &it.change);
        let in_base: Vec<_> = changes().map(|it| pointer_of(&it.base)).collect();
        let in_revision: Vec<_> = changes().map(|it| pointer_of(&it.revision)).collect();
        let (in_base, in_revision) = std::thread::scope(|scope| {
            let in_base = scope.spawn(|| positions(base, &in_base));
            let in_revision = positions(revision, &in_revision);
            (in_base.join().unwrap_or_default(), in_revision)
        });
        let places = in_base.into_iter().zip(in_revision);
        for (judged, (base, revision)) in self.changes.iter_mut().zip(places) {
            judged.at = [base, revision];
        }
    }

    /// The number of changes of an effect that are not accepted.
    pub fn count(&self, wire: Wire) -> usize {
        let counted = self.changes.iter().filter(|it| it.accepted.is_none());
        counted.filter(|it| it.wire == wire).count()
    }

    /// Whether anything is left to be decided.
    pub fn is_empty(&self) -> bool {
        self.changes.iter().all(|it| it.accepted.is_some()) && self.items.is_empty()
    }
}

impl Judged<'_> {
    /// How loud it is to be said.
    pub fn severity(&self) -> &'static str {
        match (&self.accepted, self.wire) {
            (Some(_), _) => "accepted",
            (None, Wire::Breaking) => "error",
            (None, Wire::Compatible) => "info",
            (None, Wire::DocsOnly | Wire::None) => "note",
        }
    }

    /// One sentence: what changed, who is hurt and how.
    pub fn sentence(&self) -> String {
        let (check, subject) = (self.change.check, self.change.subject());
        let mut sentence = match check.what.strip_prefix("the ") {
            Some(_) => format!("{subject}: {}", check.what),
            None => format!("{subject} {}", check.what),
        };
        if let Some(values) = self.values() {
            sentence += &format!(" ({values})");
        }
        if self.wire == Wire::Breaking && !check.hurt.is_empty() {
            sentence += &format!("; {}", check.hurt);
        }
        sentence
    }

    fn values(&self) -> Option<String> {
        let short = |said: &Said<'_>| -> Option<String> {
            if matches!(said, Said::Members(_)) || said.value().is_object() {
                return None;
            }
            let text = said.value().to_string();
            (text.len() <= 60).then_some(text)
        };
        match (&self.change.before, &self.change.after) {
            (Some(before), Some(after)) => {
                let (before, after) = (short(before)?, short(after)?);
                let is_flag = before == "true" || before == "false";
                (!is_flag || self.change.check.area != Area::Schema)
                    .then(|| format!("{before} → {after}"))
            }
            (Some(only), None) | (None, Some(only)) => short(only),
            (None, None) => None,
        }
    }

    /// The directions in which it is felt, and the effect in each.
    pub fn directions(&self, policy: &Policy) -> Vec<(Direction, Wire)> {
        let felt = self.change.reach.felt();
        [
            (felt.request, Direction::Request),
            (felt.response, Direction::Response),
        ]
        .into_iter()
        .filter(|(felt, _)| *felt)
        .map(|(_, direction)| (direction, policy.effect(self.change.check, direction)))
        .collect()
    }
}

fn pointer_of(spot: &Option<Spot>) -> Option<&str> {
    spot.as_ref().map(|spot| &*spot.pointer)
}

/// The worst effect in the directions in which a change is felt.
fn wire(change: &Change<'_>, policy: &Policy) -> Wire {
    let effect = |direction| policy.effect(change.check, direction);
    let worst = effect(Direction::Request).max(effect(Direction::Response));
    if change.reach.is_empty() {
        return worst;
    }
    let felt = change.reach.felt();
    let in_requests = felt.request.then(|| effect(Direction::Request));
    let in_responses = felt.response.then(|| effect(Direction::Response));
    // What is not sent in the direction that would break hurts nobody.
    in_requests
        .max(in_responses)
        .unwrap_or_else(|| worst.min(Wire::Compatible))
}

/// A change that no item shows: it may be in the documentation of one.
fn unseen(change: &Change<'_>) -> Bump {
    match change.check.area {
        Area::Security => Bump::None,
        _ if change.check.request == Wire::None => Bump::None,
        _ => Bump::Patch,
    }
}

//! The report: changes with their verdicts, from which every output format is made.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use crate::diff::model::change::Change;
use crate::diff::model::checks::Effect;
use crate::diff::model::location::Location;
use crate::diff::model::verdict::{Bump, Direction, Wire};
use crate::diff::result::fingerprint::Fingerprint;
use crate::diff::result::policy::{AcceptedChange, Policy};
use crate::document::operations::operations;
use crate::document::position::Position;
use crate::document::positions::{parents, positions};
use crate::rust_api::api_diff::ApiDiff;
use crate::rust_api::attribute::attribute;
use crate::rust_api::item::ApiItem;
use crate::rust_api::sources::SourceChange;
use crate::rust_api::version::VersionAdvice;

/// A change with its verdicts.
#[derive(Debug)]
pub struct JudgedChange<'d> {
    pub change: Change<'d>,
    pub wire: Wire,
    /// `None` if the Rust APIs were not compared.
    pub rust: Option<Bump>,
    pub fingerprint: Fingerprint,
    /// The items that the change caused, as indices of [`Report::items`].
    pub items: Vec<usize>,
    pub places: Places,
    /// The entry of the policy that accepts the change.
    pub accepted: Option<Box<AcceptedChange>>,
}

/// The positions of something in the texts of the two documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct Places {
    pub base: Option<Position>,
    pub revision: Option<Position>,
    /// The position in the revision of the nearest parent, if the revision lacks the thing itself.
    pub beside: Option<Position>,
}

/// The comparison of two documents.
#[derive(Debug)]
pub struct Report<'d> {
    pub base: String,
    pub revision: String,
    pub wire: Wire,
    /// `None` if the Rust APIs were not compared.
    pub rust: Option<Bump>,
    /// Sorted by effect, the worst first.
    pub changes: Vec<JudgedChange<'d>>,
    pub items: Vec<ApiItem>,
    /// The places of what the items are generated from, once they are located.
    pub item_places: Vec<Places>,
    /// The reason why the Rust APIs were not compared.
    pub rust_unknown: Option<String>,
    /// Entries of the policy that match no change.
    pub stale: Vec<AcceptedChange>,
    pub version: Option<VersionAdvice>,
    pub ledger: Option<LedgerChanges>,
    /// Only of `spec check` and `spec refresh`: sentences on names and on the overlay.
    pub findings: Vec<String>,
    /// The number of operations in either document.
    pub operations: usize,
}

/// The lines that the ledger gained and lost.
#[derive(Debug)]
pub struct LedgerChanges {
    pub gained: Vec<String>,
    pub lost: Vec<String>,
}

impl<'d> Report<'d> {
    pub fn new(
        (base, revision): (String, String),
        changes: Vec<Change<'d>>,
        rust_api: ApiDiff,
        policy: &Policy,
    ) -> Self {
        let (items, sources, rust_unknown) = match rust_api {
            ApiDiff::Compared { items, sources } => (items, sources, None),
            ApiDiff::Unknown(reason) => (Vec::new(), SourceChange::None, Some(reason)),
        };
        let is_compared = rust_unknown.is_none();
        let caused = attribute(&items, &changes);
        let mut judged: Vec<JudgedChange<'d>> = changes
            .into_iter()
            .zip(caused)
            .map(|(change, caused)| {
                let wire = wire(&change, policy);
                let by_items = caused.iter().filter_map(|index| items.get(*index));
                let rust = by_items
                    .map(|item| item.bump)
                    .max()
                    .or_else(|| is_compared.then(|| bump_without_items(&change, sources)));
                let fingerprint = Fingerprint::of(&change);
                let accepted = policy
                    .accepted
                    .iter()
                    .find(|entry| fingerprint.is(&entry.fingerprint))
                    .cloned()
                    .map(Box::new);
                JudgedChange {
                    change,
                    wire,
                    rust,
                    fingerprint,
                    items: caused,
                    places: Places::default(),
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
            .map(|(_, item)| item.bump)
            .max();
        // Differences that no change explains count, unless all changes are accepted.
        let is_decided = counted().next().is_none() && !judged.is_empty();
        let is_code = sources == SourceChange::Code;
        let of_sources = (is_code && !is_decided).then_some(Bump::Patch);
        let stale = policy.accepted.iter().filter(|entry| {
            !judged
                .iter()
                .any(|it| it.fingerprint.is(&entry.fingerprint))
        });
        Self {
            base,
            revision,
            wire: counted().map(|it| it.wire).max().unwrap_or(Wire::None),
            rust: is_compared.then(|| {
                let of_changes = counted().filter_map(|it| it.rust);
                let all = of_changes.chain(of_items).chain(of_sources);
                all.max().unwrap_or(Bump::None)
            }),
            stale: stale.cloned().collect(),
            changes: judged,
            items,
            item_places: Vec::new(),
            rust_unknown,
            version: None,
            ledger: None,
            findings: Vec::new(),
            operations: 0,
        }
    }

    /// Finds the places of the changes and of the items in the texts of the two documents.
    pub fn locate(&mut self, base: &str, revision: &str) {
        let changes = self.changes.iter().map(|it| {
            let (base, revision) = (&it.change.base, &it.change.revision);
            (pointer_of(base), pointer_of(revision))
        });
        let items = self.items.iter().map(|item| match item.is_echo {
            true => (None, None),
            false => (item.base.as_deref(), item.revision.as_deref()),
        });
        let (in_base, in_revision): (Vec<_>, Vec<_>) = changes.chain(items).unzip();
        let (at_base, at_revision) = std::thread::scope(|scope| {
            let at_base = scope.spawn(|| positions(base, &in_base));
            let at_revision = positions(revision, &in_revision);
            (at_base.join().unwrap_or_default(), at_revision)
        });
        let gone: Vec<Option<&str>> = in_base
            .iter()
            .zip(&in_revision)
            .zip(&at_revision)
            .map(|((base, revision), at)| (*revision).or(*base).filter(|_| at.is_none()))
            .collect();
        let beside = parents(revision, &gone);
        let places = at_base.into_iter().zip(at_revision).zip(beside);
        let mut places = places.map(|((base, revision), beside)| Places {
            base,
            revision,
            beside,
        });
        for judged in &mut self.changes {
            judged.places = places.next().unwrap_or_default();
        }
        self.item_places = places.collect();
    }

    /// Counts the operations of the two documents.
    pub fn count_operations(&mut self, base: &Value, revision: &Value) {
        let mut all = operations(base);
        all.extend(operations(revision));
        self.operations = all.len();
    }

    /// Returns the number of operations in the two documents that changes affect.
    pub fn touched(&self) -> usize {
        let mut seen: HashSet<usize> = HashSet::new();
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for affected in self.changes.iter().map(|it| &it.change.affected) {
            if seen.insert(affected.address()) {
                names.extend(affected.names().filter(|name| !is_called_by_server(name)));
            }
        }
        names.len()
    }

    /// Counts the changes with an effect that are not accepted.
    pub fn count(&self, wire: Wire) -> usize {
        let counted = self.changes.iter().filter(|it| it.accepted.is_none());
        counted.filter(|it| it.wire == wire).count()
    }

    /// Returns whether nothing is left to be decided.
    pub fn is_empty(&self) -> bool {
        self.changes.iter().all(|it| it.accepted.is_some()) && self.items.is_empty()
    }
}

impl JudgedChange<'_> {
    /// Returns the severity for CI systems.
    pub fn severity(&self) -> &'static str {
        match (&self.accepted, self.wire) {
            (Some(_), _) => "accepted",
            (None, Wire::Breaking) => "error",
            (None, Wire::Compatible) => "info",
            (None, Wire::DocsOnly | Wire::None) => "note",
        }
    }

    /// Returns the directions that the change affects, with the effect in each.
    pub fn directions(&self, policy: &Policy) -> Vec<(Direction, Wire)> {
        let directions = self.change.affected.directions();
        [
            (directions.request, Direction::Request),
            (directions.response, Direction::Response),
        ]
        .into_iter()
        .filter(|(directions, _)| *directions)
        .map(|(_, direction)| (direction, policy.effect(self.change.check, direction)))
        .collect()
    }
}

/// Returns whether the name is that of a webhook or of an operation of a callback.
fn is_called_by_server(name: &str) -> bool {
    let label = name.split_once(' ').map_or("", |(_, label)| label);
    label.starts_with("webhook ") || label.starts_with("callback ")
}

fn pointer_of(location: &Option<Location>) -> Option<&str> {
    location.as_ref().map(|location| &*location.pointer)
}

/// Returns the worst effect in the directions that a change affects.
fn wire(change: &Change<'_>, policy: &Policy) -> Wire {
    let effect = |direction| policy.effect(change.check, direction);
    let worst = effect(Direction::Request).max(effect(Direction::Response));
    if change.affected.is_empty() {
        return worst;
    }
    let directions = change.affected.directions();
    let in_requests = directions.request.then(|| effect(Direction::Request));
    let in_responses = directions.response.then(|| effect(Direction::Response));
    // A value that is not sent in the breaking direction breaks nobody.
    in_requests
        .max(in_responses)
        .unwrap_or_else(|| worst.min(Wire::Compatible))
}

/// Returns the bump of a change that moved no item: it may change the documentation of one, or what
/// functions do.
fn bump_without_items(change: &Change<'_>, sources: SourceChange) -> Bump {
    match sources != SourceChange::None && change.check.effect != Effect::Spelling {
        true => Bump::Patch,
        false => Bump::None,
    }
}

/// Returns the name of a Rust verdict.
pub fn bump_name(bump: Option<Bump>) -> &'static str {
    bump.map_or("unknown", Bump::as_str)
}

//! Collects changes while the walk finds them: one change per location, however often it is found.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::diff::model::affected_operations::AffectedOperations;
use crate::diff::model::change::Change;
use crate::diff::model::checks::Check;
use crate::diff::model::document::Node;
use crate::diff::model::location::Location;
use crate::diff::model::shown_value::ShownValue;

/// The locations of a change in the base and in the revision.
pub type Locations<'n, 'd> = (Option<&'n Node<'d>>, Option<&'n Node<'d>>);

/// The index of a change in [`Findings::changes`].
pub type ChangeId = usize;

/// The changes that a walk has found.
pub struct Findings<'d> {
    pub changes: Vec<Change<'d>>,
    nowhere: AffectedOperations,
    /// The changes by the hash of their identity.
    by_identity: HashMap<u64, ChangeId>,
}

impl<'d> Findings<'d> {
    pub fn new() -> Self {
        Self {
            changes: Vec::new(),
            nowhere: AffectedOperations::nothing(),
            by_identity: HashMap::new(),
        }
    }

    /// Adds a change, unless the same one is known.
    pub fn add(
        &mut self,
        check: &'static Check,
        location: Locations<'_, 'd>,
        before: Option<ShownValue<'d>>,
        after: Option<ShownValue<'d>>,
    ) -> ChangeId {
        let (base, revision) = (
            location.0.map(Node::location),
            location.1.map(Node::location),
        );
        let key = identity((check, &base, &revision), (&before, &after));
        let mut slot = hash(&key);
        while let Some(known) = self.by_identity.get(&slot) {
            let found = self.changes.get(*known).map(|it| {
                let locations = (it.check, &it.base, &it.revision);
                identity(locations, (&it.before, &it.after))
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
            affected: self.nowhere.clone(),
            is_meant: false,
        });
        self.by_identity.insert(slot, index);
        index
    }
}

/// Check and locations: two changes with the same identity are one change.
type ChangeIdentity<'c> = (&'static str, Option<&'c str>, Option<&'c str>);

fn identity<'c>(
    (check, base, revision): (&'static Check, &'c Option<Location>, &'c Option<Location>),
    (before, after): (&Option<ShownValue<'_>>, &Option<ShownValue<'_>>),
) -> ChangeIdentity<'c> {
    let base = base.as_ref().map(|location| location.stable());
    let revision = revision.as_ref().map(|location| location.stable());
    // A removed value is at its old location, whatever held it in the revision.
    match (before, after) {
        (Some(_), None) if base.is_some() => (check.id, base, None),
        (None, Some(_)) if revision.is_some() => (check.id, None, revision),
        _ => (check.id, base, revision),
    }
}

fn hash(of: &ChangeIdentity<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

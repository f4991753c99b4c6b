//! The walk over both documents at once: pairs of schemas that stand for each other, each compared
//! once however often it is used, and which operations reach it.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use super::change::{Change, Direction, Felt};
use super::checks;
pub use super::context::{Coding, Quiet, Sent};
use super::document::{Document, Node};
use super::meaning::Meaning;
use super::place::{Peeled, Place, peel};
use super::reach::Reach;
use super::said::Said;
use super::unchanged::Unchanged;
use super::{schemas, uses};

pub type PairId = usize;

/// Meanings that are kept to be asked for again: those of all schemas take more than the documents.
const MEANINGS: usize = 2048;

/// What tells one pair from another.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    base: Vec<usize>,
    revision: Vec<usize>,
    coding: Coding,
    quiet: Quiet,
}

pub(super) struct Pair<'d> {
    task: Option<Task<'d>>,
    pub(super) edges: Vec<(PairId, Sent)>,
    pub(super) changes: Vec<usize>,
}

/// Two schemas to compare.
pub struct Task<'d> {
    pub base: Vec<Node<'d>>,
    pub revision: Vec<Node<'d>>,
    pub coding: Coding,
    pub quiet: Quiet,
}

pub struct Walk<'d> {
    pub base: Document<'d>,
    pub revision: Document<'d>,
    unchanged: Rc<Unchanged>,
    base_meanings: HashMap<Vec<usize>, Option<Rc<Meaning<'d>>>>,
    revision_meanings: HashMap<Vec<usize>, Option<Rc<Meaning<'d>>>>,
    known: HashMap<Key, PairId>,
    pub(super) pairs: Vec<Pair<'d>>,
    pending: Vec<PairId>,
    /// Pairs that operations send or receive; `true` for drafts.
    pub(super) roots: Vec<(PairId, Rc<str>, Direction, bool)>,
    pub(super) changes: Vec<Change<'d>>,
    /// Changes of operations themselves.
    pub(super) own: Vec<(usize, Rc<str>, Felt)>,
    pub(super) nowhere: Reach,
    /// Changes by the hash of what makes them one.
    pub(super) places: HashMap<u64, usize>,
    pub likeness: super::likeness::Memo,
}

impl<'d> Walk<'d> {
    pub fn new(base: &'d Value, revision: &'d Value) -> Self {
        Self::knowing(base, revision, Rc::new(Unchanged::of(base, revision)))
    }

    fn knowing(base: &'d Value, revision: &'d Value, unchanged: Rc<Unchanged>) -> Self {
        Self {
            base: Document::new(base),
            revision: Document::new(revision),
            unchanged,
            base_meanings: HashMap::new(),
            revision_meanings: HashMap::new(),
            known: HashMap::new(),
            pairs: Vec::new(),
            pending: Vec::new(),
            roots: Vec::new(),
            changes: Vec::new(),
            own: Vec::new(),
            nowhere: Reach::nothing(),
            places: HashMap::new(),
            likeness: HashMap::new(),
        }
    }

    pub fn unchanged(&self) -> &Unchanged {
        &self.unchanged
    }

    /// Compares two schemas that an operation sends or receives.
    pub fn root(
        &mut self,
        base: &Place<'d>,
        revision: &Place<'d>,
        coding: Coding,
        operation: &Use,
    ) {
        if let Some(pair) = self.pair(base, revision, coding, Quiet::WHOLE) {
            self.roots.push((
                pair,
                operation.name.clone(),
                operation.direction,
                operation.is_draft,
            ));
        }
    }

    /// Compares two schemas behind a pair.
    pub fn child(
        &mut self,
        of: PairId,
        base: &Place<'d>,
        revision: &Place<'d>,
        coding: Coding,
        sent: Sent,
    ) {
        self.behind_pair(of, (base, revision), coding, sent, Quiet::WHOLE);
    }

    /// As [`Self::child`], of alternatives of a union.
    pub fn branch(&mut self, of: PairId, base: &Place<'d>, revision: &Place<'d>, coding: Coding) {
        self.behind_pair(of, (base, revision), coding, Sent::BOTH, Quiet::BRANCH);
    }

    /// As [`Self::child`], of conditions that hold besides.
    pub fn condition(
        &mut self,
        of: PairId,
        base: &Place<'d>,
        revision: &Place<'d>,
        coding: Coding,
    ) {
        self.behind_pair(of, (base, revision), coding, Sent::BOTH, Quiet::PART);
    }

    fn behind_pair(
        &mut self,
        of: PairId,
        (base, revision): (&Place<'d>, &Place<'d>),
        coding: Coding,
        sent: Sent,
        quiet: Quiet,
    ) {
        if let Some(child) = self.pair(base, revision, coding.inner(), quiet)
            && let Some(pair) = self.pairs.get_mut(of)
        {
            pair.edges.push((child, sent));
        }
    }

    /// The pair of what stands at two places; `None` if there is nothing to compare.
    fn pair(
        &mut self,
        base: &Place<'d>,
        revision: &Place<'d>,
        coding: Coding,
        said: Quiet,
    ) -> Option<PairId> {
        if let ([base], [revision]) = (base.0.as_slice(), revision.0.as_slice())
            && self.unchanged.value(base.value, revision.value)
        {
            return None;
        }
        let old = peel(&self.base, base);
        let new = peel(&self.revision, revision);
        let plain =
            old.wrappers.is_empty() && new.wrappers.is_empty() && !old.nullable && !new.nullable;
        let quiet = Quiet {
            null: said.null || old.nullable || new.nullable,
            words: old.wrappers.is_empty() != new.wrappers.is_empty(),
            ..said
        };
        let core = self.core(&old, &new, coding, quiet);
        if let (Some(core), Some(from), Some(to)) = (core, old.component(), new.component())
            && from != to
            && !self.revision.has_schema(from)
            && !self.base.has_schema(to)
        {
            self.renamed(core, (&old, from), (&new, to));
        }
        if plain {
            return core;
        }
        let key = Key {
            base: addresses(&base.0),
            revision: addresses(&revision.0),
            coding,
            quiet: said,
        };
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        let behind = core.map(|core| (core, Sent::BOTH));
        let id = self.push(None, behind.into_iter().collect());
        self.known.insert(key, id);
        uses::compare(self, id, &old, &new, said.null);
        Some(id)
    }

    fn core(
        &mut self,
        old: &Peeled<'d>,
        new: &Peeled<'d>,
        coding: Coding,
        quiet: Quiet,
    ) -> Option<PairId> {
        if let (Some(from), Some(to)) = (old.component(), new.component())
            && from == to
            && self.unchanged.component("schemas", from)
        {
            return None;
        }
        let key = Key {
            base: addresses(&old.core),
            revision: addresses(&new.core),
            coding,
            quiet,
        };
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        let task = Task {
            base: old.core.clone(),
            revision: new.core.clone(),
            coding,
            quiet,
        };
        let id = self.push(Some(task), Vec::new());
        self.known.insert(key, id);
        self.pending.push(id);
        Some(id)
    }

    pub(super) fn push(&mut self, task: Option<Task<'d>>, edges: Vec<(PairId, Sent)>) -> PairId {
        let id = self.pairs.len();
        self.pairs.push(Pair {
            task,
            edges,
            changes: Vec::new(),
        });
        id
    }

    fn renamed(
        &mut self,
        pair: PairId,
        (old, from): (&Peeled<'d>, &str),
        (new, to): (&Peeled<'d>, &str),
    ) {
        let place = (old.core.first(), new.core.first());
        let (from, to) = (Said::from(from), Said::from(to));
        let check = &checks::COMPONENT_RENAMED;
        self.report(pair, check, place, Some(from), Some(to));
    }

    /// What the two schemas of a task mean. Mostly nobody asks again, so it is not kept.
    pub fn meanings(&mut self, task: &Task<'d>) -> Option<(Rc<Meaning<'d>>, Rc<Meaning<'d>>)> {
        let base = self.base_meanings.remove(&addresses(&task.base));
        let revision = self.revision_meanings.remove(&addresses(&task.revision));
        let base = base.unwrap_or_else(|| Meaning::of(&self.base, &task.base).map(Rc::new));
        let revision =
            revision.unwrap_or_else(|| Meaning::of(&self.revision, &task.revision).map(Rc::new));
        // What one side says of several alternatives, the other says of one.
        match base.zip(revision)? {
            (old, new) if old.has_singles && old.unions.is_empty() && !new.unions.is_empty() => {
                let old = Meaning::with_singles(&self.base, &task.base)?;
                Some((Rc::new(old), new))
            }
            (old, new) if new.has_singles && new.unions.is_empty() && !old.unions.is_empty() => {
                let new = Meaning::with_singles(&self.revision, &task.revision)?;
                Some((old, Rc::new(new)))
            }
            both => Some(both),
        }
    }

    /// What a schema of the base means.
    pub fn base_meaning(&mut self, core: &[Node<'d>]) -> Option<Rc<Meaning<'d>>> {
        if self.base_meanings.len() > MEANINGS {
            self.base_meanings.clear();
        }
        self.base_meanings
            .entry(addresses(core))
            .or_insert_with(|| Meaning::of(&self.base, core).map(Rc::new))
            .clone()
    }

    /// What a schema of the revision means.
    pub fn revision_meaning(&mut self, core: &[Node<'d>]) -> Option<Rc<Meaning<'d>>> {
        if self.revision_meanings.len() > MEANINGS {
            self.revision_meanings.clear();
        }
        self.revision_meanings
            .entry(addresses(core))
            .or_insert_with(|| Meaning::of(&self.revision, core).map(Rc::new))
            .clone()
    }

    /// The changes between two schemas, which are not reported as changes of the documents.
    pub fn changes_within(
        &self,
        base: &Place<'d>,
        revision: &Place<'d>,
        coding: Coding,
    ) -> Vec<Change<'d>> {
        let (old, new) = (self.base.root(), self.revision.root());
        let mut walk = Self::knowing(old.value, new.value, Rc::clone(&self.unchanged));
        walk.pair(base, revision, coding.inner(), Quiet::PART);
        walk.finish()
    }

    /// Compares all that is pending and tells what was found.
    pub fn finish(mut self) -> Vec<Change<'d>> {
        while let Some(id) = self.pending.pop() {
            let task = self.pairs.get_mut(id).and_then(|pair| pair.task.take());
            if let Some(task) = task {
                schemas::compare(&mut self, id, &task);
            }
        }
        // What is given back is used again by what follows.
        self.known = HashMap::new();
        self.places = HashMap::new();
        self.likeness = HashMap::new();
        self.base_meanings = HashMap::new();
        self.revision_meanings = HashMap::new();
        self.spread();
        self.changes
    }
}

/// Where an operation uses a schema.
#[derive(Debug, Clone)]
pub struct Use {
    /// `GET /path`.
    pub name: Rc<str>,
    pub direction: Direction,
    /// Drafts promise nothing.
    pub is_draft: bool,
}

impl Use {
    pub fn going(&self, direction: Direction) -> Self {
        Self {
            direction,
            ..self.clone()
        }
    }
}

fn addresses(nodes: &[Node<'_>]) -> Vec<usize> {
    nodes.iter().map(Node::address).collect()
}

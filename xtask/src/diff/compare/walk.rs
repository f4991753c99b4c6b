//! The worklist of a comparison: pairs of schemas, each compared once however often it is used.
//!
//! Comparators push tasks and report changes here; `engine` takes the tasks and calls the
//! comparators.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::Value;

use crate::diff::compare::unchanged::Unchanged;
use crate::diff::inclusion::prover::Prover;
use crate::diff::model::checks;
use crate::diff::model::context::{Encoding, Polarity, Sent, Suppress};
use crate::diff::model::document::{Document, Node};
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::types::Types;
use crate::diff::model::verdict::{Direction, Directions};
use crate::diff::normalize::normalized_schema::NormalizedSchema;
use crate::diff::normalize::schema_use::{SchemaUse, Unwrapped, unwrap_schema};
use crate::diff::result::findings::{ChangeId, Findings};

pub type PairId = usize;

/// The depth of polar schemas within polar schemas that is compared.
const MAX_DEPTH: usize = 8;

/// Hashes of schemas by document, schema nodes and depth.
pub type ShapeMemo = HashMap<(bool, Vec<usize>, u8), u64>;

/// The identity of a pair.
#[derive(Clone, PartialEq, Eq, Hash)]
struct PairKey {
    base: Vec<usize>,
    revision: Vec<usize>,
    encoding: Encoding,
    suppress: Suppress,
}

/// Two schemas, or two uses of schemas, that correspond to each other.
#[derive(Default)]
pub struct Pair<'d> {
    /// The pairs within this pair.
    pub edges: Vec<(PairId, Sent)>,
    /// The pairs of subtypes, which are no part of the schemas.
    pub subtypes: Vec<PairId>,
    pub changes: Vec<ChangeId>,
    /// The schemas of both sides, if they say everything about a value.
    pub schemas: Option<Box<(Vec<Node<'d>>, Vec<Node<'d>>)>>,
    /// The properties that the schemas around a part declare.
    pub around: BTreeSet<&'d str>,
}

/// A comparison that is still to be made.
pub enum Task<'d> {
    Schemas(SchemaTask<'d>),
    /// Two uses of schemas: the keywords beside the schemas.
    Uses {
        base: Unwrapped<'d>,
        revision: Unwrapped<'d>,
        suppress_null: bool,
    },
    /// Two schemas whose changes count by their polarity.
    Polar {
        base: SchemaUse<'d>,
        revision: SchemaUse<'d>,
        encoding: Encoding,
        polarity: Polarity,
        within: Option<Types>,
    },
}

/// Two schemas to compare.
pub struct SchemaTask<'d> {
    pub base: Vec<Node<'d>>,
    pub revision: Vec<Node<'d>>,
    pub encoding: Encoding,
    pub suppress: Suppress,
}

/// A pair of schemas that an operation sends or receives.
pub struct Root {
    pub pair: PairId,
    pub operation: OperationUse,
}

/// A change of an operation itself.
pub struct OperationChange {
    pub change: ChangeId,
    pub operation: Rc<str>,
    pub directions: Directions,
}

/// The state of a comparison of two documents.
pub struct Walk<'d> {
    pub base: Document<'d>,
    pub revision: Document<'d>,
    unchanged: Rc<Unchanged>,
    pub(super) base_schemas: HashMap<Vec<usize>, Option<Rc<NormalizedSchema<'d>>>>,
    pub(super) revision_schemas: HashMap<Vec<usize>, Option<Rc<NormalizedSchema<'d>>>>,
    known: HashMap<PairKey, PairId>,
    pub pairs: Vec<Pair<'d>>,
    pending: Vec<(PairId, Task<'d>)>,
    pub roots: Vec<Root>,
    pub operation_changes: Vec<OperationChange>,
    pub findings: Findings<'d>,
    pub shapes: ShapeMemo,
    /// The number of polar schemas around the schemas of this walk.
    depth: usize,
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
            base_schemas: HashMap::new(),
            revision_schemas: HashMap::new(),
            known: HashMap::new(),
            pairs: Vec::new(),
            pending: Vec::new(),
            roots: Vec::new(),
            operation_changes: Vec::new(),
            findings: Findings::new(),
            shapes: HashMap::new(),
            depth: 0,
        }
    }

    pub fn unchanged(&self) -> &Unchanged {
        &self.unchanged
    }

    /// Returns a prover of inclusions between schemas of the two documents.
    pub fn prover(&self, is_exact: bool) -> Prover<'_, 'd> {
        Prover::new((&self.base, &self.revision), &self.unchanged, is_exact)
    }

    /// Compares two schemas that an operation sends or receives.
    pub fn root(
        &mut self,
        base: &SchemaUse<'d>,
        revision: &SchemaUse<'d>,
        encoding: Encoding,
        operation: &OperationUse,
    ) {
        if let Some(pair) = self.pair(base, revision, encoding, Suppress::WHOLE) {
            let operation = operation.clone();
            self.roots.push(Root { pair, operation });
        }
    }

    /// Returns the pair of two uses, or `None` if they are equal.
    pub(super) fn pair(
        &mut self,
        base: &SchemaUse<'d>,
        revision: &SchemaUse<'d>,
        encoding: Encoding,
        shown: Suppress,
    ) -> Option<PairId> {
        if let ([base], [revision]) = (base.0.as_slice(), revision.0.as_slice())
            && self.unchanged.value(base.value, revision.value)
        {
            return None;
        }
        let old = unwrap_schema(&self.base, base);
        let new = unwrap_schema(&self.revision, revision);
        let plain =
            old.wrappers.is_empty() && new.wrappers.is_empty() && !old.nullable && !new.nullable;
        let suppress = Suppress {
            null: shown.null || old.nullable || new.nullable,
            annotations: old.wrappers.is_empty() != new.wrappers.is_empty(),
            ..shown
        };
        let core = self.core(&old, &new, encoding, suppress);
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
        let key = PairKey {
            base: addresses(&base.0),
            revision: addresses(&revision.0),
            encoding,
            suppress: shown,
        };
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        let behind = core.map(|core| (core, Sent::BOTH));
        let id = self.push(behind.into_iter().collect());
        self.remember(id, (&base.0, &revision.0), shown);
        self.known.insert(key, id);
        let task = Task::Uses {
            base: old,
            revision: new,
            suppress_null: shown.null,
        };
        self.pending.push((id, task));
        Some(id)
    }

    fn core(
        &mut self,
        old: &Unwrapped<'d>,
        new: &Unwrapped<'d>,
        encoding: Encoding,
        suppress: Suppress,
    ) -> Option<PairId> {
        if let (Some(from), Some(to)) = (old.component(), new.component())
            && from == to
            && self.unchanged.component("schemas", from)
        {
            return None;
        }
        let key = PairKey {
            base: addresses(&old.core),
            revision: addresses(&new.core),
            encoding,
            suppress,
        };
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        let task = SchemaTask {
            base: old.core.clone(),
            revision: new.core.clone(),
            encoding,
            suppress,
        };
        let id = self.push(Vec::new());
        self.remember(id, (&task.base, &task.revision), suppress);
        self.known.insert(key, id);
        self.pending.push((id, Task::Schemas(task)));
        Some(id)
    }

    /// Keeps the schemas of a pair that says everything about a value.
    fn remember(
        &mut self,
        id: PairId,
        (base, revision): (&[Node<'d>], &[Node<'d>]),
        suppress: Suppress,
    ) {
        if !suppress.is_part
            && let Some(pair) = self.pairs.get_mut(id)
        {
            pair.schemas = Some(Box::new((base.to_vec(), revision.to_vec())));
        }
    }

    pub(super) fn push(&mut self, edges: Vec<(PairId, Sent)>) -> PairId {
        let id = self.pairs.len();
        self.pairs.push(Pair {
            edges,
            ..Pair::default()
        });
        id
    }

    fn renamed(
        &mut self,
        pair: PairId,
        (old, from): (&Unwrapped<'d>, &str),
        (new, to): (&Unwrapped<'d>, &str),
    ) {
        let location = (old.core.first(), new.core.first());
        let (from, to) = (ShownValue::from(from), ShownValue::from(to));
        let check = &checks::COMPONENT_RENAMED;
        self.report(pair, check, location, Some(from), Some(to));
    }

    /// Compares two schemas by their polarity, once all that is around them is compared.
    pub fn polar(
        &mut self,
        pair: PairId,
        (base, revision): (&SchemaUse<'d>, &SchemaUse<'d>),
        encoding: Encoding,
        (polarity, within): (Polarity, Option<Types>),
    ) {
        let task = Task::Polar {
            base: base.clone(),
            revision: revision.clone(),
            encoding: encoding.inner(),
            polarity,
            within,
        };
        self.pending.push((pair, task));
    }

    /// Returns a walk over two schemas alone; `None` if too many are within each other.
    pub fn alone(
        &self,
        (base, revision): (&SchemaUse<'d>, &SchemaUse<'d>),
        encoding: Encoding,
        within: Option<Types>,
    ) -> Option<Self> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        let (old, new) = (self.base.root(), self.revision.root());
        let mut walk = Self::knowing(old.value, new.value, Rc::clone(&self.unchanged));
        walk.depth = self.depth + 1;
        let suppress = Suppress {
            within,
            ..Suppress::PART
        };
        walk.pair(base, revision, encoding, suppress);
        Some(walk)
    }

    /// Takes the next task.
    pub fn next(&mut self) -> Option<(PairId, Task<'d>)> {
        self.pending.pop()
    }

    /// Drops the caches of the comparators to free memory for the next steps.
    pub fn forget(&mut self) {
        self.known = HashMap::new();
        self.shapes = HashMap::new();
        self.base_schemas = HashMap::new();
        self.revision_schemas = HashMap::new();
    }
}

/// The use of a schema by an operation.
#[derive(Debug, Clone)]
pub struct OperationUse {
    /// `GET /path`.
    pub name: Rc<str>,
    pub direction: Direction,
    /// The operation is a draft, which promises nothing.
    pub is_draft: bool,
}

impl OperationUse {
    pub fn going(&self, direction: Direction) -> Self {
        Self {
            direction,
            ..self.clone()
        }
    }
}

pub(super) fn addresses(nodes: &[Node<'_>]) -> Vec<usize> {
    nodes.iter().map(Node::address).collect()
}

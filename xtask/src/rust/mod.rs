//! What a change of the document does to the Rust API: the generated public surfaces, old against
//! new.

mod blame;
mod slice;
mod surface;
pub mod version;

use std::collections::BTreeSet;

use neo_client_codegen::Output;
use serde_json::Value;

use crate::Result;
use crate::diff::change::Change;
use crate::diff::paths::form;
use crate::project;

pub use surface::Item;

/// The part of the version that has to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    None,
    Patch,
    Minor,
    Major,
}

impl Bump {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What the verdict on the Rust API rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// The whole surface of both documents.
    Whole,
    /// The surface of the operations that changed.
    Changed,
    /// The changes on the wire alone, for a reason.
    Estimate(String),
}

impl Basis {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Changed => "changed-operations",
            Self::Estimate(_) => "estimate",
        }
    }

    /// Why it is an estimate.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Estimate(reason) => Some(reason),
            Self::Whole | Self::Changed => None,
        }
    }
}

/// The difference of two surfaces.
#[derive(Debug)]
pub struct Surfaces {
    pub basis: Basis,
    pub items: Vec<Item>,
}

impl Surfaces {
    fn none(basis: Basis) -> Self {
        Self {
            basis,
            items: Vec::new(),
        }
    }
}

/// JSON values of a part of a document up to which it is generated in the blink of an eye.
const QUICK: usize = 800;

/// Operations that have more values than that: one has at least twenty.
const TOO_MANY: usize = QUICK / 20;

/// Compares the surfaces of two documents as far as their changes go.
pub fn of_changes(base: &Value, revision: &Value, changes: &[Change<'_>], whole: bool) -> Surfaces {
    if changes.is_empty() {
        return Surfaces::none(Basis::Whole);
    }
    if whole {
        return of_documents(base, revision, Basis::Whole);
    }
    let Some(reached) = slice::Reached::by(base, revision, changes, TOO_MANY) else {
        return too_much();
    };
    let surfaces = of_operations(base, revision, &reached.enough);
    let is_own = |name: &String| {
        let name = blame::operation(name);
        name.is_some_and(|name| reached.own.contains(&form(&name)))
    };
    let differs = |item: &Item| {
        [&item.base, &item.revision]
            .into_iter()
            .flatten()
            .any(|origin| origin.starts_with("/paths/") && !is_own(origin))
    };
    // Where a type is another one for an operation that is as it was, it is for the others, too.
    if reached.enough.len() < reached.all.len() && surfaces.items.iter().any(differs) {
        let all = of_operations(base, revision, &reached.all);
        if all.basis.reason().is_none() {
            return all;
        }
    }
    surfaces
}

/// Compares the surfaces of some operations, unless they are too many.
fn of_operations(base: &Value, revision: &Value, names: &BTreeSet<String>) -> Surfaces {
    if names.len() >= TOO_MANY {
        return too_much();
    }
    let mut also = BTreeSet::new();
    let (old, new) = loop {
        let slice = |document| slice::of(document, names, &also, QUICK);
        let (Some(old), Some(new)) = (slice(base), slice(revision)) else {
            return too_much();
        };
        // What nothing in one of them refers to is a type there all the same.
        let (in_old, in_new) = (slice::components(&old), slice::components(&new));
        let either = in_old.union(&in_new).cloned().collect();
        if in_old == in_new || either == also {
            break (old, new);
        }
        also = either;
    };
    if slice::is_empty(&old) && slice::is_empty(&new) {
        // Nothing that a client calls has changed.
        return Surfaces::none(Basis::Changed);
    }
    of_documents(&old, &new, Basis::Changed)
}

fn too_much() -> Surfaces {
    let reason = "too much changed to generate it in no time; --exact does";
    Surfaces::none(Basis::Estimate(reason.to_owned()))
}

fn of_documents(base: &Value, revision: &Value, basis: Basis) -> Surfaces {
    match both(base, revision) {
        Ok((old, new)) => Surfaces {
            basis,
            items: surface::compare(&old, &new),
        },
        Err(error) => {
            let reason = format!("a document does not generate: {error}");
            Surfaces::none(Basis::Estimate(reason))
        }
    }
}

/// Compares what has been generated already.
pub fn of_outputs(old: &Output, new: &Output) -> Surfaces {
    Surfaces {
        basis: Basis::Whole,
        items: surface::compare(old, new),
    }
}

/// Gives each change the items that it caused; those of no change stay behind.
pub fn blame(items: &[Item], changes: &[Change<'_>]) -> Vec<Vec<usize>> {
    blame::blame(items, changes)
}

fn both(old: &Value, new: &Value) -> Result<(Output, Output)> {
    let generate = |document: &Value| {
        if slice::is_empty(document) {
            return Ok(None);
        }
        project::generate(document, None)
            .map(Some)
            .map_err(|error| error.to_string())
    };
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| generate(old));
        let new = generate(new);
        let stopped = |_| Err("the generator stopped".to_owned());
        (old.join().unwrap_or_else(stopped), new)
    });
    match (old?, new?) {
        (Some(old), Some(new)) => Ok((old, new)),
        (Some(old), None) => Ok((old.clone(), surface::emptied(old))),
        (None, Some(new)) => Ok((surface::emptied(new.clone()), new)),
        (None, None) => Err("neither has operations".into()),
    }
}

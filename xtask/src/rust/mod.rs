//! What a change of the document does to the Rust API: the generated public surfaces, old against
//! new.

mod blame;
mod slice;
mod surface;
pub mod version;

use neo_client_codegen::Output;
use serde_json::Value;

use crate::Result;
use crate::diff::change::Change;
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

/// JSON values of a part of a document up to which it is generated in the blink of an eye.
const QUICK: usize = 4_000;

/// Compares the surfaces of two documents as far as their changes go.
pub fn of_changes(base: &Value, revision: &Value, changes: &[Change], whole: bool) -> Surfaces {
    if changes.is_empty() {
        return Surfaces {
            basis: Basis::Whole,
            items: Vec::new(),
        };
    }
    let estimate = |reason: String| Surfaces {
        basis: Basis::Estimate(reason),
        items: Vec::new(),
    };
    let (old, new, basis) = if whole {
        (base.clone(), revision.clone(), Basis::Whole)
    } else {
        let too_much =
            || estimate("too much changed to generate it in no time; --exact does".to_owned());
        let names = slice::touched(changes);
        // An operation has more values than this; so many need not be cut out to be counted.
        if names.len() * 20 >= QUICK {
            return too_much();
        }
        let old = slice::of(base, &names);
        let new = slice::of(revision, &names);
        if slice::is_empty(&old) && slice::is_empty(&new) {
            // Nothing that a client calls has changed.
            return Surfaces {
                basis: Basis::Changed,
                items: Vec::new(),
            };
        }
        let size = slice::size(&old, QUICK).max(slice::size(&new, QUICK));
        if size >= QUICK {
            return too_much();
        }
        (old, new, Basis::Changed)
    };
    match both(&old, &new) {
        Ok((old, new)) => Surfaces {
            basis,
            items: surface::compare(&old, &new),
        },
        Err(error) => estimate(format!("a document does not generate: {error}")),
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
pub fn blame(items: &[Item], changes: &[Change]) -> Vec<Vec<usize>> {
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

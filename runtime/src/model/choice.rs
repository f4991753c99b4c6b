//! Chooses the variant of a union for a value.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::doubt::{self, Doubts};
use super::shape::{Branch, Fit};
use super::unknown_json::UnknownJson;

/// How a variant is decoded.
pub type Decode<U> = fn(&Value) -> Result<U, serde_json::Error>;

/// The trait that `open_union!` implements.
pub trait Union: Serialize + Sized + 'static {
    /// The variants, each with its decoder.
    const BRANCHES: &'static [(Branch, Decode<Self>)];

    /// Returns the value that matches no known variant.
    fn unknown(value: UnknownJson) -> Self;
}

/// Deserializes a union.
pub fn deserialize<'de, D: Deserializer<'de>, U: Union>(deserializer: D) -> Result<U, D::Error> {
    Value::deserialize(deserializer).map(from_json)
}

/// Decodes the value as the variant that fits best.
///
/// A variant that decodes without [doubts](doubt) goes before one that needs them, then one that
/// keeps more of the value, then the one that knows most of its properties. A struct whose required
/// properties are all there goes before a map. If each variant drops a property that another one
/// keeps, the value is kept as JSON.
pub fn from_json<U: Union>(value: Value) -> U {
    let mut fitting: Vec<(Fit, &Decode<U>)> = U::BRANCHES
        .iter()
        .filter_map(|(branch, decode)| Some((branch.fit(&value)?, decode)))
        .collect();
    // The sort is stable: among equals, the first variant in the document wins.
    fitting.sort_by_key(|(fit, _)| Reverse(*fit));
    let found = match fitting.as_slice() {
        [(_, only)] => only(&value).ok(),
        [_, ..] => match Attempt::start() {
            Some(_attempt) => best(&fitting, &value),
            None => fitting.iter().find_map(|(_, decode)| decode(&value).ok()),
        },
        [] => U::BRANCHES
            .iter()
            .filter(|(branch, _)| branch.is_default(&value))
            .find_map(|(_, decode)| decode(&value).ok()),
    };
    found.unwrap_or_else(|| {
        doubt::unknown();
        U::unknown(UnknownJson::new(value))
    })
}

/// A variant that decodes the value.
struct Candidate<U> {
    union: U,
    doubts: Doubts,
    /// The locations of values that encoding does not give back.
    lost: BTreeSet<String>,
    fit: Fit,
}

fn best<U: Union>(fitting: &[(Fit, &Decode<U>)], value: &Value) -> Option<U> {
    let mut candidates: Vec<Candidate<U>> = Vec::new();
    for (fit, decode) in fitting {
        let (decoded, doubts) = doubt::watch(|| decode(value));
        let Ok(union) = decoded else { continue };
        let Ok(again) = serde_json::to_value(&union) else {
            continue;
        };
        let mut lost = BTreeSet::new();
        compare(value, &again, "", &mut lost);
        if lost.is_empty() && doubts == Doubts::default() && candidates.is_empty() {
            return Some(union);
        }
        candidates.push(Candidate {
            union,
            doubts,
            lost,
            fit: *fit,
        });
    }
    if candidates.iter().any(|one| one.fit.has_required()) {
        candidates.retain(|one| !one.fit.is_map());
    }
    let least = candidates.iter().map(|one| one.doubts).min()?;
    candidates.retain(|one| one.doubts == least);
    let best = candidates.iter().position(|one| {
        candidates
            .iter()
            .all(|other| covers(&other.lost, &one.lost))
    })?;
    doubt::add(least);
    Some(candidates.swap_remove(best).union)
}

/// Returns whether everything in `part` is lost in `whole` as well. The loss of an object is the
/// loss of its properties.
fn covers(whole: &BTreeSet<String>, part: &BTreeSet<String>) -> bool {
    part.iter().all(|lost| {
        let mut ends = lost.match_indices('/').map(|(end, _)| end);
        whole.contains(lost)
            || ends.any(|end| lost.get(..end).is_some_and(|outer| whole.contains(outer)))
    })
}

/// Collects the locations of values that decoding and encoding loses.
fn compare(value: &Value, again: &Value, place: &str, lost: &mut BTreeSet<String>) {
    match (value, again) {
        (Value::Object(fields), Value::Object(again)) => {
            for (name, value) in fields {
                let place = format!("{place}/{}", name.replace('/', "~1"));
                match again.get(name) {
                    Some(again) => compare(value, again, &place, lost),
                    None => {
                        lost.insert(place);
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(again)) => {
            for (index, (value, again)) in items.iter().zip(again).enumerate() {
                compare(value, again, &format!("{place}/{index}"), lost);
            }
        }
        (Value::Object(_) | Value::Array(_) | Value::Null, _) if value != again => {
            lost.insert(place.to_owned());
        }
        // A scalar may be written in another way, as a date.
        _ => {}
    }
}

thread_local! {
    static ATTEMPTS: Cell<u8> = const { Cell::new(0) };
}

/// A choice by trial. Nested trials would take time exponential in the depth of a value, so inside
/// several of them the best variant by shape is taken.
struct Attempt;

impl Attempt {
    const NESTED: u8 = 4;

    fn start() -> Option<Self> {
        ATTEMPTS.with(|attempts| {
            let depth = attempts.get();
            (depth < Self::NESTED).then(|| {
                attempts.set(depth + 1);
                Self
            })
        })
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        ATTEMPTS.with(|attempts| attempts.set(attempts.get().saturating_sub(1)));
    }
}

//! Chooses the variant of a union for a value.

use std::cell::Cell;
use std::cmp::Reverse;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::doubt::{self, Doubts};
use super::drift::{self, Drift};
use super::received;
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
/// keeps, or a constant is unknown and a property would be dropped that its variants know, the
/// value is kept as JSON.
///
/// Of a union of responses, variants of the received status and media type go before all others.
pub fn from_json<U: Union>(value: Value) -> U {
    let found = of_response(&value).or_else(|| choose(&value, |_| true));
    found.unwrap_or_else(|| {
        doubt::unknown();
        drift::variant::<U>();
        U::unknown(UnknownJson::new(value))
    })
}

/// Decodes the value as a variant of the response that is being decoded.
fn of_response<U: Union>(value: &Value) -> Option<U> {
    if !U::BRANCHES.iter().any(|(branch, _)| branch.has_responses()) {
        return None;
    }
    let received = received::current()?;
    let matching = U::BRANCHES.iter();
    let best = matching
        .filter_map(|(branch, _)| branch.matches(&received))
        .max()?;
    choose(value, |branch| branch.matches(&received) == Some(best))
}

/// Decodes the value as the variant that fits best, of those that are allowed.
fn choose<U: Union>(value: &Value, is_allowed: impl Fn(&Branch) -> bool) -> Option<U> {
    let allowed = || U::BRANCHES.iter().filter(|(branch, _)| is_allowed(branch));
    let as_default = |takes: fn(&Branch, &Value) -> bool| {
        let mut defaults = allowed().filter(|(branch, _)| takes(branch, value));
        defaults.find_map(|(_, decode)| decode(value).ok())
    };
    if let Some(union) = as_default(Branch::takes_untagged) {
        return Some(union);
    }
    let mut fitting: Vec<(Fit, &Decode<U>)> = allowed()
        .filter_map(|(branch, decode)| Some((branch.fit(value)?, decode)))
        .collect();
    // The sort is stable: among equals, the first variant in the document wins.
    fitting.sort_by_key(|(fit, _)| Reverse(*fit));
    let first = || {
        let mut decoded = fitting.iter();
        decoded.find_map(|(fit, decode)| Some((decode(value).ok()?, *fit)))
    };
    match fitting.as_slice() {
        [] => as_default(Branch::is_default),
        several => {
            let found = match (several, Attempt::start()) {
                ([_, _, ..], Some(_attempt)) => best(several, value),
                _ => first(),
            };
            let whole = found.filter(|(union, fit)| is_whole(union, *fit, value));
            whole.map(|(union, _)| union)
        }
    }
}

/// A variant that decodes the value.
struct Candidate<U> {
    union: U,
    doubts: Doubts,
    drift: Vec<Drift>,
    lost: Locations,
    fit: Fit,
}

/// The locations of values that encoding does not give back, as keys. A set of another type would
/// have to be compiled.
type Locations = Map<String, Value>;

/// Returns whether a variant without constants keeps what other variants know. A value with an
/// unknown constant may be of a variant that this version does not know, so it is kept as JSON if a
/// property would be lost.
fn is_whole<U: Union>(union: &U, fit: Fit, value: &Value) -> bool {
    let Value::Object(fields) = value else {
        return true;
    };
    if fit.has_constant() {
        return true;
    }
    let is_known = |path: &str, value: &Value| {
        let mut branches = U::BRANCHES.iter();
        branches.any(|(branch, _)| branch.has_constant(path, value))
    };
    let mut others = U::BRANCHES
        .iter()
        .filter(|(branch, _)| branch.is_new(fields, &is_known))
        .peekable();
    if others.peek().is_none() {
        return true;
    }
    let again = serde_json::to_value(union).unwrap_or_default();
    let mut lost = fields
        .keys()
        .filter(|name| again.get(name.as_str()).is_none());
    let others: Vec<&Branch> = others.map(|(branch, _)| branch).collect();
    !lost.any(|name| others.iter().any(|branch| branch.knows(name)))
}

fn best<U: Union>(fitting: &[(Fit, &Decode<U>)], value: &Value) -> Option<(U, Fit)> {
    let mut candidates: Vec<Candidate<U>> = Vec::new();
    for (fit, decode) in fitting {
        let ((decoded, doubts), drift) = drift::attempt(|| doubt::watch(|| decode(value)));
        let Ok(union) = decoded else { continue };
        let Ok(again) = serde_json::to_value(&union) else {
            continue;
        };
        let mut lost = Locations::new();
        compare(value, &again, "", &mut lost);
        if lost.is_empty() && doubts == Doubts::default() && candidates.is_empty() {
            drift::add(drift);
            return Some((union, *fit));
        }
        candidates.push(Candidate {
            union,
            doubts,
            drift,
            lost,
            fit: *fit,
        });
    }
    if candidates.iter().any(|one| one.fit.has_required()) {
        candidates.retain(|one| !one.fit.is_map());
    }
    let least = candidates.iter().map(|one| one.doubts).min()?;
    let (mut best, doubtful): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|one| one.doubts == least);
    let index = best
        .iter()
        .position(|one| best.iter().all(|other| covers(&other.lost, &one.lost)))?;
    let best = best.swap_remove(index);
    // A new enumeration value is no reason to lose what its variant keeps.
    let is_kept = |other: &Candidate<U>| {
        other.doubts.is_repaired_as(least) && !covers(&other.lost, &best.lost)
    };
    if doubtful.iter().any(is_kept) {
        return None;
    }
    doubt::add(least);
    drift::add(best.drift);
    Some((best.union, best.fit))
}

/// Returns whether everything in `part` is lost in `whole` as well. The loss of an object is the
/// loss of its properties.
fn covers(whole: &Locations, part: &Locations) -> bool {
    part.keys().all(|lost| {
        let mut ends = lost.match_indices('/').map(|(end, _)| end);
        whole.contains_key(lost)
            || ends.any(|end| {
                lost.get(..end)
                    .is_some_and(|outer| whole.contains_key(outer))
            })
    })
}

/// Collects the locations of values that decoding and encoding loses.
fn compare(value: &Value, again: &Value, place: &str, lost: &mut Locations) {
    match (value, again) {
        (Value::Object(fields), Value::Object(again)) => {
            for (name, value) in fields {
                let place = format!("{place}/{}", name.replace("/", "~1"));
                match again.get(name) {
                    Some(again) => compare(value, again, &place, lost),
                    None => {
                        lost.insert(place, Value::Null);
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
            lost.insert(place.to_owned(), Value::Null);
        }
        // A scalar may be written in another way, as a date.
        _ => {}
    }
}

thread_local! {
    /// The depth of choices by trial, and the number of those in the outermost one.
    static ATTEMPTS: Cell<(u8, u16)> = const { Cell::new((0, 0)) };
}

/// A choice by trial. Nested trials would take time exponential in the depth of a value, so inside
/// several of them, after many trials, the best variant by shape is taken.
struct Attempt;

impl Attempt {
    /// The depth to which trials are not counted.
    const NESTED: u8 = 4;

    /// The depth of trials.
    const DEEPEST: u8 = 16;

    /// The number of trials beyond the depth `NESTED`.
    const MANY: u16 = 500;

    fn start() -> Option<Self> {
        ATTEMPTS.with(|attempts| {
            let (depth, many) = attempts.get();
            let many = match depth {
                0 => 0,
                shallow if shallow < Self::NESTED => many,
                deep if deep < Self::DEEPEST && many < Self::MANY => many + 1,
                _ => return None,
            };
            attempts.set((depth + 1, many));
            Some(Self)
        })
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        ATTEMPTS.with(|attempts| {
            let (depth, many) = attempts.get();
            attempts.set((depth.saturating_sub(1), many));
        });
    }
}

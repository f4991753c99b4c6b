//! Serializes the values of requests, and refuses values that would mean something else.
//!
//! serde_json writes NaN and infinities as `null`, which many APIs read as "clear this". Here they
//! are errors that name the location of the value.

mod guarded;
mod track;

use serde::Serialize;
use serde_json::Value;

pub(crate) use guarded::Guarded;
pub(crate) use track::{Track, Unencodable};

/// Serializes a value as JSON text.
///
/// # Errors
/// Fails for a value that JSON cannot express: NaN, an infinity, a map whose keys are not texts.
pub(crate) fn to_vec(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, Unencodable> {
    let track = Track::default();
    serde_json::to_vec(&Guarded::of(value, &track)).map_err(|error| track.explain(&error))
}

/// Serializes a value as JSON.
///
/// # Errors
/// Fails like [`to_vec`], and for a number that no JSON value of serde_json can hold.
pub(crate) fn to_value(value: &(impl Serialize + ?Sized)) -> Result<Value, Unencodable> {
    let track = Track::default();
    serde_json::to_value(Guarded::of(value, &track)).map_err(|error| track.explain(&error))
}

#[cfg(test)]
mod tests;

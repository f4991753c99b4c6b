//! Explains why JSON does not decode as a type.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Value};

use crate::model::lossy::{self, Misfit};
use crate::text::mend_json::mended;

/// Returns the first part of `json` that does not fit `T`. `None` if the part cannot be located, or
/// if all parts fit.
pub(super) fn first_misfit<T: DeserializeOwned>(
    json: &[u8],
    failure: &serde_json::Error,
) -> Option<Misfit> {
    let value = match failure.is_data() {
        // The misfit precedes any text behind the value, and may precede a flaw.
        true => first_value(json).or_else(|| first_value(&mended(json)?.json))?,
        // serde_json reports some misfits as errors of syntax, such as a list too long for a tuple.
        false => serde_json::from_slice(json).ok()?,
    };
    lossy::strictly::<T>(&value).err()
}

fn first_value(json: &[u8]) -> Option<Value> {
    Value::deserialize(&mut Deserializer::from_slice(json)).ok()
}

/// Describes the misfit of `json`. Quotes nothing of `json`, which may hold a secret. `None` if
/// `json` is not JSON.
#[cfg(feature = "event-streams")]
pub(super) fn explain<T: DeserializeOwned>(
    json: &[u8],
    failure: &serde_json::Error,
) -> Option<String> {
    let misfit = first_misfit::<T>(json, failure);
    if misfit.is_none() && !failure.is_data() {
        return None;
    }
    let mut text = "has another shape than expected".to_owned();
    if let Some(misfit) = &misfit {
        text.push_str(&format!(" at `{}`", misfit.location()));
    }
    if misfit.is_none_or(|it| it.is_reason_of(failure)) {
        let (line, column) = (failure.line(), failure.column());
        text.push_str(&format!(", line {line} column {column} of the JSON"));
    }
    Some(text)
}

//! Explains why JSON does not decode as a type.

use serde::de::DeserializeOwned;

use crate::model::lossy::{self, Misfit};
use crate::response::partial_json;

/// Returns the first part of `json` that does not fit `T`. `None` if the part cannot be located, or
/// if all parts fit.
pub(super) fn first_misfit<T: DeserializeOwned>(
    json: &[u8],
    failure: &serde_json::Error,
) -> Option<Misfit> {
    if !failure.is_data() {
        // serde_json reports some misfits as errors of syntax, such as a list too long for a tuple.
        let value = serde_json::from_slice(json).ok()?;
        return lossy::strictly::<T>(&value).err();
    }
    // The misfit precedes any text behind the value, and the end of a value that breaks off.
    let first = partial_json::first_value(json)?;
    let misfit = lossy::strictly::<T>(&first.value).err()?;
    // The parts behind the break are no misfits.
    (first.is_whole || misfit.is_reason_of(failure)).then_some(misfit)
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

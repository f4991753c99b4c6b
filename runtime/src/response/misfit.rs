//! Explains why JSON does not decode as a type.

use serde::de::DeserializeOwned;

use crate::model::lossy::{self, Misfit};
use crate::response::partial_json;
use crate::text::mend_json::mended;

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
    let before_break = || {
        let first = partial_json::first_value(json)?;
        let misfit = lossy::strictly::<T>(&first.value).err()?;
        // The parts behind the break do not count.
        (first.is_whole || misfit.is_reason_of(failure)).then_some(misfit)
    };
    // The break may be a flaw in a part that `T` ignores.
    let behind_flaw = || {
        let value = serde_json::from_slice(&mended(json)?.json).ok()?;
        lossy::strictly::<T>(&value).err()
    };
    before_break().or_else(behind_flaw)
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[test]
    fn misfit_behind_an_ignored_flaw_is_located() {
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Shelf {
            count: u8,
        }
        let json = r#"{"note": "\ud800", "count": "x"}"#;
        let failure = serde_json::from_str::<Shelf>(json).unwrap_err();
        let misfit = first_misfit::<Shelf>(json.as_bytes(), &failure).unwrap();
        assert_eq!(misfit.location(), "count");
    }
}

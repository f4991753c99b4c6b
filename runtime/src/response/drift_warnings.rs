//! Warns of parts of responses that this version does not know, once for each location.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use tracing::Level;

use crate::model::drift::{self, Drift};
use crate::text::one_line::showable;

/// The number of locations that are remembered. Later locations are not reported.
const MAX_LOCATIONS: usize = 1024;

/// The longest name of a property that a warning shows.
const MAX_NAME: usize = 64;

/// Hashes of the locations that were reported.
static REPORTED: Mutex<Option<HashSet<u64>>> = Mutex::new(None);

/// Returns the credentials that were sent. Only a failure or a warning needs them.
pub(crate) type Secrets<'a> = dyn Fn() -> Vec<&'a str> + 'a;

/// Decodes a part of a response, and warns of what the decoded type does not know.
///
/// `source` names the operation. `secrets` are the credentials that were sent; `None` means that
/// values may be secret, so that a warning quotes none.
pub(crate) fn warn_of_drift<T>(
    source: impl FnOnce() -> String,
    secrets: Option<&Secrets<'_>>,
    decode: impl FnOnce() -> T,
) -> T {
    if !tracing::enabled!(Level::WARN) {
        return decode();
    }
    let (decoded, noted) = drift::watch(decode);
    if !noted.is_empty() {
        let source = source();
        let secrets = secrets.map(|secrets| secrets());
        for drift in noted {
            report(&source, &drift, secrets.as_deref());
        }
    }
    decoded
}

fn report(source: &str, drift: &Drift, secrets: Option<&[&str]>) {
    let is_first = match drift {
        Drift::Property { of, name } => is_first(&(source, of, name)),
        Drift::Value { of, .. } | Drift::Variant { of } => is_first(&(source, of)),
    };
    if !is_first {
        return;
    }
    match drift {
        Drift::Property { of, name } => {
            let name = match is_plain(name) {
                true => format!("`{}`", showable(name, secrets.unwrap_or_default())),
                false => "with an unusual name".to_owned(),
            };
            tracing::warn!(
                "{source}: `{of}` has a property {name} that this version does not know; it is ignored"
            );
        }
        Drift::Value { of, text } => {
            let value = match secrets {
                Some(secrets) if is_plain(text) => {
                    format!("the value `{}`", showable(text, secrets))
                }
                _ => "a value".to_owned(),
            };
            tracing::warn!(
                "{source}: `{of}` has {value} that this version does not know; it is kept as `Unknown`"
            );
        }
        Drift::Variant { of } => tracing::warn!(
            "{source}: `{of}` has a variant that this version does not know; it is kept as `Unknown`"
        ),
    }
}

/// Returns whether a name can be no more than a name.
fn is_plain(name: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "_-.$@:/ ".contains(it);
    name.len() <= MAX_NAME && name.chars().all(is_part)
}

/// Returns whether a location was not reported yet, and remembers the location.
fn is_first(location: &impl Hash) -> bool {
    let mut hasher = DefaultHasher::new();
    location.hash(&mut hasher);
    let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    let reported = reported.get_or_insert_default();
    reported.len() < MAX_LOCATIONS && reported.insert(hasher.finish())
}

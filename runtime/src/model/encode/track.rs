//! The location and the reason of a failed serialization.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;

use serde::ser;
use serde_json::error::Category;

/// A value that cannot be sent. The text names the location and not the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unencodable {
    /// The location, as a JSON pointer (RFC 6901); empty for the complete value.
    pub(super) pointer: String,
    pub(super) why: Cow<'static, str>,
}

impl fmt::Display for Unencodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.is_empty() {
            true => write!(f, "the value {}", self.why),
            false => write!(f, "the value at `{}` {}", self.pointer, self.why),
        }
    }
}

/// The location at which a serialization failed. Costs nothing while the serialization succeeds.
#[derive(Default)]
pub(crate) struct Track {
    why: Cell<Option<&'static str>>,
    /// The names and indices that lead to the value, the last one first.
    path: RefCell<Vec<String>>,
}

impl Track {
    /// Returns the failure of a serialization, if it has a location or was refused here.
    pub(crate) fn failure(&self) -> Option<Unencodable> {
        let pointer = self.pointer();
        let why = self.why.get();
        let is_known = why.is_some() || !pointer.is_empty();
        is_known.then(|| Unencodable {
            pointer,
            why: why.unwrap_or("cannot be sent").into(),
        })
    }

    pub(super) fn explain(&self, error: &serde_json::Error) -> Unencodable {
        let why = match self.why.get() {
            Some(why) => why.into(),
            // Texts of serde_json are fixed; texts of other crates may quote the value.
            None if error.classify() == Category::Syntax => {
                format!("has no JSON form: {error}").into()
            }
            None => "has no JSON form".into(),
        };
        Unencodable {
            pointer: self.pointer(),
            why,
        }
    }

    fn pointer(&self) -> String {
        let path = self.path.borrow();
        let escaped = path.iter().rev();
        escaped
            .map(|part| format!("/{}", part.replace("~", "~0").replace("/", "~1")))
            .collect()
    }

    pub(super) fn leave(&self, part: impl Into<String>) {
        self.path.borrow_mut().push(part.into());
    }

    pub(super) fn refuse<E: ser::Error>(&self, number: f64) -> E {
        let why = match number.is_nan() {
            true => "is NaN, which cannot be sent: use a finite number",
            false => "is infinite, which cannot be sent: use a finite number",
        };
        self.why.set(Some(why));
        E::custom(why)
    }
}

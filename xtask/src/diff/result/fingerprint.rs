//! Fingerprints: the identity of a change across runs, independent of its message.

use std::fmt;

use serde_json::Value;

use crate::diff::model::change::Change;
use crate::diff::model::location::Location;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::value::canonical;

/// The FNV-1a hash of a change, the same on every machine and in every version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    pub fn of(change: &Change<'_>) -> Self {
        let mut hash = Self(0xcbf2_9ce4_8422_2325);
        hash.add(change.check.id);
        for location in [&change.base, &change.revision] {
            hash.add("\u{0}");
            hash.add(location.as_ref().map_or("", Location::stable));
        }
        for shown in [&change.before, &change.after] {
            hash.add("\u{0}");
            match shown {
                Some(ShownValue::Members(members)) => hash.add_members(members),
                Some(shown) => hash.add(&canonical(&shown.value())),
                None => {}
            }
        }
        hash
    }

    /// Adds the canonical text of an object.
    fn add_members(&mut self, members: &[(&str, &Value)]) {
        self.add("{");
        for (index, (key, value)) in members.iter().enumerate() {
            if index > 0 {
                self.add(",");
            }
            self.add(&Value::from(*key).to_string());
            self.add(":");
            if value.is_string() {
                self.add(&value.to_string());
            } else {
                let mut sorted = (*value).clone();
                sorted.sort_all_objects();
                self.add(&sorted.to_string());
            }
        }
        self.add("}");
    }

    fn add(&mut self, text: &str) {
        for byte in text.bytes() {
            self.0 ^= u64::from(byte);
            self.0 = self.0.wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Returns whether the text is this fingerprint.
    pub fn is(self, text: &str) -> bool {
        text.len() == 16 && u64::from_str_radix(text, 16) == Ok(self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

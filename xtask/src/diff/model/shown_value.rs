//! The values before and after a change, as a report shows them.

use std::borrow::Cow;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// A value before or after a change.
#[derive(Debug, Clone)]
pub enum ShownValue<'d> {
    There(&'d Value),
    Made(Box<Value>),
    /// An object with some properties of a document, usually documentation.
    Members(Box<[(&'d str, &'d Value)]>),
}

impl ShownValue<'_> {
    pub fn value(&self) -> Cow<'_, Value> {
        match self {
            Self::There(value) => Cow::Borrowed(*value),
            Self::Made(value) => Cow::Borrowed(value),
            Self::Members(members) => {
                let members = members.iter().copied();
                let object = members.map(|(key, value)| (key.to_owned(), value.clone()));
                Cow::Owned(object.collect())
            }
        }
    }
}

impl PartialEq for ShownValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl Serialize for ShownValue<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::There(value) => value.serialize(to),
            Self::Made(value) => value.serialize(to),
            Self::Members(members) => to.collect_map(members.iter().copied()),
        }
    }
}

impl<'d, T: Into<Value>> From<T> for ShownValue<'d> {
    fn from(value: T) -> Self {
        Self::Made(Box::new(value.into()))
    }
}

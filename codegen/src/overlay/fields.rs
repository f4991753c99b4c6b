//! Reads the fields of the objects of an overlay document.

use serde_json::{Map, Value};

use super::error::OverlayError;
use super::path::{NodePath, PathStep};

pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Returns [`kind`] without the article.
pub(super) fn bare_kind(value: &Value) -> &'static str {
    let kind = kind(value);
    kind.split_once(' ').map_or(kind, |(_, bare)| bare)
}

pub(super) fn wrong_type(at: String, expected: &'static str, found: &Value) -> OverlayError {
    OverlayError::Type {
        at,
        expected,
        found: kind(found),
    }
}

/// An object of the overlay document and its JSON pointer.
pub(super) struct Fields<'a> {
    pub(super) object: &'a Map<String, Value>,
    pub(super) at: String,
}

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value, at: String) -> Result<Self, OverlayError> {
        match value {
            Value::Object(object) => Ok(Self { object, at }),
            other => Err(wrong_type(at, "an object", other)),
        }
    }

    pub(super) fn required(&self, name: &str) -> Result<&'a Value, OverlayError> {
        self.object.get(name).ok_or_else(|| OverlayError::Missing {
            at: format!("{}/{name}", self.at),
        })
    }

    pub(super) fn string(&self, name: &str) -> Result<&'a str, OverlayError> {
        let value = self.required(name)?;
        value
            .as_str()
            .ok_or_else(|| wrong_type(format!("{}/{name}", self.at), "a string", value))
    }

    pub(super) fn optional_string(&self, name: &str) -> Result<Option<&'a str>, OverlayError> {
        self.object.get(name).map(|_| self.string(name)).transpose()
    }

    /// Returns a boolean, which is `false` if absent.
    pub(super) fn flag(&self, name: &str) -> Result<bool, OverlayError> {
        match self.object.get(name) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(*value),
            Some(other) => Err(wrong_type(
                format!("{}/{name}", self.at),
                "a boolean",
                other,
            )),
        }
    }

    pub(super) fn only(&self, known: &[&str], version: &str) -> Result<(), OverlayError> {
        match self
            .object
            .keys()
            .find(|name| !known.contains(&name.as_str()) && !name.starts_with("x-"))
        {
            None => Ok(()),
            Some(name) => Err(OverlayError::UnknownField {
                at: format!(
                    "{}{}",
                    self.at,
                    NodePath(vec![PathStep::Name(name.clone())])
                ),
                version: version.to_owned(),
            }),
        }
    }
}

//! The value of a union that matches no variant.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A value that matches no variant of a union that this version of the crate knows.
///
/// The value is opaque on purpose: code that compiles today keeps its meaning when a later version
/// adds a variant for the value. `Debug` shows the names of properties and no content, which may be
/// secret.
#[derive(Clone, PartialEq)]
pub struct UnknownJson(Value);

impl UnknownJson {
    /// Returns an unknown value. For generated code.
    #[doc(hidden)]
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// Returns the value as the server sent it.
    pub fn as_json(&self) -> &Value {
        &self.0
    }

    /// Returns the value as the server sent it.
    pub fn into_json(self) -> Value {
        self.0
    }
}

impl fmt::Debug for UnknownJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::Object(fields) => f.debug_set().entries(fields.keys()).finish(),
            Value::Array(items) => write!(f, "array of {}", items.len()),
            Value::String(_) => f.write_str("string"),
            Value::Number(_) => f.write_str("number"),
            Value::Bool(_) => f.write_str("boolean"),
            Value::Null => f.write_str("null"),
        }
    }
}

impl Serialize for UnknownJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

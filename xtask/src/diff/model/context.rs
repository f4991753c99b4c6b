//! The context of a schema comparison: encoding of the values, directions, and what is compared
//! elsewhere.

use crate::diff::model::types::Types;

/// The encoding of a value on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Json,
    /// The root of a form: its properties are text, and arrays are properties that repeat.
    Form,
    /// The root of an XML document, which can be a plain text.
    XmlRoot,
    Xml,
    /// Query strings, headers, forms and plain text, where a number is a string.
    Text,
}

impl Encoding {
    /// Returns the encoding of the values within such a value.
    pub fn inner(self) -> Self {
        match self {
            Self::XmlRoot => Self::Xml,
            Self::Form => Self::Text,
            other => other,
        }
    }
}

/// The directions in which the child of a pair is sent.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    pub in_requests: bool,
    pub in_responses: bool,
}

impl Sent {
    pub const BOTH: Self = Self {
        in_requests: true,
        in_responses: true,
    };
}

/// The changes that a pair does not report, because its use reports them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Suppress {
    pub null: bool,
    pub annotations: bool,
    /// The schema is one of several for a value; another one may declare a required property.
    pub is_part: bool,
    /// The types that another schema for the same value admits, with `null`.
    pub within: Option<Types>,
}

impl Suppress {
    pub const WHOLE: Self = Self {
        null: false,
        annotations: false,
        is_part: false,
        within: None,
    };
    pub const PART: Self = Self {
        is_part: true,
        ..Self::WHOLE
    };
    /// A variant of a union. Its `null` counts for the whole union.
    pub const VARIANT: Self = Self {
        null: true,
        ..Self::PART
    };
}

/// The effect of a narrower schema on the values of the schema around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polarity {
    /// Fewer values, as nearly everywhere.
    Same,
    /// More values: the schema excludes.
    Not,
    /// More values: the schema limits how many elements match, or when a condition applies.
    Reversed,
    /// Fewer values and more.
    Both,
}

/// One of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Base,
    Revision,
}

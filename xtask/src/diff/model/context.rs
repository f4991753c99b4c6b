//! What two schemas are told by the place where they are used: how a value is written there, in which
//! directions it is sent, and what is said of it elsewhere.

/// How a value is written on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Json,
    /// The whole of a document that is XML, of which a text can be all.
    XmlRoot,
    Xml,
    /// Query strings, headers, forms, plain text: a number is a string there.
    Text,
}

impl Encoding {
    /// How what is within such a value is written.
    pub fn inner(self) -> Self {
        match self {
            Self::XmlRoot => Self::Xml,
            other => other,
        }
    }
}

/// The directions in which what is behind an edge is sent at all.
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

/// What a pair does not report because its use does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Suppress {
    pub null: bool,
    pub annotations: bool,
    /// It is a part of what is said of a value, and the rest may declare what it asks for.
    pub is_part: bool,
}

impl Suppress {
    pub const WHOLE: Self = Self {
        null: false,
        annotations: false,
        is_part: false,
    };
    pub const PART: Self = Self {
        is_part: true,
        ..Self::WHOLE
    };
    /// An alternative's `null` counts for the whole of its union.
    pub const VARIANT: Self = Self {
        null: true,
        ..Self::PART
    };
}

/// One of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Base,
    Revision,
}

//! Verdicts: the effect of a change on the wire, its directions, and its effect on the Rust API.

use std::fmt;

/// The effect on a client that is generated from the base and calls a server that implements the
/// revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wire {
    /// No effect on the wire or on the documentation.
    None,
    /// Only the documentation changes.
    DocsOnly,
    Compatible,
    Breaking,
}

impl Wire {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::DocsOnly => "docs-only",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::None, Self::DocsOnly, Self::Compatible, Self::Breaking]
            .into_iter()
            .find(|effect| effect.as_str() == name)
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The direction of a value, seen from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    Request,
    Response,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// The directions in which a change affects one operation. Both are false if the operation does not
/// send the subject (`readOnly` in a request), or is a draft.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Directions {
    pub request: bool,
    pub response: bool,
}

impl Directions {
    pub fn with(self, direction: Direction) -> Self {
        match direction {
            Direction::Request => Self {
                request: true,
                ..self
            },
            Direction::Response => Self {
                response: true,
                ..self
            },
        }
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            request: self.request || other.request,
            response: self.response || other.response,
        }
    }
}

/// The part of the version that has to be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    None,
    Patch,
    Minor,
    Major,
}

impl Bump {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

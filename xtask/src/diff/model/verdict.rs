//! Verdicts: what a change does on the wire, in which direction, and to the Rust API.

use std::fmt;

/// What a change does to a client that was built from the base and talks to a server that runs the
/// revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wire {
    /// Nothing on the wire, and nothing to read.
    None,
    /// Other words for the same.
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

/// Which way a value goes, seen from the client.
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

/// The directions in which a change is felt in one operation. Both false: it is reached, but what
/// it concerns is not sent that way (`readOnly` in a request), or the operation is a draft.
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

/// The part of the version that has to move.
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

//! What a comparison finds: a change of one kind at one place, and how far it reaches.

use std::cmp::Ordering;
use std::fmt;

use super::checks::Check;
use super::reach::Reach;
use super::said::Said;
use super::subject::subject;
use crate::pointer::order;

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
pub struct Felt {
    pub request: bool,
    pub response: bool,
}

impl Felt {
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

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// RFC 6901.
    pub pointer: Box<str>,
    /// As the pointer, with names instead of positions where order means nothing; `None` where it is
    /// the pointer.
    pub named: Option<Box<str>>,
}

impl Spot {
    /// What stays the same when the order does not.
    pub fn stable(&self) -> &str {
        self.named.as_deref().unwrap_or(&self.pointer)
    }
}

impl Ord for Spot {
    fn cmp(&self, other: &Self) -> Ordering {
        let names = || self.named.cmp(&other.named);
        order(&self.pointer, &other.pointer).then_with(names)
    }
}

impl PartialOrd for Spot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One change at one place.
#[derive(Debug, Clone)]
pub struct Change<'d> {
    pub check: &'static Check,
    pub base: Option<Spot>,
    pub revision: Option<Spot>,
    pub before: Option<Said<'d>>,
    pub after: Option<Said<'d>>,
    pub reach: Reach,
}

impl Change<'_> {
    /// What changed, as the sentence names it.
    pub fn subject(&self) -> String {
        // What is gone stood in the base; the revision has what held it.
        let is_gone = self.check.what.starts_with("was removed");
        let gone = self.base.as_ref().filter(|_| is_gone);
        let place = gone.or(self.revision.as_ref()).or(self.base.as_ref());
        place.map(subject).unwrap_or_default()
    }
}

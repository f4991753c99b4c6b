//! The errors of lenient decoding: each knows the part that can be left out.

use std::cell::RefCell;
use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

use serde::de::{self, Expected, Unexpected};
use serde_json::Value;

/// The maximum number of parts that are left out, so that a hostile response does not fill the
/// memory with their locations.
const MOST_LOST: usize = 1000;

/// A part of a response that does not fit its type and was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The location of the part.
    pub path: Vec<Segment>,
    /// The location of the value that does not fit: the part itself, or a value in it.
    pub at: Vec<Segment>,
    /// The reason, which may quote the value.
    pub reason: String,
}

/// The first part of a value that does not fit its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The location of the part; `None` for the whole value.
    pub at: Option<String>,
    /// The reason, which may quote the part.
    pub reason: String,
}

impl Misfit {
    /// Returns the location as errors show it; `.` is the whole value.
    pub fn location(&self) -> &str {
        self.at.as_deref().unwrap_or(".")
    }

    /// Returns whether an error of serde_json has the same reason. serde_json stops at the first
    /// misfit of the text. A [`Value`] may have its properties in another order, and it has one of
    /// two properties with the same name.
    pub fn is_reason_of(&self, failure: &serde_json::Error) -> bool {
        let text = failure.to_string();
        let position = text.strip_prefix(&self.reason);
        position.is_some_and(|it| it.is_empty() || it.starts_with(" at line "))
    }
}

/// A step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A property of an object.
    Name(String),
    /// An item of a list.
    Index(usize),
}

/// A location as errors show it, such as `items[1].size`.
pub fn shown(path: &[Segment]) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Index(index) => text.push_str(&format!("[{index}]")),
            Segment::Name(name) if text.is_empty() => text.push_str(name),
            Segment::Name(name) => text.push_str(&format!(".{name}")),
        }
    }
    text
}

/// Leaves out the part that an error is about, if the error says that this is possible.
pub fn forgive<E: de::Error>(error: E) -> Result<(), E> {
    let Some(found) = error
        .source()
        .and_then(<dyn StdError>::downcast_ref::<Place>)
    else {
        return Err(error);
    };
    if found.losses.is_strict() {
        return Err(error);
    }
    if found.is_void {
        return Ok(());
    }
    let mut losses = found.losses.parts.borrow_mut();
    let is_bearable = losses.len() < MOST_LOST;
    if is_bearable {
        losses.push(found.lost.clone());
    }
    drop(losses);
    if is_bearable { Ok(()) } else { Err(error) }
}

/// The parts that were left out so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Losses {
    pub(super) parts: Rc<RefCell<Vec<Lost>>>,
    is_strict: bool,
}

impl Losses {
    /// Returns losses for strict decoding, which leaves nothing out.
    pub(super) fn strict() -> Self {
        Self {
            is_strict: true,
            ..Self::default()
        }
    }

    /// Returns whether each part must fit.
    pub(super) fn is_strict(&self) -> bool {
        self.is_strict
    }

    pub(super) fn take(&self) -> Vec<Lost> {
        self.parts.take()
    }
}

/// A location, from the inside to the outside.
pub(super) struct Node {
    parent: Option<Rc<Node>>,
    segment: Option<Segment>,
}

impl Node {
    pub(super) fn whole() -> Self {
        Self {
            parent: None,
            segment: None,
        }
    }

    pub(super) fn below(parent: &Rc<Node>, segment: Segment) -> Rc<Self> {
        Rc::new(Self {
            parent: Some(Rc::clone(parent)),
            segment: Some(segment),
        })
    }

    fn path(&self) -> Vec<Segment> {
        let mut path = Vec::new();
        let mut next = Some(self);
        while let Some(node) = next {
            if let Some(segment) = &node.segment {
                path.push(segment.clone());
            }
            next = node.parent.as_deref();
        }
        path.reverse();
        path
    }
}

/// An error of this deserializer.
#[derive(Debug)]
pub(super) struct Failure {
    reason: String,
    place: Option<Box<Place>>,
}

/// The part that an error is about.
#[derive(Debug)]
struct Place {
    lost: Lost,
    losses: Losses,
    /// The part is a property with `null` or an empty text, which is as good as its absence.
    is_void: bool,
}

impl Failure {
    pub(super) fn of(error: serde_json::Error) -> Self {
        de::Error::custom(error)
    }

    /// Returns the value that does not fit.
    pub(super) fn misfit(self) -> Misfit {
        Misfit {
            at: self.place.map(|place| shown(&place.lost.at)),
            reason: self.reason,
        }
    }

    /// Returns the error for the part around the one that it was about.
    pub(super) fn located(self, node: &Node, losses: Losses, value: &Value) -> Self {
        let path = node.path();
        let at = match self.place {
            Some(inner) => inner.lost.at,
            None => path.clone(),
        };
        let reason = self.reason.clone();
        let is_item = matches!(path.last(), Some(Segment::Index(_)));
        let is_void = !is_item
            && (value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()));
        Self {
            reason: self.reason,
            place: Some(Box::new(Place {
                lost: Lost { path, at, reason },
                losses,
                is_void,
            })),
        }
    }
}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            reason: message.to_string(),
            place: None,
        }
    }

    // The texts of serde_json: `null` instead of serde's "unit value".
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::of(de::Error::invalid_type(unexpected, expected))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::of(de::Error::invalid_value(unexpected, expected))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.lost.path))
    }
}

impl StdError for Place {}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.place.as_deref().map(|place| place as _)
    }
}

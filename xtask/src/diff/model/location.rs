//! Where a change is in a document.

use std::cmp::Ordering;

use crate::document::pointer::order;

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// RFC 6901.
    pub pointer: Box<str>,
    /// As the pointer, with names instead of positions where order means nothing; `None` where it is
    /// the pointer.
    pub named: Option<Box<str>>,
}

impl Location {
    /// What stays the same when the order does not.
    pub fn stable(&self) -> &str {
        self.named.as_deref().unwrap_or(&self.pointer)
    }
}

impl Ord for Location {
    fn cmp(&self, other: &Self) -> Ordering {
        let names = || self.named.cmp(&other.named);
        order(&self.pointer, &other.pointer).then_with(names)
    }
}

impl PartialOrd for Location {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

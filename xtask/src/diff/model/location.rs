//! The location of a change in a document.

use std::cmp::Ordering;

use neo_client_codegen::openapi::pointer;

/// A location in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The JSON pointer (RFC 6901).
    pub pointer: Box<str>,
    /// The pointer with names instead of array indices, where the order of the array has no
    /// meaning. `None` if it equals the pointer.
    pub named: Option<Box<str>>,
}

impl Location {
    /// Returns the pointer that does not depend on the order of arrays without order.
    pub fn stable(&self) -> &str {
        self.named.as_deref().unwrap_or(&self.pointer)
    }
}

impl Ord for Location {
    fn cmp(&self, other: &Self) -> Ordering {
        let names = || self.named.cmp(&other.named);
        pointer::compare(&self.pointer, &other.pointer).then_with(names)
    }
}

impl PartialOrd for Location {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

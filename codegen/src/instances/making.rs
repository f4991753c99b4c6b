//! An instance that is being made, and the places of the document that it is made of.

use serde_json::Value;

use crate::instances::random::Random;

/// A value that is one of a union.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The location of the value in the instance.
    pub at: String,
    /// The schema of the variant that was taken, behind its references.
    pub chosen: String,
    /// The schemas of all variants, behind their references.
    pub branches: Vec<String>,
    /// The union has a discriminator, which decides alone.
    pub by_discriminator: bool,
}

/// An instance that is being made.
pub(crate) struct Making<'d> {
    pub(crate) document: &'d Value,
    pub(crate) random: Random,
    pub(crate) choices: Vec<Choice>,
    pub(crate) objects: Vec<String>,
    pub(crate) enums: Vec<String>,
    /// The location in the instance.
    pub(crate) at: String,
    pub(crate) depth: usize,
    pub(crate) presence: Presence,
}

/// How many of the optional properties an instance has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// None.
    Least,
    /// More than half of them.
    Usual,
    /// All of them near the root, and more than half further inside.
    Most,
}

impl Presence {
    /// Returns the chance of an optional property at a depth, in percent.
    pub(crate) fn chance(self, depth: usize) -> usize {
        match self {
            _ if depth > DEPTH => 0,
            Self::Least => 0,
            Self::Usual => 60,
            Self::Most if depth < 2 => 100,
            Self::Most => 50,
        }
    }
}

/// How deep values nest before optional properties are left out.
pub(crate) const DEPTH: usize = 7;

/// A schema and its location in the document.
pub(crate) type Place<'d> = (&'d Value, String);

impl<'d> Making<'d> {
    pub(crate) fn resolve(&self, reference: &str) -> Option<(&'d Value, String)> {
        let pointer = reference.strip_prefix('#')?;
        let pointer = pointer
            .replace("%7B", "{")
            .replace("%7D", "}")
            .replace("%20", " ")
            .replace("%25", "%");
        Some((self.document.pointer(&pointer)?, pointer))
    }

    /// Returns the location behind references that nothing else stands beside.
    pub(crate) fn target(&self, pointer: &str) -> String {
        let mut pointer = pointer.to_owned();
        for _ in 0..20 {
            let next = self
                .document
                .pointer(&pointer)
                .and_then(|schema| schema.get("$ref"))
                .and_then(Value::as_str)
                .and_then(|reference| self.resolve(reference));
            match next {
                Some((_, at)) => pointer = at,
                None => break,
            }
        }
        pointer
    }
}

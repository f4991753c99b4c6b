//! Resolves a JSONPath of the overlay to locations in the document.

use std::fmt;

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use super::OverlayError;
use crate::openapi::pointer::escape;

/// The maximum nesting depth of brackets and parentheses in a JSONPath. Its parser recurses for
/// each level and tries some levels twice, so a deep path would overflow the stack or take hours.
/// Real paths nest three or four levels.
const MAX_NESTING: usize = 10;

/// A JSONPath of the overlay.
pub(super) struct Path<'a> {
    /// The JSON pointer of the field in the overlay.
    pub at: String,
    pub text: &'a str,
    pub parsed: JsonPath,
}

impl<'a> Path<'a> {
    pub fn read(text: &'a str, at: String) -> Result<Self, OverlayError> {
        let refused = |reason: String| OverlayError::Path {
            at: at.clone(),
            path: text.to_owned(),
            reason,
        };
        if nesting(text) > MAX_NESTING {
            return Err(refused(format!("nests deeper than {MAX_NESTING} brackets")));
        }
        // serde_json_path 0.7 panics when the text ends inside of a `\u` escape.
        if [r"\u", r"\uD", r"\ud"]
            .iter()
            .any(|end| text.ends_with(end))
        {
            return Err(refused("ends inside of an escape".to_owned()));
        }
        match JsonPath::parse(text) {
            Ok(parsed) => Ok(Self { at, text, parsed }),
            Err(error) => Err(refused(error.to_string())),
        }
    }

    /// Returns the selected nodes, each once, in the order of [`NodePath`].
    pub fn places(&self, document: &Value) -> Vec<NodePath> {
        let mut places: Vec<NodePath> = self
            .parsed
            .query_located(document)
            .locations()
            .map(|location| {
                NodePath(
                    location
                        .iter()
                        .map(|element| match element {
                            PathElement::Name(name) => PathStep::Name((*name).to_owned()),
                            PathElement::Index(index) => PathStep::Index(*index),
                        })
                        .collect(),
                )
            })
            .collect();
        places.sort();
        places.dedup();
        places
    }
}

/// Returns the nesting depth of brackets and parentheses, outside of string literals.
fn nesting(path: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut quote, mut escaped) = (None, false);
    for character in path.chars() {
        match (quote, character) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// A location in the document. Locations are ordered: parents before their content, indices by
/// number.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodePath(pub Vec<PathStep>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PathStep {
    Name(String),
    Index(usize),
}

/// Writes a JSON pointer (RFC 6901).
impl fmt::Display for NodePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            match step {
                PathStep::Name(name) => write!(formatter, "/{}", escape(name))?,
                PathStep::Index(index) => write!(formatter, "/{index}")?,
            }
        }
        Ok(())
    }
}

pub(super) fn find<'d>(document: &'d mut Value, steps: &[PathStep]) -> Option<&'d mut Value> {
    steps.iter().try_fold(document, |node, step| match step {
        PathStep::Name(name) => node.get_mut(name),
        PathStep::Index(index) => node.get_mut(index),
    })
}

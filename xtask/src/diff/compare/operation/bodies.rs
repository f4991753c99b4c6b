//! Compares request bodies and media types.

use serde_json::Value;

use crate::diff::compare::operation::encodings;
use crate::diff::compare::operation::media_types::{self, Kept};
use crate::diff::compare::schema::uses::differing;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::operation::Operation;
use crate::diff::model::verdict::Direction;
use crate::diff::normalize::schema_use::annotations;

/// Compares the request bodies.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Operation<'d>,
    new: &Operation<'d>,
) {
    let body = |document: &Document<'d>, operation: &Operation<'d>| {
        let written = operation.node.get("requestBody")?;
        Some(document.resolve(&written).unwrap_or(written))
    };
    let from = body(&walk.base, old);
    let to = body(&walk.revision, new);
    let required = |node: &Node<'d>| node.flag("required") == Some(true);
    match (from, to) {
        (None, None) => {}
        (Some(gone), None) => {
            let location = (Some(&gone), Some(&new.node));
            let before = Some(names(&gone).into());
            walk.report_for(of, &checks::BODY_REMOVED, location, before, None);
        }
        (None, Some(came)) => {
            let check = if required(&came) {
                &checks::BODY_ADDED_REQUIRED
            } else {
                &checks::BODY_ADDED_OPTIONAL
            };
            let after = Some(names(&came).into());
            walk.report_for(of, check, (Some(&old.node), Some(&came)), None, after);
        }
        (Some(from), Some(to)) => {
            let location = (Some(&from), Some(&to));
            if let Some((before, after)) =
                differing(&annotations(from.value), &annotations(to.value))
            {
                walk.report_for(of, &checks::BODY_DOCS, location, Some(before), Some(after));
            }
            let (was, is) = (required(&from), required(&to));
            if was != is {
                let check = if is {
                    &checks::BODY_REQUIRED
                } else {
                    &checks::BODY_OPTIONAL
                };
                walk.report_for(of, check, location, Some(was.into()), Some(is.into()));
            }
            content(walk, of, &from, &to, of.direction == Direction::Request);
        }
    }
}

fn names(of: &Node<'_>) -> Value {
    let content = of.get("content");
    let names = content.iter().flat_map(Node::entries);
    names.map(|(name, _)| name).collect()
}

/// Compares the media types of a body or a response, and the encodings of their parts.
pub fn content<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Node<'d>,
    new: &Node<'d>,
    is_chosen: bool,
) {
    for Kept { name, old, new } in media_types::compare(walk, of, old, new, is_chosen) {
        encodings::compare(walk, of, &name, (&old, &new));
    }
}

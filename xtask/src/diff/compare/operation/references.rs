//! Compares the words beside references to parameters, bodies, responses and headers.

use std::collections::BTreeMap;

use crate::diff::compare::schema::uses::differing;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks::{self, Check};
use crate::diff::model::document::Node;
use crate::diff::model::operation::Operation;
use crate::diff::normalize::schema_use::annotations;

/// References with the check of their words, by what they stand for.
type References<'d> = BTreeMap<(&'static str, &'d str, &'d str), (&'static Check, Node<'d>)>;

/// Compares `summary` and `description` of Reference Objects, which override those of the target.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Operation<'d>,
    new: &Operation<'d>,
) {
    let (from, to) = (references(old), references(new));
    for (key, (check, was)) in &from {
        let Some((_, is)) = to.get(key) else { continue };
        let words = differing(&annotations(was.value), &annotations(is.value));
        if let Some((before, after)) = words {
            let location = (Some(was), Some(is));
            walk.report_for(of, check, location, Some(before), Some(after));
        }
    }
}

fn references<'d>(of: &Operation<'d>) -> References<'d> {
    let mut found = References::new();
    let mut add = |key, check, node: Node<'d>| {
        if node.get("$ref").is_some() {
            found.insert(key, (check, node));
        }
    };
    for list in [of.item.get("parameters"), of.node.get("parameters")] {
        for node in list.iter().flat_map(Node::items) {
            let target = node.text("$ref").unwrap_or_default();
            add(("parameter", target, ""), &checks::PARAMETER_DOCS, node);
        }
    }
    if let Some(body) = of.node.get("requestBody") {
        add(("body", "", ""), &checks::BODY_DOCS, body);
    }
    let responses = of.node.get("responses");
    for (status, response) in responses.iter().flat_map(Node::entries) {
        let headers = response.get("headers");
        for (name, header) in headers.iter().flat_map(Node::entries) {
            add(("header", status, name), &checks::HEADER_DOCS, header);
        }
        add(("response", status, ""), &checks::RESPONSE_DOCS, response);
    }
    found
}

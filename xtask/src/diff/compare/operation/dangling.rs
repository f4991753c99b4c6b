//! Reports references of an operation without a target, whose effect cannot be compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::operation::Operation;

/// Reports references without a target that differ between the documents.
pub fn compare<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Operation<'d>,
    new: &Operation<'d>,
) {
    let from = references(&walk.base, old);
    let to = references(&walk.revision, new);
    let all: BTreeSet<&str> = from.keys().chain(to.keys()).copied().collect();
    for reference in all {
        let (was, is) = (from.get(reference), to.get(reference));
        if was.is_some() == is.is_some() {
            continue;
        }
        let location = (was.or(Some(&old.node)), is.or(Some(&new.node)));
        let value = |node: Option<&Node<'d>>| node.map(|node| node.shown());
        let check = &checks::UNKNOWN_REFERENCE;
        walk.report_for(of, check, location, value(was), value(is));
    }
}

/// Returns the references without a target, with the objects that contain them.
fn references<'d>(document: &Document<'d>, of: &Operation<'d>) -> BTreeMap<&'d str, Node<'d>> {
    let mut found = BTreeMap::new();
    let mut look = |node: Node<'d>| {
        let target = document.resolve(&node);
        if let (None, Some(reference)) = (&target, node.text("$ref")) {
            found.insert(reference, node);
        }
        target
    };
    for list in [of.item.get("parameters"), of.node.get("parameters")] {
        for parameter in list.iter().flat_map(Node::items) {
            look(parameter);
        }
    }
    of.node.get("requestBody").and_then(&mut look);
    for (_, reply) in of.node.get("responses").iter().flat_map(Node::entries) {
        let headers = look(reply).and_then(|reply| reply.get("headers"));
        for (_, header) in headers.iter().flat_map(Node::entries) {
            look(header);
        }
    }
    for (_, callback) in of.node.get("callbacks").iter().flat_map(Node::entries) {
        let callback = look(callback);
        for (_, item) in callback.iter().flat_map(Node::entries) {
            look(item);
        }
    }
    found
}

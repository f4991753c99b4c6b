//! An operation of one of the documents.

use crate::diff::model::document::Node;

/// An operation with its Path Item Object.
#[derive(Clone)]
pub struct Operation<'d> {
    pub item: Node<'d>,
    pub node: Node<'d>,
    /// The names of the path parameters in the path template, in order.
    pub slots: Vec<&'d str>,
}

/// Returns the operations with other methods than those of OpenAPI (3.2).
pub fn additional<'d>(item: &Node<'d>) -> impl Iterator<Item = (&'d str, Node<'d>)> {
    let additional = item.get("additionalOperations");
    additional
        .map(|additional| additional.entries())
        .into_iter()
        .flatten()
}

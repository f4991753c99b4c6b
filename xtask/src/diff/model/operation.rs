//! One operation of one document.

use crate::diff::model::document::Node;

/// An operation of one document, with the path item it stands in.
#[derive(Clone)]
pub struct Operation<'d> {
    pub item: Node<'d>,
    pub node: Node<'d>,
    /// The names in braces of its path, in order.
    pub slots: Vec<&'d str>,
}

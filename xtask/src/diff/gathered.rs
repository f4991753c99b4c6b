//! The schemas that hold together at a place, after `$ref` and `allOf`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::document::{Document, Node};
use super::place::is_null;

/// The schemas that hold together, after `$ref` and `allOf`.
#[derive(Default)]
pub struct Gathered<'d> {
    pub nodes: Vec<Node<'d>>,
    /// Components among them.
    pub names: BTreeSet<String>,
    /// References that lead nowhere.
    pub dangling: BTreeMap<&'static str, Node<'d>>,
    /// Alternatives of one are alternatives, too: what they are compared with has several.
    pub singles_apart: bool,
    /// There are alternatives of one.
    pub has_singles: bool,
    seen: HashSet<usize>,
}

impl<'d> Gathered<'d> {
    /// Leaves alternatives of one where they are.
    pub fn with_singles_apart() -> Self {
        Self {
            singles_apart: true,
            ..Self::default()
        }
    }

    /// Adds a schema and what holds together with it, however long the way is.
    pub fn add(&mut self, document: &Document<'d>, node: &Node<'d>) {
        let mut pending = vec![node.clone()];
        while let Some(node) = pending.pop() {
            if !self.seen.insert(node.address()) {
                continue;
            }
            let mut next = Vec::new();
            if let Some(reference) = node.get("$ref") {
                match node.text("$ref").and_then(|text| document.target(text)) {
                    Some(target) => {
                        if let Some(("schemas", name)) = target.pointer.component() {
                            self.names.insert(name.to_owned());
                        }
                        next.push(target);
                    }
                    None => {
                        self.dangling.insert("$ref", reference);
                    }
                }
            }
            next.extend(node.get("allOf").iter().flat_map(Node::items));
            // Alternatives of one are no alternatives.
            for key in ["oneOf", "anyOf"] {
                let Some(list) = node.get(key) else { continue };
                let mut rest = list.items().filter(|branch| !is_null(branch.value));
                if let (Some(only), None) = (rest.next(), rest.next()) {
                    self.has_singles = true;
                    if !self.singles_apart {
                        next.push(only);
                    }
                }
            }
            self.nodes.push(node);
            pending.extend(next.into_iter().rev());
        }
    }
}

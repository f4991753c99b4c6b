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
    seen: HashSet<usize>,
}

/// How deep schemas may be composed of each other.
const MAX_DEPTH: usize = 64;

impl<'d> Gathered<'d> {
    pub fn add(&mut self, document: &Document<'d>, node: &Node<'d>, depth: usize) {
        if depth > MAX_DEPTH || !self.seen.insert(node.address()) {
            return;
        }
        self.nodes.push(node.clone());
        if let Some(reference) = node.get("$ref") {
            match node.text("$ref").and_then(|text| document.target(text)) {
                Some(target) => {
                    if let Some(("schemas", name)) = target.pointer.component() {
                        self.names.insert(name.to_owned());
                    }
                    self.add(document, &target, depth + 1);
                }
                None => {
                    self.dangling.insert("$ref", reference);
                }
            }
        }
        for part in node.get("allOf").iter().flat_map(Node::items) {
            self.add(document, &part, depth + 1);
        }
        // Alternatives of one are no alternatives.
        for key in ["oneOf", "anyOf"] {
            let Some(list) = node.get(key) else { continue };
            let mut rest = list.items().filter(|branch| !is_null(branch.value));
            if let (Some(only), None) = (rest.next(), rest.next()) {
                self.add(document, &only, depth + 1);
            }
        }
    }
}

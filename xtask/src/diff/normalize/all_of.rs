//! The schemas that hold together at a place, after `$ref` and `allOf`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::diff::model::document::{Document, Node};
use crate::diff::normalize::schema_use::is_null;

/// The schemas that hold together, after `$ref` and `allOf`.
#[derive(Default)]
pub struct AllOfSchemas<'d> {
    pub nodes: Vec<Node<'d>>,
    /// Components among them.
    pub names: BTreeSet<String>,
    /// References that lead nowhere.
    pub dangling: BTreeMap<&'static str, Node<'d>>,
    /// Variants of one are alternatives, too: what they are compared with has several.
    pub keeps_single_variants: bool,
    /// There are alternatives of one.
    pub has_single_variants: bool,
    seen: HashSet<usize>,
}

impl<'d> AllOfSchemas<'d> {
    /// Leaves alternatives of one where they are.
    pub fn keeping_single_variants() -> Self {
        Self {
            keeps_single_variants: true,
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
            // Variants of one are no alternatives.
            for key in ["oneOf", "anyOf"] {
                let Some(list) = node.get(key) else { continue };
                let mut rest = list.items().filter(|variant| !is_null(variant.value));
                if let (Some(only), None) = (rest.next(), rest.next()) {
                    self.has_single_variants = true;
                    if !self.keeps_single_variants {
                        next.push(only);
                    }
                }
            }
            self.nodes.push(node);
            pending.extend(next.into_iter().rev());
        }
    }
}

//! Collects the schemas that all apply to a value, through `$ref` and `allOf`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::diff::model::document::{Document, Node};
use crate::diff::normalize::schema_use::{is_null, variants};

/// The schemas that all apply to a value.
#[derive(Default)]
pub struct AllOfSchemas<'d> {
    pub nodes: Vec<Node<'d>>,
    /// The names of the components among them.
    pub names: BTreeSet<String>,
    /// References without a target.
    pub dangling: BTreeMap<&'static str, Node<'d>>,
    /// Keeps a `oneOf` or `anyOf` with one variant as a union, to compare it with a larger union.
    pub keeps_single_variants: bool,
    /// There is a `oneOf` or `anyOf` with one variant.
    pub has_single_variants: bool,
    seen: HashSet<usize>,
    /// The schemas within a union whose other variant is `null`, by address.
    pub beside_null: HashSet<usize>,
}

impl<'d> AllOfSchemas<'d> {
    /// Keeps unions with one variant.
    pub fn keeping_single_variants() -> Self {
        Self {
            keeps_single_variants: true,
            ..Self::default()
        }
    }

    /// Adds a schema and all schemas that apply together with it.
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
            // A union with one variant is that variant.
            for key in ["oneOf", "anyOf"] {
                let Some(list) = node.get(key) else { continue };
                let mut rest = variants(&list);
                if let (Some(only), None) = (rest.next(), rest.next()) {
                    self.has_single_variants = true;
                    if !self.keeps_single_variants {
                        if list.items().any(|variant| is_null(variant.value)) {
                            self.beside_null.insert(only.address());
                        }
                        next.push(only);
                    }
                }
            }
            if self.beside_null.contains(&node.address()) {
                self.beside_null.extend(next.iter().map(Node::address));
            }
            self.nodes.push(node);
            pending.extend(next.into_iter().rev());
        }
    }
}

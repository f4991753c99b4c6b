//! Which component refers to which, and what a part of the document needs.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::lower::references;

/// Which component refers to which.
pub(super) struct Graph {
    names: Vec<String>,
    index: HashMap<String, usize>,
    references: Vec<Vec<usize>>,
}

/// Components with all that they refer to, directly or through others.
pub(super) struct Closure<'g> {
    pub(super) whole: BTreeSet<&'g str>,
    pub(super) stubs: BTreeSet<&'g str>,
}

impl Graph {
    pub(super) fn of(schemas: &Map<String, Value>) -> Self {
        let names: Vec<String> = schemas.keys().cloned().collect();
        let index: HashMap<String, usize> = names
            .iter()
            .enumerate()
            .map(|(index, name)| (name.clone(), index))
            .collect();
        let references = schemas
            .values()
            .map(|schema| {
                let names = references(schema);
                names
                    .into_iter()
                    .filter_map(|name| index.get(name).copied())
                    .collect()
            })
            .collect();
        Self {
            names,
            index,
            references,
        }
    }

    fn references(&self, index: usize) -> &[usize] {
        self.references.get(index).map_or(&[], Vec::as_slice)
    }

    fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    /// A component that refers to nothing any more.
    pub(super) fn cut(&mut self, name: &str) {
        if let Some(references) = self
            .index
            .get(name)
            .and_then(|&index| self.references.get_mut(index))
        {
            references.clear();
        }
    }

    /// All names, each behind those it refers to as far as circles allow.
    pub(super) fn dependencies_first(&self) -> Vec<String> {
        let mut order = Vec::with_capacity(self.names.len());
        let mut entered = vec![false; self.names.len()];
        // A stack of our own: chains of references may be as long as the document.
        let mut pending: Vec<(usize, usize)> = Vec::new();
        for start in 0..self.names.len() {
            pending.push((start, 0));
            while let Some((index, next)) = pending.pop() {
                if next == 0 {
                    match entered.get_mut(index) {
                        Some(entered) if !*entered => *entered = true,
                        _ => continue,
                    }
                }
                match self.references(index).get(next) {
                    Some(&child) => pending.extend([(index, next + 1), (child, 0)]),
                    None => order.push(self.name(index).to_owned()),
                }
            }
        }
        order
    }

    /// What is reached from `roots`; beyond what `is_whole` refuses, nothing is.
    pub(super) fn closure<'g>(
        &'g self,
        roots: impl Iterator<Item = &'g str>,
        is_whole: impl Fn(&str) -> bool,
    ) -> Closure<'g> {
        let mut closure = Closure {
            whole: BTreeSet::new(),
            stubs: BTreeSet::new(),
        };
        let mut pending: Vec<usize> = roots
            .filter_map(|name| self.index.get(name).copied())
            .collect();
        while let Some(index) = pending.pop() {
            let name = self.name(index);
            if !is_whole(name) {
                closure.stubs.insert(name);
            } else if closure.whole.insert(name) {
                pending.extend(self.references(index));
            }
        }
        closure
    }
}

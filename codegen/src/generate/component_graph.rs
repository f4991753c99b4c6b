//! The graph of references between components, and what a part of the document needs.

use std::collections::{BTreeSet, HashMap, VecDeque};

use serde_json::{Map, Value};

use crate::lower::references;

/// How many references away typify may look at a schema. For a chain of lists, each part would
/// otherwise contain all of it.
const AWAY: usize = 16;

/// The references between components.
pub(crate) struct Graph {
    names: Vec<String>,
    index: HashMap<String, usize>,
    references: Vec<Vec<usize>>,
}

/// The components with everything that they refer to, directly or through others.
pub(crate) struct Closure<'g> {
    pub(crate) whole: BTreeSet<&'g str>,
    pub(crate) stubs: BTreeSet<&'g str>,
}

impl Graph {
    pub(crate) fn of(schemas: &Map<String, Value>) -> Self {
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

    /// Marks a component as referring to nothing.
    pub(crate) fn cut(&mut self, name: &str) {
        if let Some(references) = self
            .index
            .get(name)
            .and_then(|&index| self.references.get_mut(index))
        {
            references.clear();
        }
    }

    /// Returns all names, each after those it refers to, as far as cycles allow.
    pub(crate) fn dependencies_first(&self) -> Vec<String> {
        let mut order = Vec::with_capacity(self.names.len());
        let mut entered = vec![false; self.names.len()];
        // An explicit stack, because chains of references may be as long as the document.
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

    /// Returns everything reachable from `roots`. Stops at components for which `is_whole`, called
    /// with the number of references on the way, returns `false`.
    pub(crate) fn closure<'g>(
        &'g self,
        roots: impl Iterator<Item = &'g str>,
        is_whole: impl Fn(&str, usize) -> bool,
    ) -> Closure<'g> {
        let mut closure = Closure {
            whole: BTreeSet::new(),
            stubs: BTreeSet::new(),
        };
        // Breadth first, so that each component is met on the shortest way.
        let mut pending: VecDeque<(usize, usize)> = roots
            .filter_map(|name| Some((*self.index.get(name)?, 0)))
            .collect();
        while let Some((index, away)) = pending.pop_front() {
            let name = self.name(index);
            if closure.whole.contains(name) {
                continue;
            }
            if is_whole(name, away) {
                closure.whole.insert(name);
                let further = self.references(index).iter();
                pending.extend(further.map(|&index| (index, away + 1)));
            } else {
                closure.stubs.insert(name);
            }
        }
        closure
    }
}

/// Returns what decides the types of some components: typify looks at everything to which they
/// refer, but of a struct it needs only the name.
pub(super) fn seen_by_typify<'g>(
    graph: &'g Graph,
    schemas: &Map<String, Value>,
    components: &BTreeSet<&'g str>,
) -> Closure<'g> {
    graph.closure(components.iter().copied(), |name, away| {
        components.contains(name) || (away <= AWAY && !is_struct(schemas, name))
    })
}

pub(super) fn is_struct(schemas: &Map<String, Value>, name: &str) -> bool {
    let properties = schemas
        .get(name)
        .and_then(|schema| schema.get("properties"));
    properties.is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dependencies_come_first() {
        let refer =
            |name: &str| json!({ "items": { "$ref": format!("#/components/schemas/{name}") } });
        let schemas = json!({ "C": refer("B"), "B": refer("A"), "A": refer("A"), "D": refer("E"), "E": refer("D") });
        let graph = Graph::of(schemas.as_object().unwrap());
        assert_eq!(graph.dependencies_first(), ["A", "B", "C", "E", "D"]);
        let closure = graph.closure(["C"].into_iter(), |name, _| name != "A");
        assert_eq!(closure.whole.into_iter().collect::<Vec<_>>(), ["B", "C"]);
        assert_eq!(closure.stubs.into_iter().collect::<Vec<_>>(), ["A"]);
    }
}

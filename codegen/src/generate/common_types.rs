//! The types that two clients have in common, of which a comparison needs only the names.

use std::collections::BTreeSet;

use super::component_graph::{Graph, is_struct, seen_by_typify};
use super::purposes::Purposes;
use super::shards::names;
use crate::lower::Lowered;
use crate::names::Taken;
use crate::print::shortens_alike;
use crate::refine::builder_name;

/// Returns the structs that are generated from the same input in both clients.
///
/// Everything that decides the code of a type is compared: its schema and those that it sees, the
/// facts of the model, the description by operations, and the names that are taken. A struct with
/// another name is left out, because a type in a line may be written by either name.
pub(crate) fn common_types(old: &Lowered, new: &Lowered) -> BTreeSet<String> {
    let (old, new) = (Side::of(old), Side::of(new));
    if !shortens_alike(&old.names, &new.names) {
        return BTreeSet::new();
    }
    let (aliases, new_aliases) = (&old.lowered.model.aliases, &new.lowered.model.aliases);
    let aliased: BTreeSet<&String> = aliases.values().chain(new_aliases.values()).collect();
    let components = old.lowered.schemas().keys();
    let common = components.filter(|name| {
        !aliased.contains(name)
            && old.lowered.model.agrees_on(name, &new.lowered.model)
            && old.purposes.of_component(name) == new.purposes.of_component(name)
            && builder_name(name, &old.names) == builder_name(name, &new.names)
            && old.sees_the_same(&new, name)
    });
    common.cloned().collect()
}

/// One of the two clients.
struct Side<'l> {
    lowered: &'l Lowered,
    graph: Graph,
    purposes: Purposes,
    names: Taken,
}

impl<'l> Side<'l> {
    fn of(lowered: &'l Lowered) -> Self {
        Self {
            lowered,
            graph: Graph::of(lowered.schemas()),
            purposes: Purposes::of(lowered),
            names: names(lowered),
        }
    }

    /// Returns whether a struct has the same schemas in view on both sides.
    fn sees_the_same(&self, other: &Self, name: &str) -> bool {
        let (here, there) = (self.lowered.schemas(), other.lowered.schemas());
        if !is_struct(here, name) || here.get(name) != there.get(name) {
            return false;
        }
        let only = BTreeSet::from([name]);
        let seen = seen_by_typify(&self.graph, here, &only);
        let seen_there = seen_by_typify(&other.graph, there, &only);
        seen.whole == seen_there.whole
            && seen.stubs == seen_there.stubs
            && seen
                .whole
                .iter()
                .all(|name| here.get(*name) == there.get(*name))
    }
}

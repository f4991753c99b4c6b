//! Reachability between components. Each walk visits a component once, however many operations
//! share it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::component_ref::references;

/// Returns the names of the components to which some values refer, directly or through others.
pub(super) fn reachable<'v>(
    schemas: &'v Map<String, Value>,
    from: impl IntoIterator<Item = &'v Value>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&Value> = from.into_iter().collect();
    while let Some(value) = pending.pop() {
        for name in references(value) {
            if found.insert(name) {
                pending.extend(schemas.get(name));
            }
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

/// Returns the names of the components that are `wanted`, or that refer to one that is, directly or
/// through others.
pub(super) fn reaching(
    schemas: &Map<String, Value>,
    wanted: impl Fn(&str) -> bool,
) -> BTreeSet<&str> {
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (user, schema) in schemas {
        for name in references(schema) {
            users.entry(name).or_default().push(user);
        }
    }
    let names = schemas.keys().map(String::as_str);
    let mut pending: Vec<&str> = names.filter(|name| wanted(name)).collect();
    let mut found: BTreeSet<&str> = pending.iter().copied().collect();
    while let Some(name) = pending.pop() {
        for &user in users.get(name).into_iter().flatten() {
            if found.insert(user) {
                pending.push(user);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::lower::component_ref::refer;

    #[test]
    fn both_ways_through_a_cycle() {
        let schemas = json!({
            "A": { "properties": { "b": refer("B") } },
            "B": { "items": refer("C") },
            "C": { "allOf": [refer("B")] },
            "D": { "properties": { "a": refer("A") } },
            "E": {},
        });
        let schemas = schemas.as_object().unwrap();
        let from = refer("B");
        assert_eq!(references(&schemas["A"]), ["B"].into());
        assert_eq!(
            reachable(schemas, [&from]),
            ["B", "C"].map(String::from).into()
        );
        assert_eq!(
            reaching(schemas, |name| name == "C"),
            ["A", "B", "C", "D"].into()
        );
        assert_eq!(reaching(schemas, |_| false), [].into());
    }
}

//! Finds components that are equal in both documents with everything that they reference, so that
//! the comparison can skip them.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::diff::model::subtypes::Subtypes;

/// The components that are equal in both documents.
pub struct Unchanged {
    /// Component names by kind.
    components: HashMap<String, HashSet<String>>,
}

type ComponentName<'d> = (&'d str, &'d str);

impl Unchanged {
    pub fn of(base: &Value, revision: &Value) -> Self {
        let mut equal: HashSet<ComponentName<'_>> = HashSet::new();
        let mut users: HashMap<ComponentName<'_>, Vec<ComponentName<'_>>> = HashMap::new();
        let mut changed: Vec<ComponentName<'_>> = Vec::new();
        for (kind, name, value) in components(base) {
            let other = revision
                .get("components")
                .and_then(|components| components.get(kind))
                .and_then(|of_kind| of_kind.get(name));
            let mut is_equal = other.is_some_and(|other| same(value, other));
            if is_equal {
                for target in references(value) {
                    match target {
                        Some(target) => users.entry(target).or_default().push((kind, name)),
                        None => is_equal = false,
                    }
                }
            }
            if is_equal {
                equal.insert((kind, name));
            } else {
                changed.push((kind, name));
            }
        }
        // A value of a base schema can be a value of each subtype.
        let (old, new) = (Subtypes::of(base), Subtypes::of(revision));
        for (of_base, subtypes) in old.iter() {
            let user = ("schemas", of_base);
            for subtype in subtypes {
                users.entry(("schemas", subtype)).or_default().push(user);
            }
            if !new.of_base(of_base).eq(subtypes.iter().copied()) && equal.remove(&user) {
                changed.push(user);
            }
        }
        for (of_base, _) in new.iter() {
            let user = components(base)
                .find(|(kind, name, _)| *kind == "schemas" && *name == of_base)
                .map(|(kind, name, _)| (kind, name));
            if let Some(user) = user.filter(|_| old.of_base(of_base).next().is_none())
                && equal.remove(&user)
            {
                changed.push(user);
            }
        }
        // A reference to a missing component has no target in either document.
        changed.extend(users.keys().filter(|name| !equal.contains(*name)));
        while let Some(name) = changed.pop() {
            for user in users.remove(&name).into_iter().flatten() {
                if equal.remove(&user) {
                    changed.push(user);
                }
            }
        }
        let mut components: HashMap<String, HashSet<String>> = HashMap::new();
        for (kind, name) in equal {
            let of_kind = components.entry(kind.to_owned()).or_default();
            of_kind.insert(name.to_owned());
        }
        Self { components }
    }

    pub fn component(&self, kind: &str, name: &str) -> bool {
        let of_kind = self.components.get(kind);
        of_kind.is_some_and(|names| names.contains(name))
    }

    /// Returns whether two values and everything that they reference are equal.
    pub fn value(&self, base: &Value, revision: &Value) -> bool {
        same(base, revision)
            && references(base)
                .into_iter()
                .all(|target| target.is_some_and(|(kind, name)| self.component(kind, name)))
    }
}

fn components(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let kinds = document.get("components").and_then(Value::as_object);
    kinds.into_iter().flatten().flat_map(|(kind, of_kind)| {
        let members = of_kind.as_object().into_iter().flatten();
        members.map(move |(name, value)| (kind.as_str(), name.as_str(), value))
    })
}

/// Returns the components that a value references, and `None` for each other reference.
fn references(value: &Value) -> Vec<Option<ComponentName<'_>>> {
    let mut found = Vec::new();
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str).map(component));
                found.extend(object.get("operationRef").map(|_| None));
                if let Some(mapping) = object.get("mapping").and_then(Value::as_object) {
                    found.extend(mapped(mapping));
                }
                pending.extend(object.values());
            }
            _ => {}
        }
    }
    found
}

fn mapped(mapping: &Map<String, Value>) -> impl Iterator<Item = Option<ComponentName<'_>>> {
    mapping.values().filter_map(Value::as_str).map(|target| {
        if target.contains(['#', '/']) {
            component(target)
        } else {
            Some(("schemas", target))
        }
    })
}

fn component(reference: &str) -> Option<ComponentName<'_>> {
    let mut tokens = reference.strip_prefix("#/components/")?.split('/');
    let (kind, name) = (tokens.next()?, tokens.next()?);
    (!name.contains(['~', '%'])).then_some((kind, name))
}

/// Returns whether two values are equal. Faster than `==` for objects with the same order of
/// properties.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|((key, value), (other_key, other))| {
                    if key == other_key {
                        same(value, other)
                    } else {
                        b.get(key).is_some_and(|other| same(value, other))
                    }
                })
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (a, b) => a == b,
    }
}

//! Subtypes: the components that are composed of a base schema with a discriminator. A value of the
//! base can be a value of each of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::diff::model::member::member;

/// The components that are composed of each component with a discriminator.
#[derive(Default)]
pub struct Subtypes<'d> {
    by_base: HashMap<&'d str, BTreeSet<&'d str>>,
}

const PREFIX: &str = "#/components/schemas/";

impl<'d> Subtypes<'d> {
    pub fn of(document: &'d Value) -> Self {
        let schemas = document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        let Some(schemas) = schemas else {
            return Self::default();
        };
        // The components that each component is composed of.
        let mut parts: BTreeMap<&'d str, Vec<&'d str>> = BTreeMap::new();
        for (name, schema) in schemas {
            let all_of = member(schema, "allOf").and_then(Value::as_array);
            let beside = std::iter::once(schema);
            for part in all_of.into_iter().flatten().chain(beside) {
                let target = member(part, "$ref").and_then(Value::as_str);
                if let Some(target) = target.and_then(|target| target.strip_prefix(PREFIX)) {
                    parts.entry(name).or_default().push(target);
                }
            }
        }
        let has_discriminator = |name: &str| {
            schemas.get(name).is_some_and(|schema| {
                member(schema, "discriminator").is_some()
                    && member(schema, "oneOf").is_none()
                    && member(schema, "anyOf").is_none()
            })
        };
        let mut by_base: HashMap<&'d str, BTreeSet<&'d str>> = HashMap::new();
        for name in parts.keys() {
            let mut seen = BTreeSet::from([*name]);
            let mut pending = vec![*name];
            while let Some(composed) = pending.pop() {
                for part in parts.get(composed).into_iter().flatten() {
                    if seen.insert(part) {
                        pending.push(part);
                        if has_discriminator(part) {
                            by_base.entry(part).or_default().insert(name);
                        }
                    }
                }
            }
        }
        Self { by_base }
    }

    /// Iterates over the subtypes of a component.
    pub fn of_base(&self, name: &str) -> impl Iterator<Item = &'d str> {
        self.by_base.get(name).into_iter().flatten().copied()
    }

    /// Iterates over the base components with their subtypes.
    pub fn iter(&self) -> impl Iterator<Item = (&'d str, &BTreeSet<&'d str>)> {
        self.by_base
            .iter()
            .map(|(base, subtypes)| (*base, subtypes))
    }
}

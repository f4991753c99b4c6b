//! Limits: the keywords that bound a number, a length or a count.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diff::model::document::Node;
use crate::diff::model::types::Types;

/// One bound of the valid values.
#[derive(Clone)]
pub struct Limit<'d> {
    value: f64,
    exclusive: bool,
    pub node: Node<'d>,
}

/// The tightest bound of each keyword.
#[derive(Default, Clone)]
pub struct Limits<'d>(pub BTreeMap<&'static str, Limit<'d>>);

/// Keywords, whether each is a lower bound, and the type they apply to.
const KEYWORDS: [(&str, bool, Types); 8] = [
    ("minLength", true, Types::STRING),
    ("maxLength", false, Types::STRING),
    ("minItems", true, Types::ARRAY),
    ("maxItems", false, Types::ARRAY),
    ("minProperties", true, Types::OBJECT),
    ("maxProperties", false, Types::OBJECT),
    ("minContains", true, Types::ARRAY),
    ("maxContains", false, Types::ARRAY),
];

const BOUNDS: [(&str, &str, bool); 2] = [
    ("minimum", "exclusiveMinimum", true),
    ("maximum", "exclusiveMaximum", false),
];

/// The change of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitChange {
    Tighter,
    Wider,
}

impl<'d> Limits<'d> {
    pub fn read(&mut self, node: &Node<'d>) {
        for (key, lower, _) in KEYWORDS {
            let Some(limit) = node.get(key) else { continue };
            let Some(value) = limit.value.as_f64() else {
                continue;
            };
            // Every count is at least 0.
            if !(lower && value == 0.0 && key != "minContains") {
                self.add(key, lower, value, false, limit);
            }
        }
        for (key, exclusive_key, lower) in BOUNDS {
            let plain = node.get(key);
            let exclusive = node.get(exclusive_key);
            // In OpenAPI 3.0, a flag beside the bound.
            let flag = exclusive.as_ref().map(|node| node.value) == Some(&Value::Bool(true));
            if let Some(limit) = plain
                && let Some(value) = limit.value.as_f64()
            {
                self.add(key, lower, value, flag, limit);
            }
            if let Some(limit) = exclusive
                && let Some(value) = limit.value.as_f64()
            {
                self.add(key, lower, value, true, limit);
            }
        }
        if let Some(unique) = node.get("uniqueItems")
            && unique.value == &Value::Bool(true)
        {
            self.add("uniqueItems", true, 1.0, false, unique);
        }
    }

    /// Returns the bound of a keyword.
    pub fn value(&self, key: &str) -> Option<f64> {
        self.0.get(key).map(|limit| limit.value)
    }

    fn add(&mut self, key: &'static str, lower: bool, value: f64, exclusive: bool, node: Node<'d>) {
        let limit = Limit {
            value,
            exclusive,
            node,
        };
        let is_tighter = self
            .0
            .get(key)
            .is_none_or(|known| compare(lower, known, &limit) == Some(LimitChange::Tighter));
        if is_tighter {
            self.0.insert(key, limit);
        }
    }

    /// Rounds the bounds of integers: greater than 0 is at least 1.
    pub fn of_integers(&mut self) {
        for (key, lower) in [("minimum", true), ("maximum", false)] {
            if let Some(limit) = self.0.get_mut(key) {
                let sign = if lower { 1.0 } else { -1.0 };
                let value = limit.value * sign;
                limit.value = sign
                    * if limit.exclusive {
                        value.floor() + 1.0
                    } else {
                        value.ceil()
                    };
                limit.exclusive = false;
            }
        }
    }

    /// Returns the types that the limits apply to.
    pub fn implied(&self) -> Types {
        let mut types = Types::NONE;
        for key in self.0.keys() {
            types = types.or(applies_to(key));
        }
        types
    }

    /// Compares with the limits of the revision.
    pub fn changes(
        &self,
        to: &Self,
    ) -> Vec<(
        &'static str,
        LimitChange,
        Option<Node<'d>>,
        Option<Node<'d>>,
    )> {
        let mut keys: Vec<_> = self.0.keys().chain(to.0.keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let node = |limit: Option<&Limit<'d>>| limit.map(|limit| limit.node.clone());
        keys.into_iter()
            .filter_map(|key| {
                let (old, new) = (self.0.get(key), to.0.get(key));
                let changes = match (old, new) {
                    (Some(old), Some(new)) => compare(is_lower(key), old, new)?,
                    (Some(_), None) => LimitChange::Wider,
                    (None, Some(_)) => LimitChange::Tighter,
                    (None, None) => return None,
                };
                Some((key, changes, node(old), node(new)))
            })
            .collect()
    }
}

fn is_lower(key: &str) -> bool {
    key.starts_with("min") || key == "uniqueItems"
}

/// Returns the types that a limit applies to.
pub fn applies_to(key: &str) -> Types {
    match key {
        "minimum" | "maximum" => Types::NUMBER,
        "uniqueItems" => Types::ARRAY,
        key => KEYWORDS
            .into_iter()
            .find(|(known, ..)| *known == key)
            .map_or(Types::NONE, |(_, _, types)| types),
    }
}

fn compare(lower: bool, old: &Limit<'_>, new: &Limit<'_>) -> Option<LimitChange> {
    let (old_value, new_value) = if lower {
        (old.value, new.value)
    } else {
        (-old.value, -new.value)
    };
    if new_value > old_value || new_value == old_value && new.exclusive && !old.exclusive {
        Some(LimitChange::Tighter)
    } else if new_value < old_value || old.exclusive && !new.exclusive {
        Some(LimitChange::Wider)
    } else {
        None
    }
}

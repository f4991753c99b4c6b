//! Limits: the keywords that bound a number, a length or a count.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diff::model::decimal::Decimal;
use crate::diff::model::document::Node;
use crate::diff::model::types::Types;

/// One bound of the valid values.
#[derive(Clone)]
pub struct Limit<'d> {
    value: f64,
    exclusive: bool,
    /// Other keywords imply the bound.
    is_implied: bool,
    pub node: Node<'d>,
}

impl Limit<'_> {
    pub fn value(&self) -> f64 {
        self.value
    }

    pub fn is_implied(&self) -> bool {
        self.is_implied
    }
}

/// The tightest bound of each keyword.
#[derive(Default, Clone)]
pub struct Limits<'d>(pub BTreeMap<&'static str, Limit<'d>>);

/// Keywords, whether each is a lower bound, and the type they apply to.
const KEYWORDS: [(&str, bool, Types); 6] = [
    ("minLength", true, Types::STRING),
    ("maxLength", false, Types::STRING),
    ("minItems", true, Types::ARRAY),
    ("maxItems", false, Types::ARRAY),
    ("minProperties", true, Types::OBJECT),
    ("maxProperties", false, Types::OBJECT),
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
            if !(lower && value == 0.0) {
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

    /// Adds a bound that other keywords imply.
    pub fn imply(&mut self, key: &'static str, value: f64, node: &Node<'d>) {
        let limit = Limit {
            value,
            exclusive: false,
            is_implied: true,
            node: node.clone(),
        };
        let is_tighter = self.0.get(key).is_none_or(|known| {
            !matches!(
                compare(is_lower(key), &limit, known),
                Some(LimitChange::Tighter)
            )
        });
        if is_tighter {
            self.0.insert(key, limit);
        }
    }

    /// Returns whether all values of some types within other bounds are within these.
    pub fn include(&self, narrow: &Self, types: Types) -> bool {
        let mut applying = self
            .0
            .iter()
            .filter(|(key, _)| types.meets(applies_to(key)));
        applying.all(|(key, limit)| {
            narrow.0.get(key).is_some_and(|other| {
                compare(is_lower(key), other, limit) != Some(LimitChange::Tighter)
            })
        })
    }

    /// Returns whether no value is within the bounds.
    pub fn are_empty(&self, least: &str, most: &str) -> bool {
        match (self.0.get(least), self.0.get(most)) {
            (Some(least), Some(most)) if least.is_implied && most.is_implied => false,
            (Some(least), Some(most)) => {
                least.value > most.value
                    || least.value == most.value && (least.exclusive || most.exclusive)
            }
            _ => false,
        }
    }

    /// Returns whether all numbers within the bounds are within a range.
    pub fn are_within(&self, (least, most): (f64, f64)) -> bool {
        self.value("minimum").is_some_and(|value| value >= least)
            && self.value("maximum").is_some_and(|value| value <= most)
    }

    /// Returns the bound of a keyword.
    pub fn value(&self, key: &str) -> Option<f64> {
        self.0.get(key).map(|limit| limit.value)
    }

    fn add(&mut self, key: &'static str, lower: bool, value: f64, exclusive: bool, node: Node<'d>) {
        let limit = Limit {
            value,
            exclusive,
            is_implied: false,
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

    /// Rounds the bounds of multiples: a multiple of 5 that is greater than 0 is at least 5.
    pub fn of_multiples(&mut self, of: Decimal) {
        for (key, lower) in [("minimum", true), ("maximum", false)] {
            let Some(limit) = self.0.get_mut(key) else {
                continue;
            };
            let read = Decimal::of(limit.node.value);
            let Some(nearest) = read.and_then(|bound| of.nearest(bound, lower)) else {
                continue;
            };
            let is_excluded = limit.exclusive && nearest == limit.value;
            let step = of.nearest(of, true).unwrap_or_default();
            limit.value = match (is_excluded, lower) {
                (false, _) => nearest,
                (true, true) => nearest + step,
                (true, false) => nearest - step,
            };
            limit.exclusive = false;
        }
    }

    /// Returns whether a number is within the bounds.
    pub fn admit_number(&self, number: f64) -> bool {
        [("minimum", 1.0), ("maximum", -1.0)]
            .iter()
            .all(|(key, sign)| {
                self.0.get(*key).is_none_or(|limit| {
                    let (number, bound) = (number * sign, limit.value * sign);
                    number > bound || number == bound && !limit.exclusive
                })
            })
    }

    /// Returns whether a length or count is within the bounds.
    pub fn admit_count(&self, least: &str, most: &str, count: usize) -> bool {
        let count = count as f64;
        self.value(least).is_none_or(|least| count >= least)
            && self.value(most).is_none_or(|most| count <= most)
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
        let stated = |limit: &&Limit<'d>| !limit.is_implied;
        let node = |limit: Option<&Limit<'d>>| Some(limit.filter(stated)?.node.clone());
        keys.into_iter()
            .filter_map(|key| {
                let (old, new) = (self.0.get(key), to.0.get(key));
                let changes = match (old, new) {
                    // The change of the other keywords is reported.
                    (Some(old), Some(new)) if old.is_implied && new.is_implied => return None,
                    (Some(implied), None) | (None, Some(implied)) if implied.is_implied => {
                        return None;
                    }
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

//! Finds schemas that describe the same values, and so would become two variants of one content.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::lower::component_ref::target;
use crate::lower::model::Model;
use crate::lower::notes::{COMPOSITION, ORIGIN};

/// How many schemas are compared.
const COMPARED: usize = 200;

/// Compares schemas by the values that they describe.
pub(super) struct Alike<'a> {
    schemas: &'a Map<String, Value>,
    model: &'a Model,
    /// The pairs of components that are being compared, or were found to be the same.
    seen: BTreeSet<(&'a str, &'a str)>,
    left: usize,
}

impl<'a> Alike<'a> {
    /// Returns whether two lowered schemas describe the same values.
    pub(super) fn are(
        one: &'a Value,
        other: &'a Value,
        schemas: &'a Map<String, Value>,
        model: &'a Model,
    ) -> bool {
        Self {
            schemas,
            model,
            seen: BTreeSet::new(),
            left: COMPARED,
        }
        .compare(one, other)
    }

    fn compare(&mut self, one: &'a Value, other: &'a Value) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return false;
        };
        self.left = left;
        let says_null = |schema: &Value| schema.get("nullable") == Some(&Value::Bool(true));
        match (target(one), target(other)) {
            (Some(left), Some(right)) if left == right => says_null(one) == says_null(other),
            (None, None) => self.keywords(one, other),
            (left, right) => {
                if says_null(one) != says_null(other) {
                    return false;
                }
                if let (Some(left), Some(right)) = (left, right) {
                    if !self.seen.insert((left, right)) {
                        return true;
                    }
                    let (known, also) = (self.model.enums.get(left), self.model.enums.get(right));
                    if known.is_some() || also.is_some() {
                        return match (known, also) {
                            (Some(known), Some(also)) => known.values == also.values,
                            _ => false,
                        };
                    }
                }
                let special = |name: &str| {
                    self.model.enums.contains_key(name) || self.model.nulls.contains(name)
                };
                if left.is_some_and(special) || right.is_some_and(special) {
                    return false;
                }
                let behind = |name: Option<&str>, schema: &'a Value| match name {
                    Some(name) => self.schemas.get(name),
                    None => Some(schema),
                };
                match (behind(left, one), behind(right, other)) {
                    (Some(one), Some(other)) => self.compare(one, other),
                    _ => false,
                }
            }
        }
    }

    fn keywords(&mut self, one: &'a Value, other: &'a Value) -> bool {
        match (one, other) {
            (Value::Object(one), Value::Object(other)) => {
                let says = |schema: &'a Map<String, Value>| {
                    schema.iter().filter(|(keyword, _)| {
                        !matches!(
                            keyword.as_str(),
                            "description" | "title" | ORIGIN | COMPOSITION
                        )
                    })
                };
                says(one).count() == says(other).count()
                    && says(one).all(|(keyword, value)| {
                        other
                            .get(keyword)
                            .is_some_and(|also| self.compare(value, also))
                    })
            }
            (Value::Array(one), Value::Array(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .zip(other)
                        .all(|(value, also)| self.compare(value, also))
            }
            _ => one == other,
        }
    }
}

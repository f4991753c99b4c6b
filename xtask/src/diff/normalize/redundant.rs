//! Drops keywords that say nothing new about the valid values, so that adding or removing them is
//! not a change.

use regress::Regex;
use serde_json::Value;

use crate::diff::model::decimal::Decimal;
use crate::diff::model::types::Types;
use crate::diff::normalize::format_table;
use crate::diff::normalize::limits::applies_to;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};

impl NormalizedSchema<'_> {
    /// Takes unevaluated properties and elements for additional ones: all parts are known here.
    pub(super) fn close(&mut self) {
        for (key, rest) in [
            ("unevaluatedProperties", &mut self.additional),
            ("unevaluatedItems", &mut self.items),
        ] {
            if self.evaluating.contains(key) {
                self.applicators.remove(key);
                continue;
            }
            // `contains` evaluates the elements that match.
            if key == "unevaluatedItems" && !self.contains.is_empty() {
                continue;
            }
            let Some(mut schema_use) = self.applicators.remove(key) else {
                continue;
            };
            let closed = schema_use
                .0
                .iter()
                .position(|node| node.value == &Value::Bool(false));
            *rest = match closed {
                Some(index) => Additional::Closed(schema_use.0.swap_remove(index)),
                None => Additional::Of(schema_use),
            };
        }
    }

    pub(super) fn simplify(&mut self) {
        self.simplify_numbers();
        self.simplify_dependencies();
        self.imply_counts();
        self.simplify_values();
        let types = self.types;
        self.limits
            .0
            .retain(|key, _| types.meets(applies_to(key)) || types == Types::OBJECT);
        if !types.meets(Types::STRING) {
            self.patterns.clear();
            self.content.clear();
        }
        self.formats.retain(|class, _| match *class {
            "number" => types.meets(Types::NUMBER),
            _ => types.meets(Types::STRING),
        });
        if !types.meets(Types::ARRAY) {
            self.contains.clear();
        }
    }

    /// Joins the multiples, and rounds the limits to them.
    fn simplify_numbers(&mut self) {
        let mut multiple = None;
        if self.types.meets(Types::NUMBER) && !self.types.meets(Types::FRACTION) {
            multiple = Some(Decimal::ONE);
        }
        for node in &self.multiples {
            multiple = match (multiple, Decimal::of(node.value)) {
                (Some(known), Some(more)) => Decimal::common_multiple(known, more),
                (known, more) => more.or(known),
            };
        }
        let Some(multiple) = multiple.filter(|_| self.types.meets(Types::NUMBER)) else {
            return;
        };
        if multiple.is_multiple_of(Decimal::ONE) {
            self.types = self.types.without(Types::FRACTION);
        }
        self.limits.of_multiples(multiple);
        // The types of variants do not say that all numbers are whole.
        let is_said = !self.unions.is_empty() && !self.multiples.is_empty();
        self.multiple = Some(multiple).filter(|multiple| *multiple != Decimal::ONE || is_said);
        let format = self
            .formats
            .get("number")
            .and_then(|node| node.value.as_str());
        let range = format.and_then(format_table::range);
        if let Some((least, most)) = range {
            let node = self.node.clone();
            self.limits.imply("minimum", least, &node);
            self.limits.imply("maximum", most, &node);
        }
        let is_number = self.types.within(Types::NUMBER);
        self.never |= is_number && !self.nullable && self.limits.are_empty("minimum", "maximum");
    }

    /// Keeps the listed values that are valid, and drops what they all satisfy.
    fn simplify_values(&mut self) {
        let Some(mut values) = self.values.take() else {
            return;
        };
        values.retain(|_, node| self.admits_scalar(node.value));
        let is_scalar = values
            .values()
            .all(|node| Types::of(node.value).within(Types::SCALARS));
        if is_scalar {
            self.limits.0.clear();
            self.patterns.clear();
            self.multiple = None;
            self.formats.clear();
        }
        self.never |= values.is_empty() && !self.nullable;
        let is_every_boolean = self.types == Types::BOOLEAN && values.len() == 2;
        self.values = Some(values).filter(|_| !is_every_boolean);
    }

    /// Returns whether a scalar satisfies types, limits, multiples and patterns. Arrays and objects
    /// only need a valid type.
    pub fn admits_scalar(&self, value: &Value) -> bool {
        if !Types::of(value).within(self.types) {
            return false;
        }
        match value {
            Value::Number(_) => {
                let number = value.as_f64().unwrap_or_default();
                let is_multiple = self.multiple.is_none_or(|multiple| {
                    Decimal::of(value).is_none_or(|number| number.is_multiple_of(multiple))
                });
                self.limits.admit_number(number) && is_multiple
            }
            Value::String(text) => {
                let length = text.chars().count();
                let matches = |pattern: &str| {
                    Regex::new(pattern).map_or(true, |pattern| pattern.find(text).is_some())
                };
                self.limits.admit_count("minLength", "maxLength", length)
                    && self.patterns.keys().all(|pattern| matches(pattern))
            }
            _ => true,
        }
    }

    /// Drops dependencies on properties that are required anyway.
    fn simplify_dependencies(&mut self) {
        for (name, dependency) in &mut self.dependencies {
            if self.required.contains_key(name) {
                for needed in std::mem::take(&mut dependency.names) {
                    let at = dependency.node.clone();
                    self.required.entry(needed).or_insert(at);
                }
            }
        }
        let required = &self.required;
        self.dependencies.retain(|name, dependency| {
            let names = &mut dependency.names;
            names.retain(|needed| needed != name && !required.contains_key(needed));
            !names.is_empty()
        });
    }

    /// Adds the counts that properties, elements and formats imply.
    fn imply_counts(&mut self) {
        let node = self.node.clone();
        let limits = &mut self.limits;
        if !self.required.is_empty() {
            limits.imply("minProperties", self.required.len() as f64, &node);
        }
        let has_patterns = self
            .named_applicators
            .keys()
            .any(|(key, _)| *key == "patternProperties");
        if matches!(self.additional, Additional::Closed(_)) && !has_patterns {
            limits.imply("maxProperties", self.properties.len() as f64, &node);
        }
        if matches!(self.items, Additional::Closed(_)) {
            limits.imply("maxItems", self.prefix.len() as f64, &node);
        }
        let format = self
            .formats
            .get("string")
            .and_then(|node| node.value.as_str());
        if let Some((least, most)) = format.and_then(format_table::lengths) {
            limits.imply("minLength", least, &node);
            limits.imply("maxLength", most, &node);
        }
        if limits.value("maxItems").is_some_and(|most| most <= 1.0) {
            limits.imply("uniqueItems", 1.0, &node);
        }
        for (types, least, most) in [
            (Types::ARRAY, "minItems", "maxItems"),
            (Types::OBJECT, "minProperties", "maxProperties"),
            (Types::STRING, "minLength", "maxLength"),
        ] {
            let is_only = self.types == types && !self.nullable;
            self.never |= is_only && self.limits.are_empty(least, most);
        }
    }
}

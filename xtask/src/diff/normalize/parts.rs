//! Applies what the parts of a schema say about each other: `additionalProperties` of one part
//! restricts the properties of others, `not` excludes types, and other keywords exclude listed
//! values.

use regress::Regex;
use serde_json::Value;

use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::normalize::keyword_types::admitted;
use crate::diff::normalize::normalized_schema::NormalizedSchema;
use crate::diff::normalize::schema_use::is_anything;
use crate::diff::normalize::validity::admits;

/// The depth to which schemas under `not` are read.
const DEPTH: u8 = 6;

impl<'d> NormalizedSchema<'d> {
    /// Finds the properties that are additional ones for another part of the schema.
    pub(super) fn restrict_cousins(&mut self, nodes: &[Node<'d>], core: &[Node<'d>]) {
        for node in nodes {
            let is_outer = node.is_among(core);
            let unevaluated = || node.get("unevaluatedProperties").filter(|_| !is_outer);
            let rest = node.get("additionalProperties").or_else(unevaluated);
            let Some(rest) = rest.filter(|rest| !is_anything(rest.value)) else {
                continue;
            };
            let own = node.get("properties");
            let own = own.as_ref().and_then(|own| own.value.as_object());
            let patterns = node.get("patternProperties");
            let patterns: Vec<Option<Regex>> = patterns
                .iter()
                .flat_map(Node::entries)
                .map(|(pattern, _)| Regex::new(pattern).ok())
                .collect();
            // A pattern that cannot be read may match.
            let matches = |name: &str| {
                let mut patterns = patterns.iter();
                patterns.any(|it| it.as_ref().is_none_or(|it| it.find(name).is_some()))
            };
            for name in self.properties.keys() {
                if !own.is_some_and(|own| own.contains_key(*name)) && !matches(name) {
                    self.cousins.entry(name).or_default().push(rest.clone());
                }
            }
        }
    }

    /// Makes `items` of a part apply to the elements that only other parts describe by position.
    pub(super) fn restrict_prefix(&mut self, nodes: &[Node<'d>]) {
        for node in nodes {
            let items = node.get("items").filter(|items| !items.value.is_array());
            let Some(items) = items.filter(|items| !is_anything(items.value)) else {
                continue;
            };
            let own = node.get("prefixItems");
            let own = own.iter().flat_map(Node::items).count();
            for element in self.prefix.iter_mut().skip(own) {
                element.0.push(items.clone());
            }
        }
    }

    /// Removes the types all of whose values a `not` excludes.
    pub(super) fn exclude_types(&mut self, document: &Document<'d>) {
        let excluded = self
            .nots
            .iter()
            .flat_map(|not| not.0.first())
            .map(|not| admitted(document, not, DEPTH))
            .fold(Types::NONE, Types::or);
        if excluded.is_empty() {
            return;
        }
        self.any &= !self.types.meets(excluded);
        self.types = self.types.without(excluded);
        self.nullable &= !excluded.meets(Types::NULL);
        self.never |= self.types.is_empty() && !self.nullable;
    }

    /// Keeps the listed values that are valid. If all are decided, other keywords say nothing.
    pub(super) fn keep_valid_values(&mut self, document: &Document<'d>, core: &[Node<'d>]) {
        let valid = |value: &Value| {
            let mut all = Some(true);
            for node in core {
                match admits(document, node, value) {
                    Some(true) => {}
                    Some(false) => return Some(false),
                    None => all = None,
                }
            }
            all
        };
        let is_flagged = core.iter().any(|node| node.flag("nullable") == Some(true));
        let is_limited = !self.unions.is_empty() || !self.nots.is_empty();
        if self.nullable && !is_flagged && (is_limited || !self.conditions.is_empty()) {
            self.nullable = valid(&Value::Null) != Some(false);
        }
        let Some(values) = &mut self.values else {
            return;
        };
        let mut is_decided = true;
        values.retain(|_, node| {
            let is_valid = valid(node.value);
            is_decided &= is_valid.is_some() && Types::of(node.value).within(Types::SCALARS);
            is_valid != Some(false)
        });
        if is_decided {
            self.unions.clear();
            self.nots.clear();
            self.conditions.clear();
            self.applicators.clear();
            self.named_applicators.clear();
        }
    }
}

//! Reads the keywords of one schema into the normalized schema.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::model::document::Node;
use crate::diff::model::value::canonical;
use crate::diff::normalize::constraints::{Condition, Contains, Dependency};
use crate::diff::normalize::format_table;
use crate::diff::normalize::keyword_types::matches_all;
use crate::diff::normalize::normalized_schema::{Additional, NormalizedSchema};
use crate::diff::normalize::schema_use::{SchemaUse, is_annotation, is_anything};

/// Applicators whose schemas in several `allOf` parts all apply to the same values.
const APPLICATORS: [&str; 4] = [
    "propertyNames",
    "contentSchema",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords that change the meaning of references.
const UNKNOWN: [&str; 5] = [
    "$dynamicRef",
    "$dynamicAnchor",
    "$recursiveRef",
    "$id",
    "$vocabulary",
];

impl<'d> NormalizedSchema<'d> {
    /// Reads the keywords for strings, numbers and lists of values.
    pub(super) fn read_scalars(&mut self, node: &Node<'d>) {
        for key in ["enum", "const"] {
            let Some(list) = node.get(key) else { continue };
            let listed: BTreeMap<String, Node<'d>> = if key == "const" {
                BTreeMap::from([(canonical(list.value), list)])
            } else {
                list.items()
                    .map(|value| (canonical(value.value), value))
                    .map(|(text, value)| (text.clone(), value.labelled(text)))
                    .collect()
            };
            self.values = Some(match self.values.take() {
                Some(known) => known
                    .into_iter()
                    .filter(|(text, _)| listed.contains_key(text))
                    .collect(),
                None => listed,
            });
        }
        if let Some(list) = node.get("x-extensible-enum") {
            let listed = list
                .items()
                .map(|value| (canonical(value.value), value))
                .map(|(text, value)| (text.clone(), value.labelled(text)));
            self.extensible = Some(listed.collect());
        }
        if let Some(format) = node.get("format")
            && let Some(name) = format.value.as_str()
            && !format_table::is_hint(name)
        {
            self.formats
                .entry(format_table::class(name))
                .or_insert(format);
        }
        if let Some(pattern) = node.get("pattern")
            && let Some(text) = pattern.value.as_str()
            && !matches_all(text)
        {
            self.patterns.insert(text, pattern);
        }
        if let Some(multiple) = node.get("multipleOf") {
            self.multiples.push(multiple);
        }
        for key in ["contentEncoding", "contentMediaType"] {
            if let Some(content) = node.get(key) {
                self.content.insert(key, content);
            }
        }
        for key in UNKNOWN {
            if let Some(unknown) = node.get(key) {
                self.unknown.insert(key, unknown);
            }
        }
        if let Some(xml) = node.get("xml") {
            self.xml = Some(xml);
        }
        self.limits.read(node);
    }

    /// Reads the keywords for properties and elements, and the other applicators. The outermost
    /// schema knows what its parts evaluate.
    pub(super) fn read_structure(&mut self, node: &Node<'d>, is_outer: bool) {
        for (name, property) in node.get("properties").iter().flat_map(Node::entries) {
            self.properties
                .entry(name)
                .or_insert_with(|| SchemaUse(Vec::new()))
                .0
                .push(property);
        }
        for name in node.get("required").iter().flat_map(Node::items) {
            if let Some(name) = name.value.as_str() {
                self.required.entry(name).or_insert_with(|| node.clone());
            }
        }
        self.has_discriminator |= node.get("discriminator").is_some();
        if let Some(additional) = node.get("additionalProperties") {
            self.evaluating.insert("unevaluatedProperties");
            add_rest(&mut self.additional, additional);
        }
        match node.get("items") {
            Some(tuple) if tuple.value.is_array() => self.read_prefix(&tuple),
            Some(items) => {
                self.evaluating.insert("unevaluatedItems");
                add_rest(&mut self.items, items);
            }
            None => {}
        }
        if let Some(tuple) = node.get("prefixItems") {
            self.read_prefix(&tuple);
        }
        for (key, rest) in [
            ("unevaluatedProperties", &mut self.additional),
            ("unevaluatedItems", &mut self.items),
        ] {
            if let Some(unevaluated) = node.get(key).filter(|_| !is_outer) {
                self.evaluating.insert(key);
                add_rest(rest, unevaluated);
            }
        }
        for key in APPLICATORS {
            let is_read = !is_outer && key.starts_with("unevaluated");
            if let Some(applicator) = node.get(key).filter(|_| !is_read)
                && !is_anything(applicator.value)
                && !(key == "contentSchema" && node.get("contentMediaType").is_none())
            {
                let schema_use = self
                    .applicators
                    .entry(key)
                    .or_insert_with(|| SchemaUse(Vec::new()));
                schema_use.0.push(applicator);
            }
        }
        for key in ["patternProperties", "dependentSchemas"] {
            for (name, schema) in node.get(key).iter().flat_map(Node::entries) {
                if let Some(names) = dependency(key, &schema) {
                    self.depend(name, names, schema);
                    continue;
                }
                self.named_applicators
                    .entry((key, name))
                    .or_insert_with(|| SchemaUse(Vec::new()))
                    .0
                    .push(schema);
            }
        }
        for (name, needs) in node.get("dependentRequired").iter().flat_map(Node::entries) {
            let names = needs.items().filter_map(|need| need.value.as_str());
            self.depend(name, names.collect(), needs.clone());
        }
        self.read_constraints(node);
    }

    /// Makes properties depend on another.
    fn depend(&mut self, name: &'d str, names: BTreeSet<&'d str>, node: Node<'d>) {
        match self.dependencies.entry(name) {
            Entry::Vacant(slot) => {
                slot.insert(Dependency { names, node });
            }
            Entry::Occupied(mut known) => known.get_mut().names.extend(names),
        }
    }

    /// Reads the constraints that stand by themselves in each `allOf` part.
    fn read_constraints(&mut self, node: &Node<'d>) {
        if let Some(not) = node.get("not") {
            self.never |= is_anything(not.value);
            if not.value != &Value::Bool(false) && !is_anything(not.value) {
                self.nots.push(SchemaUse::one(not));
            }
        }
        let branch = |key| {
            let branch: Option<Node<'d>> = node.get(key);
            branch
                .filter(|branch| !is_anything(branch.value))
                .map(SchemaUse::one)
        };
        let (then, otherwise) = (branch("then"), branch("else"));
        if let Some(test) = node.get("if")
            && (then.is_some() || otherwise.is_some())
        {
            self.conditions.push(Condition {
                node: node.clone(),
                test: SchemaUse::one(test),
                then,
                otherwise,
            });
        }
        if let Some(schema) = node.get("contains") {
            let count = |key| {
                let count: Option<Node<'d>> = node.get(key);
                count.filter(|count| count.value.is_number())
            };
            let contains = Contains {
                schema: SchemaUse::one(schema),
                least: count("minContains"),
                most: count("maxContains"),
            };
            if contains.at_least() > 0.0 || contains.most.is_some() {
                self.contains.push(contains);
            }
        }
    }

    fn read_prefix(&mut self, tuple: &Node<'d>) {
        for (index, item) in tuple.items().enumerate() {
            match self.prefix.get_mut(index) {
                Some(schema_use) => schema_use.0.push(item),
                None => self.prefix.push(SchemaUse::one(item)),
            }
        }
    }
}

/// Returns the names that a dependent schema requires, if it says nothing else.
fn dependency<'d>(key: &str, schema: &Node<'d>) -> Option<BTreeSet<&'d str>> {
    let object = schema.value.as_object()?;
    let required = schema.get("required")?;
    let only = object
        .keys()
        .all(|it| it == "required" || is_annotation(it));
    (key == "dependentSchemas" && only).then(|| {
        let names = required.items();
        names.filter_map(|name| name.value.as_str()).collect()
    })
}

fn add_rest<'d>(rest: &mut Additional<'d>, schema: Node<'d>) {
    if schema.value == &Value::Bool(false) {
        *rest = Additional::Closed(schema);
    } else if !is_anything(schema.value) {
        match rest {
            Additional::Open => *rest = Additional::Of(SchemaUse::one(schema)),
            Additional::Of(schema_use) => schema_use.0.push(schema),
            Additional::Closed(_) => {}
        }
    }
}

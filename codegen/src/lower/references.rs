//! References: the target of a `$ref`, and which schemas have a name because a `$ref` leads to
//! them.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::component_ref::{SCHEMAS, is_component};
use super::ref_index::RefIndex;
use crate::names::{Taken, pascal};
use crate::openapi::keyword::{is_alias, is_complex};
use crate::openapi::pointer::{join, unescape};
use crate::openapi::reference::{local_pointer, percent_decoded};

/// The maximum number of references that may follow each other.
const HOPS: usize = 64;

/// The expansion budget of a document: how many properties and subschemas all `allOf` together may
/// write out. A property takes the later stages 0.1 ms.
const MAX_EXPANSIONS: usize = 200_000;

/// The schemas to which references lead.
pub(crate) struct References<'d> {
    document: &'d Value,
    /// The Rust name of each schema that has one, by pointer.
    names: BTreeMap<String, String>,
    /// The pointers of the targets of `$anchor`, `$dynamicAnchor` and `$id`.
    anchors: BTreeMap<String, String>,
    ids: BTreeMap<String, String>,
    /// The components that include a component through `allOf`, by the pointer of the included one.
    all_of_children: BTreeMap<String, Vec<String>>,
    expansions_left: Cell<usize>,
}

impl<'d> References<'d> {
    pub(crate) fn read(document: &'d Value, taken: &mut Taken) -> Self {
        let index = RefIndex::of(document);
        let mut references = Self {
            document,
            names: BTreeMap::new(),
            anchors: index.anchors,
            ids: index.ids,
            all_of_children: BTreeMap::new(),
            expansions_left: Cell::new(MAX_EXPANSIONS),
        };
        // Names from the overlay come first: a component elsewhere must not take them. Then come
        // components whose name is that of a Rust type as it is.
        let chosen = |schema: &'d Value| schema.get("x-type-name").and_then(Value::as_str);
        let rank = |name: &str, schema: &'d Value| match chosen(schema) {
            Some(_) => 0,
            None if pascal(name) == name => 1,
            None => 2,
        };
        for turn in 0..=2 {
            for (name, schema) in references.components() {
                if rank(name, schema) == turn {
                    let rust = taken.unique(&pascal(chosen(schema).unwrap_or(name)));
                    references.names.insert(join(SCHEMAS, name), rust);
                }
            }
        }
        // An `allOf` subschema that is a type is shared instead of copied.
        let mut bases: BTreeSet<String> = index.unions_with_properties.into_iter().collect();
        for one in &index.all_of_refs {
            if let Some(target) = references.resolve(&one.target, &one.at) {
                let component = one.at.split_once("/allOf/").map_or(&*one.at, |(at, _)| at);
                // In document order, so that numbered names are stable.
                let all_of_children = references
                    .all_of_children
                    .entry(target.clone())
                    .or_default();
                if all_of_children
                    .last()
                    .is_none_or(|child| child != component)
                {
                    all_of_children.push(component.to_owned());
                }
                bases.insert(target);
            }
        }
        let mut targets = BTreeSet::new();
        for base in &bases {
            references.inner_types(base, &mut targets, 0);
        }
        for one in &index.references {
            targets.extend(references.resolve(&one.target, &one.at));
        }
        for target in targets {
            if !references.names.contains_key(&target)
                && references.value(&target).is_some_and(Value::is_object)
            {
                let name = taken.unique(&pascal(&hint(&target)));
                references.names.insert(target, name);
            }
        }
        references
    }

    fn components(&self) -> &'d Map<String, Value> {
        static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        self.value(SCHEMAS)
            .and_then(Value::as_object)
            .unwrap_or(&EMPTY)
    }

    /// The locations inside a schema that become types of their own.
    fn inner_types(&self, at: &str, targets: &mut BTreeSet<String>, depth: usize) {
        let Some(Value::Object(schema)) = self.value(at) else {
            return;
        };
        if depth > 8 {
            return;
        }
        for keyword in ["properties", "allOf"] {
            let places: Vec<String> = match schema.get(keyword) {
                Some(Value::Object(properties)) => properties
                    .keys()
                    .map(|name| join(&join(at, keyword), name))
                    .collect(),
                Some(Value::Array(all_of_refs)) => (0..all_of_refs.len())
                    .map(|index| format!("{at}/{keyword}/{index}"))
                    .collect(),
                _ => continue,
            };
            for mut place in places {
                if keyword == "allOf" {
                    self.inner_types(&place, targets, depth + 1);
                    continue;
                }
                while self
                    .value(&place)
                    .is_some_and(|schema| schema.get("items").is_some_and(Value::is_object))
                {
                    place.push_str("/items");
                }
                if self
                    .value(&place)
                    .and_then(Value::as_object)
                    .is_some_and(is_complex)
                {
                    targets.insert(place);
                }
            }
        }
    }

    /// Returns the value at a pointer.
    pub(crate) fn value(&self, pointer: &str) -> Option<&'d Value> {
        self.document.pointer(pointer)
    }

    /// Returns the pointer of the target of a reference at `at`, if the target exists.
    pub(crate) fn resolve(&self, reference: &str, at: &str) -> Option<String> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let base = if document.is_empty() {
            String::new()
        } else {
            self.id(document)?.to_owned()
        };
        let fragment = percent_decoded(fragment).into_owned();
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return self.anchors.get(&fragment).cloned();
        }
        if let Some(found) = self.follow(&format!("{base}{fragment}")) {
            return Some(found);
        }
        // Definitions of a JSON Schema that was embedded unchanged.
        if document.is_empty()
            && (fragment.starts_with("/$defs/") || fragment.starts_with("/definitions/"))
        {
            let mut around = at;
            while let Some((outer, _)) = around.rsplit_once('/') {
                if let Some(found) = self.follow(&format!("{outer}{fragment}")) {
                    return Some(found);
                }
                around = outer;
            }
            return self.follow(&format!("{at}{fragment}"));
        }
        None
    }

    /// Returns the pointer for a discriminator mapping: a reference, or the name of a component.
    pub(crate) fn discriminator_target(&self, target: &str, at: &str) -> Option<String> {
        let component = join(SCHEMAS, target);
        if self.value(&component).is_some() {
            return Some(component);
        }
        self.resolve(target, at)
    }

    fn id(&self, document: &str) -> Option<&str> {
        if let Some(found) = self.ids.get(document) {
            return Some(found);
        }
        let file = document.trim_start_matches("./");
        self.ids
            .iter()
            .find(|(id, _)| id.rsplit('/').next() == Some(file))
            .map(|(_, at)| at.as_str())
    }

    /// Returns the pointer itself if something is there, or its target through references on the
    /// way.
    fn follow(&self, pointer: &str) -> Option<String> {
        let mut pointer = pointer.to_owned();
        for _ in 0..HOPS {
            if self.value(&pointer).is_some() {
                return Some(pointer);
            }
            // The longest existing prefix must be a reference.
            let mut end = pointer.len();
            let (at, target) = loop {
                end = pointer.get(..end)?.rfind('/')?;
                let part = pointer.get(..end)?;
                if let Some(value) = self.value(part) {
                    break (part, local_pointer(value.get("$ref")?.as_str()?)?);
                }
            };
            pointer = format!("{target}{}", pointer.get(at.len()..)?);
        }
        None
    }

    /// Returns the end of a chain of references; `None` if the chain is a cycle.
    pub(crate) fn resolve_alias(&self, pointer: &str) -> Option<String> {
        let mut pointer = pointer.to_owned();
        for _ in 0..HOPS {
            let Some(next) = self
                .value(&pointer)
                .and_then(Value::as_object)
                .filter(|schema| is_alias(schema))
            else {
                return Some(pointer);
            };
            let next = next.get("$ref").and_then(Value::as_str)?;
            match self.resolve(next, &pointer) {
                Some(next) => pointer = next,
                None => return Some(pointer),
            }
        }
        None
    }

    /// Returns the Rust name of the target of a reference.
    pub(crate) fn rust_name_of_ref(&self, reference: &str, at: &str) -> Option<&str> {
        let target = self.resolve_alias(&self.resolve(reference, at)?)?;
        self.rust_name(&target)
    }

    /// Returns the Rust name of the schema at a pointer, if it has one.
    pub(crate) fn rust_name(&self, pointer: &str) -> Option<&str> {
        self.names.get(pointer).map(String::as_str)
    }

    /// Returns the Rust name that a use of the schema at a pointer has, if it has one: that of the
    /// end of a chain of references.
    pub(crate) fn rust_name_at(&self, pointer: &str) -> Option<&str> {
        self.rust_name(pointer)?;
        self.rust_name(&self.resolve_alias(pointer)?)
    }

    /// Returns everything that has a name: pointer and Rust name, components in document order
    /// first.
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        let components = self.components().keys().map(|name| join(SCHEMAS, name));
        let others = self.names.keys().filter(|pointer| !is_component(pointer));
        components
            .chain(others.cloned())
            .filter_map(|pointer| {
                let name = self.names.get(&pointer)?.clone();
                Some((pointer, name))
            })
            .collect()
    }

    /// Returns the components that include the component at a pointer, directly or through others.
    pub(crate) fn all_of_children(&self, pointer: &str) -> Vec<String> {
        let (mut all, mut known) = (Vec::new(), BTreeSet::from([pointer]));
        let mut pending = vec![pointer];
        while let Some(one) = pending.pop() {
            for child in self.all_of_children.get(one).into_iter().flatten() {
                if is_component(child) && known.insert(child) {
                    all.push(child.clone());
                    pending.push(child);
                }
            }
        }
        all
    }

    /// Takes from the expansion budget; returns `false` if the budget is used up.
    pub(crate) fn try_expand(&self, properties: usize) -> bool {
        let left = self.expansions_left.get().checked_sub(properties);
        self.expansions_left.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// Returns the tokens of a pointer that describe the location.
fn hint(pointer: &str) -> String {
    let noise = [
        "components",
        "schemas",
        "properties",
        "paths",
        "content",
        "schema",
        "responses",
        "$defs",
        "definitions",
        "allOf",
        "oneOf",
        "anyOf",
        "parameters",
        "requestBody",
    ];
    let words: Vec<String> = pointer
        .split('/')
        .map(|token| unescape(token).into_owned())
        .filter(|token| !noise.contains(&token.as_str()) && !token.contains("application/"))
        .map(|token| match token.as_str() {
            "items" => "item".to_owned(),
            "additionalProperties" => "value".to_owned(),
            _ => token,
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_resolve_by_pointer_anchor_and_id() {
        let document = json!({
            "paths": { "/a": { "get": { "schema": { "type": "object" } } } },
            "components": { "schemas": {
                "A": { "properties": { "b": { "type": "object" } }, "$defs": { "d": {} } },
                "Alias": { "$ref": "#/components/schemas/A", "description": "The same." },
                "x/y z": { "$id": "https://example.com/tree.json", "$anchor": "here" },
                "Round": { "$ref": "#/components/schemas/Trip" },
                "Trip": { "$ref": "#/components/schemas/Round" },
            } },
        });
        let references = References::read(&document, &mut Taken::default());
        let at = "/components/schemas/A/properties/b";
        let slashed = Some("/components/schemas/x~1y z");
        for (reference, expected) in [
            ("#/components/schemas/A", Some("/components/schemas/A")),
            (
                "#/components/schemas/Alias",
                Some("/components/schemas/Alias"),
            ),
            ("#/components/schemas/Alias/properties/b", Some(at)),
            ("#/components/schemas/x~1y%20z", slashed),
            ("#here", slashed),
            ("tree.json", slashed),
            ("https://example.com/tree.json", slashed),
            ("#/$defs/d", Some("/components/schemas/A/$defs/d")),
            ("#/paths/~1a/get/schema", Some("/paths/~1a/get/schema")),
            ("#/components/schemas/Gone", None),
            ("other.json#/A", None),
            ("", Some("")),
        ] {
            assert_eq!(
                references.resolve(reference, at).as_deref(),
                expected,
                "{reference}"
            );
        }
        let alias = "/components/schemas/Alias";
        assert_eq!(
            references.resolve_alias(alias).as_deref(),
            Some("/components/schemas/A")
        );
        assert_eq!(references.resolve_alias("/components/schemas/Round"), None);
        assert_eq!(
            references.discriminator_target("A", "").as_deref(),
            Some("/components/schemas/A")
        );
    }

    #[test]
    fn reference_target_has_a_name() {
        let document = json!({ "components": { "schemas": {
            "A": { "properties": { "b": { "type": "object" }, "again": { "$ref": "#/components/schemas/A/properties/b" } } },
        } } });
        let references = References::read(&document, &mut Taken::default());
        assert_eq!(
            references.rust_name_of_ref("#/components/schemas/A/properties/b", ""),
            Some("Ab")
        );
    }
}

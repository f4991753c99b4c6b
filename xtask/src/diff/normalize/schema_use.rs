//! The use of a schema, and the schema without the wrappers that do not change its values.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diff::model::document::{Document, Node};
use crate::diff::model::member::member;
use crate::diff::normalize::validity::is_null_ambiguous;
use neo_client_codegen::openapi::keyword::takes_part_in_validation;
use neo_client_codegen::openapi::reference::MAX_CHAIN;

/// One schema, or several that all apply (a property that two `allOf` subschemas declare).
#[derive(Clone)]
pub struct SchemaUse<'d>(pub Vec<Node<'d>>);

impl<'d> SchemaUse<'d> {
    pub fn one(node: Node<'d>) -> Self {
        Self(vec![node])
    }
}

/// A schema without its wrappers.
pub struct Unwrapped<'d> {
    /// The wrappers with annotations, such as a description beside a `$ref`.
    pub wrappers: Vec<Node<'d>>,
    /// A wrapper adds `null`.
    pub nullable: bool,
    /// The variants for `null` of the wrappers.
    pub nulls: Vec<Node<'d>>,
    /// The schemas that all apply, usually one.
    pub core: Vec<Node<'d>>,
    /// A reference has no target. The core is the object with the reference.
    pub dangling: bool,
}

/// Keywords about the use of a schema, not about its values.
const USE: [&str; 7] = [
    "readOnly",
    "writeOnly",
    "deprecated",
    "default",
    "xml",
    "x-sunset",
    "x-stability-level",
];

/// Documentation keywords of schemas and other objects.
const DOCS: [&str; 7] = [
    "title",
    "description",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "$comment",
];

/// Returns whether a keyword has no effect on the valid values. The list of `x-extensible-enum` is
/// compared.
pub fn is_annotation(key: &str) -> bool {
    !takes_part_in_validation(key) && key != "x-extensible-enum"
}

/// Documentation keywords with their values: several values where several schemas apply.
pub type Annotations<'d> = BTreeMap<&'d str, Vec<&'d Value>>;

/// Removes the wrappers: `$ref`, `allOf`, `oneOf` and `anyOf` with one subschema besides `null`.
pub fn unwrap_schema<'d>(document: &Document<'d>, schema_use: &SchemaUse<'d>) -> Unwrapped<'d> {
    let mut unwrapped = Unwrapped {
        wrappers: Vec::new(),
        nullable: false,
        nulls: Vec::new(),
        core: schema_use.0.clone(),
        dangling: false,
    };
    for _ in 0..MAX_CHAIN {
        let [node] = unwrapped.core.as_slice() else {
            break;
        };
        let Some(inner) = inner(document, node) else {
            unwrapped.dangling = member(node.value, "$ref").is_some();
            break;
        };
        if inner.says_more {
            unwrapped.wrappers.push(node.clone());
        }
        unwrapped.nullable |= inner.nullable;
        unwrapped.nulls.extend(inner.nulls);
        unwrapped.core = inner.nodes;
    }
    unwrapped
}

struct InnerSchema<'d> {
    nodes: Vec<Node<'d>>,
    nullable: bool,
    nulls: Vec<Node<'d>>,
    /// The wrapper has annotations.
    says_more: bool,
}

fn inner<'d>(document: &Document<'d>, node: &Node<'d>) -> Option<InnerSchema<'d>> {
    let object = node.value.as_object()?;
    let wrapper = ["$ref", "allOf", "oneOf", "anyOf"]
        .into_iter()
        .find(|key| member(node.value, key).is_some())?;
    let mut nullable = node.flag("nullable") == Some(true);
    let only_wraps = object.iter().all(|(key, value)| {
        key == wrapper
            || key == "nullable"
            || key == "discriminator"
            || is_annotation(key)
            // Redundant beside an `allOf` with one subschema.
            || key == "type" && value == "object" && wrapper == "allOf"
    });
    if !only_wraps {
        return None;
    }
    let mut nulls = Vec::new();
    let target = if wrapper == "$ref" {
        document.target(node.text("$ref")?)?
    } else {
        let list = node.get(wrapper)?;
        if wrapper == "oneOf" && is_null_ambiguous(document, &list) {
            return None;
        }
        if wrapper == "allOf" {
            let mut parts = list.items();
            let only = parts.next()?;
            if parts.next().is_some() {
                return None;
            }
            only
        } else {
            nulls.extend(list.items().filter(|variant| is_null(variant.value)));
            nullable |= !nulls.is_empty();
            let mut variants = variants(&list);
            let only = variants.next()?;
            if variants.next().is_some() {
                return None;
            }
            only
        }
    };
    if !target.value.is_object() {
        return None;
    }
    let says_more = object.keys().any(|key| is_annotation(key));
    Some(InnerSchema {
        nodes: vec![target],
        nullable,
        nulls,
        says_more,
    })
}

/// Iterates over the variants of a union besides `null` and `false`.
pub fn variants<'d>(list: &Node<'d>) -> impl Iterator<Item = Node<'d>> + use<'d> {
    list.items()
        .filter(|variant| variant.value != &Value::Bool(false) && !is_null(variant.value))
}

/// Returns whether a schema admits `null` and nothing else.
pub fn is_null(schema: &Value) -> bool {
    let is_null_list = |list: &Value| {
        list.as_array().is_some_and(|list| {
            !list.is_empty() && list.iter().all(|it| it == "null" || it.is_null())
        })
    };
    let Some(object) = schema.as_object() else {
        return false;
    };
    let only = |key: &str| {
        object
            .keys()
            .all(|it| it == key || it == "type" || it == "nullable" || is_annotation(it))
    };
    let is_limited = [
        "enum", "const", "not", "allOf", "anyOf", "oneOf", "if", "$ref",
    ]
    .iter()
    .any(|key| object.contains_key(*key));
    match member(schema, "type") {
        Some(Value::String(name)) if name == "null" && !is_limited => return true,
        Some(list) if is_null_list(list) && !is_limited => return true,
        _ => {}
    }
    member(schema, "enum").is_some_and(is_null_list) && only("enum")
        || member(schema, "const").is_some_and(Value::is_null) && only("const")
}

impl<'d> Unwrapped<'d> {
    /// Returns a keyword of the outermost wrapper that has it, or else of the schema.
    pub fn of_use(&self, key: &'static str) -> Option<Node<'d>> {
        self.wrappers
            .iter()
            .chain(&self.core)
            .find_map(|node| node.get(key))
    }

    pub fn flag(&self, key: &'static str) -> bool {
        self.wrappers
            .iter()
            .chain(&self.core)
            .any(|node| node.flag(key) == Some(true))
    }

    /// Returns the name if the schema is a component.
    pub fn component(&self) -> Option<&str> {
        match self.core.as_slice() {
            [node] => match node.pointer.component()? {
                ("schemas", name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the annotations of the wrappers. The outermost wrapper wins.
    pub fn annotations(&self) -> Annotations<'d> {
        let mut annotations = Annotations::new();
        for node in &self.wrappers {
            merge_outer(&mut annotations, schema_annotations(node.value));
        }
        for node in &self.nulls {
            for (key, values) in schema_annotations(node.value) {
                annotations.entry(key).or_default().extend(values);
            }
        }
        annotations
    }

    /// Returns the annotations of the wrappers and of the schema.
    pub fn all_annotations(&self) -> Annotations<'d> {
        let mut annotations = self.annotations();
        for node in &self.core {
            merge_outer(&mut annotations, schema_annotations(node.value));
        }
        annotations
    }
}

/// Adds annotations unless an outer wrapper has them.
fn merge_outer<'d>(annotations: &mut Annotations<'d>, inner: Annotations<'d>) {
    for (key, values) in inner {
        annotations.entry(key).or_insert(values);
    }
}

/// Returns the annotations of a schema: all keywords without effect on validation.
pub fn schema_annotations(value: &Value) -> Annotations<'_> {
    let members = value.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| is_annotation(key) && !USE.contains(&key.as_str()))
        .map(|(key, value)| (key.as_str(), vec![value]))
        .collect()
}

/// Returns the annotations of an object other than a schema: documentation and extensions.
pub fn annotations(value: &Value) -> Annotations<'_> {
    let members = value.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| {
            DOCS.contains(&key.as_str()) || key.starts_with("x-") && !USE.contains(&key.as_str())
        })
        .map(|(key, value)| (key.as_str(), vec![value]))
        .collect()
}

/// Returns whether a schema admits every value.
pub fn is_anything(schema: &Value) -> bool {
    match schema {
        Value::Bool(all) => *all,
        Value::Object(object) => object
            .keys()
            .all(|key| is_annotation(key) || key == "nullable"),
        _ => false,
    }
}

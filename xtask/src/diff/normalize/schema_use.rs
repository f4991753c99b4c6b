//! A place where a schema is used: what stands there, without the wrappers that mean nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diff::model::document::{Document, MAX_CHAIN, Node, member};

/// One schema, or several that all hold (a property that two parts of an `allOf` declare).
#[derive(Clone)]
pub struct SchemaUse<'d>(pub Vec<Node<'d>>);

impl<'d> SchemaUse<'d> {
    pub fn one(node: Node<'d>) -> Self {
        Self(vec![node])
    }
}

/// What stands at a place, peeled.
pub struct Unwrapped<'d> {
    /// What the place says beside the schema: a description beside a `$ref`, `null` beside it.
    pub wrappers: Vec<Node<'d>>,
    /// A wrapper adds `null`.
    pub nullable: bool,
    /// The schemas that hold together; mostly one.
    pub core: Vec<Node<'d>>,
    /// A reference on the way leads nowhere; the core ends with the object that has it.
    pub dangling: bool,
}

/// Keywords about the use of a schema rather than its values.
const USE: [&str; 7] = [
    "readOnly",
    "writeOnly",
    "deprecated",
    "default",
    "xml",
    "x-sunset",
    "x-stability-level",
];

/// Documentation keywords; also of what is no schema.
const DOCS: [&str; 7] = [
    "title",
    "description",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "$comment",
];

/// Whether a keyword leaves open which values are valid: all but those that say it, or how to find
/// out.
pub fn is_annotation(key: &str) -> bool {
    !matches!(
        key,
        "$anchor"
            | "$defs"
            | "$dynamicAnchor"
            | "$dynamicRef"
            | "$id"
            | "$recursiveRef"
            | "$ref"
            | "$schema"
            | "$vocabulary"
            | "additionalProperties"
            | "allOf"
            | "anyOf"
            | "const"
            | "contains"
            | "contentEncoding"
            | "contentMediaType"
            | "contentSchema"
            | "definitions"
            | "dependentRequired"
            | "dependentSchemas"
            | "discriminator"
            | "else"
            | "enum"
            | "exclusiveMaximum"
            | "exclusiveMinimum"
            | "format"
            | "if"
            | "items"
            | "maxContains"
            | "maxItems"
            | "maxLength"
            | "maxProperties"
            | "maximum"
            | "minContains"
            | "minItems"
            | "minLength"
            | "minProperties"
            | "minimum"
            | "multipleOf"
            | "not"
            | "nullable"
            | "oneOf"
            | "pattern"
            | "patternProperties"
            | "prefixItems"
            | "properties"
            | "propertyNames"
            | "required"
            | "then"
            | "type"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "uniqueItems"
            | "x-extensible-enum"
    )
}

/// What documentation keywords say; several values where several schemas hold together.
pub type Annotations<'d> = BTreeMap<&'d str, Vec<&'d Value>>;

/// Peels references, `allOf` of one, `oneOf` and `anyOf` of one, and `null` beside one schema.
pub fn unwrap_schema<'d>(document: &Document<'d>, schema_use: &SchemaUse<'d>) -> Unwrapped<'d> {
    let mut unwrapped = Unwrapped {
        wrappers: Vec::new(),
        nullable: false,
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
        unwrapped.core = inner.nodes;
    }
    unwrapped
}

struct InnerSchema<'d> {
    nodes: Vec<Node<'d>>,
    nullable: bool,
    /// The wrapper has annotations of its own.
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
            // ShownValue of a composition of one, and true of that one anyway.
            || key == "type" && value == "object" && wrapper == "allOf"
    });
    if !only_wraps {
        return None;
    }
    let target = if wrapper == "$ref" {
        document.target(node.text("$ref")?)?
    } else {
        let mut variants = node.get(wrapper)?.items().filter(|variant| {
            let is_null = wrapper != "allOf" && is_null(variant.value);
            nullable |= is_null;
            !is_null
        });
        let only = variants.next()?;
        if variants.next().is_some() {
            return None;
        }
        only
    };
    if !target.value.is_object() {
        return None;
    }
    let says_more = object.keys().any(|key| is_annotation(key));
    Some(InnerSchema {
        nodes: vec![target],
        nullable,
        says_more,
    })
}

/// Whether a schema admits `null` and nothing else.
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
    match member(schema, "type") {
        Some(Value::String(name)) if name == "null" => return true,
        Some(list) if is_null_list(list) => return true,
        _ => {}
    }
    member(schema, "enum").is_some_and(is_null_list) && only("enum")
        || member(schema, "const").is_some_and(Value::is_null) && only("const")
}

impl<'d> Unwrapped<'d> {
    /// What is said about the use: by the outermost wrapper that says it, or by the schema itself.
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

    /// The name of the component, if it is one.
    pub fn component(&self) -> Option<&str> {
        match self.core.as_slice() {
            [node] => match node.pointer.component()? {
                ("schemas", name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The words around the schema, the outermost first.
    pub fn annotations(&self) -> Annotations<'d> {
        let mut annotations = Annotations::new();
        for node in &self.wrappers {
            merge_outer(&mut annotations, schema_annotations(node.value));
        }
        annotations
    }

    /// The words around the schema and of the schema itself.
    pub fn all_annotations(&self) -> Annotations<'d> {
        let mut annotations = self.annotations();
        for node in &self.core {
            merge_outer(&mut annotations, schema_annotations(node.value));
        }
        annotations
    }
}

/// What an outer wrapper says prevails.
fn merge_outer<'d>(annotations: &mut Annotations<'d>, inner: Annotations<'d>) {
    for (key, values) in inner {
        annotations.entry(key).or_insert(values);
    }
}

/// The words of a schema: all that is no keyword.
pub fn schema_annotations(value: &Value) -> Annotations<'_> {
    let members = value.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| is_annotation(key) && !USE.contains(&key.as_str()))
        .map(|(key, value)| (key.as_str(), vec![value]))
        .collect()
}

/// The words of what is no schema: documentation and extensions.
pub fn annotations(value: &Value) -> Annotations<'_> {
    let members = value.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| {
            DOCS.contains(&key.as_str()) || key.starts_with("x-") && !USE.contains(&key.as_str())
        })
        .map(|(key, value)| (key.as_str(), vec![value]))
        .collect()
}

/// Whether a schema admits every value.
pub fn is_anything(schema: &Value) -> bool {
    match schema {
        Value::Bool(all) => *all,
        Value::Object(object) => object
            .keys()
            .all(|key| is_annotation(key) || key == "nullable"),
        _ => false,
    }
}

//! The index of a document: where references are, and which locations have a name.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::openapi::keyword::{has_siblings, holds_data, holds_named_schemas};
use crate::openapi::pointer::join;

/// The meaning of an object's keys, and of a reference in the object.
#[derive(Clone, Copy)]
enum Role {
    /// The keys are keywords, and a reference leads to a schema.
    Keywords,
    /// The keys are names of schemas.
    Schemas,
    /// The object is a parameter, a header, a body, a response or the like: a reference leads to
    /// another one, which must not become a type.
    Part,
    /// The object or array holds such parts.
    Parts,
    /// The keys are names of callbacks, which hold path items.
    Callbacks,
}

impl Role {
    /// Returns the role of the value of a keyword.
    fn of(keyword: &str) -> Self {
        match keyword {
            "requestBody" => Self::Part,
            "parameters" | "headers" | "responses" | "requestBodies" | "links"
            | "securitySchemes" | "pathItems" | "paths" | "webhooks" | "content" | "mediaTypes" => {
                Self::Parts
            }
            "callbacks" => Self::Callbacks,
            keyword if holds_named_schemas(keyword) => Self::Schemas,
            _ => Self::Keywords,
        }
    }

    /// Returns the role of each child, unless the children differ.
    fn of_children(self) -> Option<Self> {
        match self {
            Self::Keywords | Self::Part => None,
            Self::Schemas => Some(Self::Keywords),
            Self::Parts => Some(Self::Part),
            Self::Callbacks => Some(Self::Parts),
        }
    }
}

/// The findings of the walk, in document order.
#[derive(Default)]
pub(super) struct RefIndex {
    pub(super) references: Vec<Reference>,
    /// The references that are `allOf` subschemas or have siblings.
    pub(super) all_of_refs: Vec<Reference>,
    /// The pointers of unions with properties beside them.
    pub(super) unions_with_properties: Vec<String>,
    /// The pointers of the targets of `$anchor`, `$dynamicAnchor` and `$id`.
    pub(super) anchors: BTreeMap<String, String>,
    pub(super) ids: BTreeMap<String, String>,
}

/// A reference as written.
pub(super) struct Reference {
    /// The pointer of the object that contains the reference.
    pub(super) at: String,
    pub(super) target: String,
}

impl RefIndex {
    pub(super) fn of(document: &Value) -> Self {
        let mut index = Self::default();
        let mut pending = vec![(String::new(), document, Role::Keywords)];
        while let Some((at, value, role)) = pending.pop() {
            let of_children = role.of_children();
            match (value, of_children) {
                (Value::Array(items), _) => {
                    for (index, item) in items.iter().enumerate() {
                        let role = of_children.unwrap_or(Role::Keywords);
                        pending.push((format!("{at}/{index}"), item, role));
                    }
                }
                (Value::Object(object), Some(role)) => {
                    let values = object.iter();
                    pending.extend(values.map(|(name, value)| (join(&at, name), value, role)));
                }
                (Value::Object(object), None) => {
                    if matches!(role, Role::Keywords) {
                        index.index_object(&at, object);
                    }
                    for (keyword, value) in object {
                        if !holds_data(keyword) {
                            pending.push((join(&at, keyword), value, Role::of(keyword)));
                        }
                    }
                }
                _ => {}
            }
        }
        index.references.reverse();
        index.all_of_refs.reverse();
        index
    }

    fn index_object(&mut self, at: &str, object: &Map<String, Value>) {
        let text = |keyword: &str| object.get(keyword).and_then(Value::as_str);
        for target in ["$ref", "$dynamicRef"].into_iter().filter_map(text) {
            let reference = || Reference {
                at: at.to_owned(),
                target: target.to_owned(),
            };
            let list = at.rsplit_once('/').map_or("", |(list, _)| list);
            if list.ends_with("/allOf") || has_siblings(object) {
                self.all_of_refs.push(reference());
            }
            self.references.push(reference());
        }
        for anchor in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text) {
            self.anchors.insert(anchor.to_owned(), at.to_owned());
        }
        if let Some(id) = text("$id") {
            self.ids.insert(id.to_owned(), at.to_owned());
        }
        let is_union = object.contains_key("oneOf") || object.contains_key("anyOf");
        if is_union && object.contains_key("properties") {
            self.unions_with_properties.push(at.to_owned());
        }
    }
}

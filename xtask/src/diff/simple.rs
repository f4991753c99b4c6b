//! Alternatives that are no structures: lists of values, lists of types.

use std::collections::BTreeMap;

use super::document::{Document, Node};
use super::formats;
use super::meaning::{canonical, declared};
use super::place::{Place, is_annotation, peel};
use super::types::Types;

/// The values of alternatives that are nothing but values.
pub fn all_values<'d>(
    document: &Document<'d>,
    branches: &[Place<'d>],
) -> Option<BTreeMap<String, Node<'d>>> {
    let mut values = BTreeMap::new();
    for branch in branches {
        for node in peel(document, branch).core {
            let object = node.value.as_object()?;
            let is_listed = object.contains_key("enum") || object.contains_key("const");
            let only = object.keys().all(|key| {
                matches!(key.as_str(), "enum" | "const" | "type" | "nullable") || is_annotation(key)
            });
            if !(is_listed && only) {
                return None;
            }
            values.extend(
                node.get("const")
                    .into_iter()
                    .chain(node.get("enum").iter().flat_map(Node::items))
                    .map(|value| {
                        let text = canonical(value.value);
                        (text.clone(), value.labelled(text))
                    }),
            );
        }
    }
    Some(values)
}

/// The types of alternatives that are nothing but types, with at most one format each.
pub fn all_types<'d>(
    document: &Document<'d>,
    branches: &[Place<'d>],
) -> Option<(Types, BTreeMap<&'static str, Node<'d>>)> {
    let mut types = Types::NONE;
    let mut formats = BTreeMap::new();
    for branch in branches {
        for node in peel(document, branch).core {
            let object = node.value.as_object()?;
            let only = object.keys().all(|key| {
                matches!(key.as_str(), "type" | "format" | "nullable") || is_annotation(key)
            });
            let own = declared(node.value)?.without(Types::NULL);
            if !only || types.meets(own) || own.meets(Types::OBJECT.or(Types::ARRAY)) {
                return None;
            }
            types = types.or(own);
            if let Some(format) = node.get("format")
                && let Some(name) = format.value.as_str()
                && formats.insert(formats::class(name), format).is_some()
            {
                return None;
            }
        }
    }
    Some((types, formats))
}

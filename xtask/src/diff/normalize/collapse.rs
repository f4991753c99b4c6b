//! Collapses unions of plain values into an `enum`, and unions of plain types into a list of types.

use std::collections::BTreeMap;

use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::model::value::{canonical, declared};
use crate::diff::normalize::format_table;
use crate::diff::normalize::schema_use::{SchemaUse, is_annotation, unwrap_schema};
use crate::diff::normalize::validity::admits;

/// Returns the values if all variants list only values.
pub fn all_values<'d>(
    document: &Document<'d>,
    variants: &[SchemaUse<'d>],
) -> Option<BTreeMap<String, Node<'d>>> {
    let mut values = BTreeMap::new();
    for variant in variants {
        for node in unwrap_schema(document, variant).core {
            let object = node.value.as_object()?;
            let is_listed = object.contains_key("enum") || object.contains_key("const");
            let only = object.keys().all(|key| {
                matches!(key.as_str(), "enum" | "const" | "type" | "nullable") || is_annotation(key)
            });
            if !is_listed {
                return None;
            }
            let list = node.get("enum");
            let listed = list.iter().flat_map(Node::items);
            for value in node.get("const").into_iter().chain(listed) {
                // Other keywords can exclude listed values.
                if !only && !admits(document, &node, value.value)? {
                    continue;
                }
                let text = canonical(value.value);
                values.insert(text.clone(), value.labelled(text));
            }
        }
    }
    Some(values)
}

/// Removes the variants that only list values of a type that another variant admits.
pub fn take_known<'d>(
    document: &Document<'d>,
    variants: &mut Vec<SchemaUse<'d>>,
) -> BTreeMap<String, Node<'d>> {
    let bare = |variant: &SchemaUse<'d>| {
        let (types, formats) = all_types(document, std::slice::from_ref(variant))?;
        formats.is_empty().then_some(types)
    };
    let admitted = variants
        .iter()
        .filter_map(bare)
        .fold(Types::NONE, Types::or);
    let mut known = BTreeMap::new();
    if admitted.is_empty() {
        return known;
    }
    variants.retain(|variant| {
        let values = all_values(document, std::slice::from_ref(variant)).unwrap_or_default();
        let is_known = !values.is_empty()
            && values
                .values()
                .all(|node| Types::of(node.value).within(admitted));
        if is_known {
            known.extend(values);
        }
        !is_known
    });
    known
}

/// Returns the types if all variants name only types, with at most one format each.
pub fn all_types<'d>(
    document: &Document<'d>,
    variants: &[SchemaUse<'d>],
) -> Option<(Types, BTreeMap<&'static str, Node<'d>>)> {
    let mut types = Types::NONE;
    let mut formats = BTreeMap::new();
    for variant in variants {
        for node in unwrap_schema(document, variant).core {
            let object = node.value.as_object()?;
            let only = object.iter().all(|(key, value)| {
                matches!(key.as_str(), "type" | "format" | "nullable")
                    || is_annotation(key)
                    || key == "minLength" && value == 0
            });
            let own = declared(node.value)?.without(Types::NULL);
            if !only || types.meets(own) || own.meets(Types::OBJECT.or(Types::ARRAY)) {
                return None;
            }
            types = types.or(own);
            if let Some(format) = node.get("format")
                && let Some(name) = format.value.as_str()
                && !format_table::is_hint(name)
                && formats.insert(format_table::class(name), format).is_some()
            {
                return None;
            }
        }
    }
    Some((types, formats))
}

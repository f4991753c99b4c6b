//! The types of values that keywords restrict.

use serde_json::Value;

use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::model::value::declared;
use crate::diff::normalize::schema_use::is_annotation;

/// Returns the types whose values a keyword restricts. `None` stands for keywords that can restrict
/// values of every type.
pub fn restricted(keyword: &str) -> Option<Types> {
    Some(match keyword {
        "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType"
        | "contentSchema" => Types::STRING,
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            Types::NUMBER
        }
        "format" => Types::STRING.or(Types::NUMBER),
        "items" | "prefixItems" | "contains" | "minContains" | "maxContains" | "minItems"
        | "maxItems" | "uniqueItems" | "unevaluatedItems" => Types::ARRAY,
        "properties"
        | "patternProperties"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "propertyNames"
        | "required"
        | "dependentRequired"
        | "dependentSchemas"
        | "minProperties"
        | "maxProperties" => Types::OBJECT,
        "nullable" => Types::NONE,
        annotation if is_annotation(annotation) => Types::NONE,
        _ => return None,
    })
}

/// Returns whether every text matches a pattern.
pub fn matches_all(pattern: &str) -> bool {
    matches!(
        pattern,
        "" | "^" | "$" | ".*" | "^.*$" | "^.*" | ".*$" | "^(?:.*)$" | "[\\s\\S]*" | "^[\\s\\S]*$"
    )
}

/// Returns the types all of whose values a schema admits, as far as its keywords show.
pub fn admitted<'d>(document: &Document<'d>, node: &Node<'d>, depth: u8) -> Types {
    let (object, depth) = match (node.value, depth.checked_sub(1)) {
        (Value::Bool(true), _) => return Types::ANY,
        (Value::Object(object), Some(depth)) => (object, depth),
        _ => return Types::NONE,
    };
    let mut types = declared(node.value).unwrap_or(Types::ANY);
    for keyword in object.keys() {
        types = match (keyword.as_str(), restricted(keyword)) {
            ("type", _) => types,
            (_, Some(restricted)) => types.without(restricted),
            ("$ref", None) => {
                let target = node.text("$ref").and_then(|text| document.target(text));
                let target = target.map(|target| admitted(document, &target, depth));
                types.and(target.unwrap_or(Types::NONE))
            }
            ("allOf", None) => node
                .get("allOf")
                .iter()
                .flat_map(Node::items)
                .fold(types, |types, part| {
                    types.and(admitted(document, &part, depth))
                }),
            ("anyOf", None) => {
                let variants = node.get("anyOf");
                let variants = variants.iter().flat_map(Node::items);
                types.and(variants.fold(Types::NONE, |all, variant| {
                    all.or(admitted(document, &variant, depth))
                }))
            }
            _ => Types::NONE,
        };
    }
    types
}

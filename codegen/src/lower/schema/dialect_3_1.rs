//! Schema rules for the spelling of 3.1: references, constants, null, type arrays.

use serde_json::{Map, Value, json};

use super::composition::as_base;
use super::constraints::common_type;
use super::context::SchemaContext;
use super::object_keywords::says_more;
use crate::ledger::Effect;
use crate::lower::component_ref::PREFIX;
use crate::lower::notes::{BASE, CONSTANT, LOWERED, NULL, ORIGIN, SECRET, TUPLE, is_note};
use crate::openapi::keyword::is_annotation;

pub(in crate::lower) fn reference(context: &mut SchemaContext<'_>) {
    let Some(target) = context.schema.get("$ref") else {
        return;
    };
    let name = target
        .as_str()
        .and_then(|target| context.references.rust_name_of_ref(target, context.pointer));
    if let Some(name) = name {
        let reference = format!("{PREFIX}{name}");
        context.schema.insert("$ref".to_owned(), json!(reference));
    } else {
        let detail = format!("{target} leads to no schema; any JSON value instead");
        context.schema.shift_remove("$ref");
        context.report("reference", Effect::Widened, detail);
    }
}

pub(in crate::lower) fn ref_siblings(context: &mut SchemaContext<'_>) {
    let Some(reference) = context.schema.get("$ref").cloned() else {
        return;
    };
    let mut kept = Map::new();
    let mut dropped = Vec::new();
    for (keyword, value) in std::mem::take(context.schema) {
        match keyword.as_str() {
            "$ref" => {}
            "description" | "nullable" | "default" => {
                kept.insert(keyword, value);
            }
            internal if is_note(internal) => {
                kept.insert(keyword, value);
            }
            other if is_annotation(other) => {}
            _ => dropped.push(keyword),
        }
    }
    if kept.is_empty() {
        context.schema.insert("$ref".to_owned(), reference);
    } else {
        // The reference is resolved: it has the Rust name of its target.
        kept.insert(
            "allOf".to_owned(),
            json!([{ "$ref": reference, LOWERED: true }]),
        );
        *context.schema = kept;
    }
    if !dropped.is_empty() {
        let detail = format!("beside `$ref`, not checked: {}", dropped.join(", "));
        context.report("ref-siblings", Effect::Widened, detail);
    }
}

pub(in crate::lower) fn constant(context: &mut SchemaContext<'_>) {
    match context.schema.shift_remove("const") {
        None => {}
        Some(Value::String(value)) if !context.schema.contains_key(SECRET) => {
            context.schema.insert("type".to_owned(), json!("string"));
            context.schema.insert("enum".to_owned(), json!([value]));
        }
        Some(Value::Null) => {
            context.schema.insert("type".to_owned(), json!("null"));
        }
        Some(value) => {
            context.schema.shift_remove("enum");
            let detail = if context.schema.contains_key(SECRET) {
                "constant in the document; not checked".to_owned()
            } else {
                format!("always {value} in the document; not checked")
            };
            if let Some(of) = common_type(std::slice::from_ref(&value)) {
                context.schema.entry("type").or_insert_with(|| json!(of));
            }
            context.schema.insert(CONSTANT.to_owned(), value);
            context.report("const", Effect::Widened, detail);
        }
    }
}

pub(in crate::lower) fn type_array(context: &mut SchemaContext<'_>) {
    let Some(Value::Array(types)) = context.schema.get("type") else {
        return;
    };
    let (nulls, types): (Vec<_>, Vec<_>) = types
        .iter()
        .cloned()
        .partition(|name| name.as_str() == Some("null"));
    let nullable = !nulls.is_empty();
    match types.as_slice() {
        [] => {
            context.schema.insert("type".to_owned(), json!("null"));
            return;
        }
        [only] => {
            context.schema.insert("type".to_owned(), only.clone());
        }
        // The variants state the type.
        _ if context.schema.contains_key("oneOf") => {
            context.schema.shift_remove("type");
        }
        // Known values say more than the types.
        _ if context.schema.contains_key("enum") => {
            context.schema.shift_remove("type");
        }
        several => {
            let branches = several
                .iter()
                .map(|name| branch_of_type(context, name))
                .collect();
            for keyword in TYPED_KEYWORDS {
                context.schema.shift_remove(*keyword);
            }
            context
                .schema
                .insert("oneOf".to_owned(), Value::Array(branches));
        }
    }
    if nullable {
        context
            .schema
            .insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// Keywords that apply to one type only, and move to its variant when a type array is split.
const TYPED_KEYWORDS: &[&str] = &[
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "format",
];

fn branch_of_type(context: &SchemaContext<'_>, name: &Value) -> Value {
    let keywords: &[&str] = match name.as_str() {
        Some("object") => &["properties", "required", "additionalProperties"],
        Some("array") => &["items", "prefixItems"],
        Some("string" | "number" | "integer") => &["format"],
        _ => &[],
    };
    let mut branch = Map::new();
    branch.insert("type".to_owned(), name.clone());
    for keyword in keywords {
        if let Some(value) = context.schema.get(*keyword) {
            branch.insert((*keyword).to_owned(), value.clone());
        }
    }
    as_base(branch, context.pointer)
}

pub(in crate::lower) fn null_type(context: &mut SchemaContext<'_>) {
    if context.schema.get("type").and_then(Value::as_str) == Some("null") {
        context.schema.shift_remove("type");
        context.schema.shift_remove("enum");
        context.schema.insert(NULL.to_owned(), Value::Bool(true));
    }
}

/// The longest tuple for which Rust implements `Debug` and the other traits.
const ELEMENTS: usize = 12;

pub(in crate::lower) fn tuple(context: &mut SchemaContext<'_>) {
    // JSON Schema before 2020-12 lists the types of elements in `items`.
    if let Some(listed @ Value::Array(_)) = context.schema.get("items").cloned() {
        context.schema.shift_remove("items");
        if let Some(further) = context.schema.shift_remove("additionalItems") {
            context.schema.insert("items".to_owned(), further);
        }
        context.schema.entry("prefixItems").or_insert(listed);
    }
    if let Some(prefix) = context.schema.shift_remove("prefixItems") {
        let mut located = prefix.as_array().cloned().unwrap_or_default();
        for (index, element) in located.iter_mut().enumerate() {
            if let Value::Object(element) = element {
                let at = format!("{}/prefixItems/{index}", context.pointer);
                element.entry(ORIGIN).or_insert(Value::String(at));
            }
        }
        if is_fixed(context.schema, located.len()) {
            let names: Vec<String> = (0..located.len())
                .map(|index| format!("e{index:02}"))
                .collect();
            let elements: Map<String, Value> = names.iter().cloned().zip(located).collect();
            for keyword in ["items", "minItems", "maxItems"] {
                context.schema.shift_remove(keyword);
            }
            for (keyword, value) in [
                ("type", json!("object")),
                ("properties", Value::Object(elements)),
                ("required", json!(names)),
                (TUPLE, Value::Bool(true)),
            ] {
                context.schema.insert(keyword.to_owned(), value);
            }
            return;
        }
        let count = located.len();
        let most = context.schema.get("maxItems").and_then(Value::as_u64);
        let is_closed = most.is_some_and(|most| most <= count as u64);
        let mut kinds = located;
        match context.schema.get("items") {
            Some(Value::Bool(false)) => {}
            Some(items @ Value::Object(_)) => kinds.push(items.clone()),
            _ if is_closed => {}
            _ => kinds.push(json!({})),
        }
        let is_any = |kind: &Value| !kind.as_object().is_some_and(says_more);
        // No schema of the document: the place behind the last element.
        let at = format!("{}/prefixItems/{count}", context.pointer);
        let items = if kinds.iter().all(is_any) {
            json!({})
        } else {
            json!({ "anyOf": kinds, ORIGIN: at, BASE: true })
        };
        context.schema.insert("type".to_owned(), json!("array"));
        context.schema.insert("items".to_owned(), items);
        context.report(
            "tuple",
            Effect::Widened,
            "the number of elements may differ, so each element is any of their types",
        );
    } else if context.schema.get("type").and_then(Value::as_str) == Some("array")
        && !context.schema.get("items").is_some_and(Value::is_object)
    {
        // OpenAPI 3.0 requires `items` for every array.
        context.schema.insert("items".to_owned(), json!({}));
    }
}

/// Returns whether an array always has exactly this number of elements.
fn is_fixed(schema: &Map<String, Value>, count: usize) -> bool {
    let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    let is_closed = schema.get("items") == Some(&Value::Bool(false));
    let most = limit("maxItems").map_or(is_closed, |most| most == count as u64);
    (1..=ELEMENTS).contains(&count) && limit("minItems") == Some(count as u64) && most
}

#[cfg(test)]
mod tests {
    use super::super::testing::{becomes, lowered};
    use super::*;

    #[test]
    fn dangling_reference_is_any_value() {
        let known = json!({ "$ref": "#/components/schemas/Known" });
        becomes(known.clone(), known, &[]);
        for target in [
            "#/components/schemas/Gone",
            "other.json",
            "#/components/schemas/Known/properties/a",
        ] {
            becomes(json!({ "$ref": target }), json!({}), &["widened reference"]);
        }
        becomes(json!({ "$ref": 1 }), json!({}), &["widened reference"]);
    }

    #[test]
    fn ref_siblings_keep_description_and_nullability() {
        let all = json!([{ "$ref": "#/components/schemas/Known" }]);
        becomes(
            json!({ "$ref": "#/components/schemas/Known", "description": "d", "nullable": true, "title": "t" }),
            json!({ "description": "d", "nullable": true, "allOf": all }),
            &[],
        );
        becomes(
            json!({ "$ref": "#/components/schemas/Known", "minLength": 1 }),
            json!({ "$ref": "#/components/schemas/Known" }),
            &["widened ref-siblings"],
        );
    }

    #[test]
    fn const_string_is_enumeration_of_one() {
        becomes(
            json!({ "const": "a" }),
            json!({ "type": "string", "enum": ["a"] }),
            &[],
        );
        becomes(json!({ "const": null }), json!({ NULL: true }), &[]);
        becomes(
            json!({ "const": 7 }),
            json!({ "type": "integer", CONSTANT: 7 }),
            &["widened const"],
        );
    }

    #[test]
    fn type_array_is_nullable_or_union() {
        becomes(
            json!({ "type": ["string", "null"], "format": "uuid" }),
            json!({ "type": "string", "format": "uuid", "nullable": true }),
            &[],
        );
        becomes(
            json!({ "type": ["boolean", "integer", "null"], "format": "int32" }),
            json!({
                "oneOf": [{ "type": "boolean" }, { "type": "integer", "format": "int32" }],
                "nullable": true,
            }),
            &[],
        );
        becomes(json!({ "type": [] }), json!({ NULL: true }), &[]);
        becomes(json!({ "type": ["null"] }), json!({ NULL: true }), &[]);
    }

    #[test]
    fn null_only_type_is_marked() {
        becomes(json!({ "type": "null" }), json!({ NULL: true }), &[]);
    }

    #[test]
    fn prefix_items_of_fixed_length_are_tuple() {
        let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
        for limits in [
            json!({ "minItems": 2, "maxItems": 2 }),
            json!({ "minItems": 2, "items": false }),
        ] {
            let mut array = json!({ "type": "array", "prefixItems": [text, number] });
            let keywords = limits.as_object().unwrap().clone();
            array.as_object_mut().unwrap().extend(keywords);
            becomes(
                array,
                json!({
                    "type": "object",
                    "properties": { "e00": text, "e01": number },
                    "required": ["e00", "e01"],
                    TUPLE: true,
                }),
                &[],
            );
        }
        let (open, lines) =
            lowered(json!({ "type": "array", "prefixItems": [text, number], "items": false }));
        assert_eq!(open["items"]["oneOf"], json!([text, number]));
        assert_eq!(lines, ["widened tuple"]);
        let (open, lines) = lowered(json!({ "type": "array", "prefixItems": [text] }));
        assert_eq!(open["items"]["oneOf"], json!([text, {}]));
        assert_eq!(lines, ["widened tuple"]);
        let (closed, _) =
            lowered(json!({ "type": "array", "prefixItems": [text, number], "maxItems": 2 }));
        assert_eq!(closed["items"]["oneOf"], json!([text, number]));
        becomes(
            json!({ "type": "array" }),
            json!({ "type": "array", "items": {} }),
            &[],
        );
    }
}

//! Schema rules for what 3.1 spells otherwise than 3.0: references, constants, null, type arrays.

use serde_json::{Map, Value, json};

use super::super::rules::Site;
use super::{COMPONENT, SECRET, is_annotation, unescape};
use crate::ledger::Effect;

pub(in crate::lower) fn reference(site: &mut Site<'_>) {
    let Some(target) = site.schema.get("$ref") else {
        return;
    };
    let name = target
        .as_str()
        .and_then(|target| target.strip_prefix(COMPONENT));
    if !name.is_some_and(|name| (site.known)(&unescape(name))) {
        let detail = format!("{target} is no component schema; any JSON value instead");
        site.schema.shift_remove("$ref");
        site.report("reference", Effect::Widened, detail);
    }
}

pub(in crate::lower) fn ref_siblings(site: &mut Site<'_>) {
    let Some(reference) = site.schema.get("$ref").cloned() else {
        return;
    };
    let mut kept = Map::new();
    let mut dropped = Vec::new();
    for (keyword, value) in std::mem::take(site.schema) {
        match keyword.as_str() {
            "$ref" => {}
            "description" | "nullable" | SECRET => {
                kept.insert(keyword, value);
            }
            other if is_annotation(other) => {}
            _ => dropped.push(keyword),
        }
    }
    if kept.is_empty() {
        site.schema.insert("$ref".to_owned(), reference);
    } else {
        kept.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
        *site.schema = kept;
    }
    if !dropped.is_empty() {
        let detail = format!("beside `$ref`, not checked: {}", dropped.join(", "));
        site.report("ref-siblings", Effect::Widened, detail);
    }
}

pub(in crate::lower) fn constant(site: &mut Site<'_>) {
    match site.schema.shift_remove("const") {
        None => {}
        Some(Value::String(value)) => {
            site.schema.insert("type".to_owned(), json!("string"));
            site.schema.insert("enum".to_owned(), json!([value]));
        }
        Some(Value::Null) => {
            site.schema.insert("type".to_owned(), json!("null"));
        }
        Some(value) => {
            let detail = format!("always {value} by the document; not checked");
            site.report("const", Effect::Widened, detail);
        }
    }
}

fn is_null(branch: &Value) -> bool {
    branch.get("type").and_then(Value::as_str) == Some("null")
        || branch.get("const") == Some(&Value::Null)
        || branch.get("enum") == Some(&json!([null]))
}

pub(in crate::lower) fn null_branch(site: &mut Site<'_>) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = site.schema.get_mut(keyword) else {
            continue;
        };
        let before = branches.len();
        branches.retain(|branch| !is_null(branch));
        let (after, only) = (branches.len(), branches.first().cloned());
        if after < before {
            site.schema.insert("nullable".to_owned(), Value::Bool(true));
        }
        match (after, only) {
            (0, _) => {
                site.schema.shift_remove(keyword);
            }
            // A union of one is that one.
            (1, Some(only)) => {
                site.schema.shift_remove(keyword);
                merge_lone_branch(site.schema, only);
            }
            _ => {}
        }
    }
}

/// Puts the only branch of a union into the schema itself, or beside it if they have keywords in common.
fn merge_lone_branch(schema: &mut Map<String, Value>, only: Value) {
    match only {
        Value::Object(branch)
            if !branch.contains_key("$ref")
                && branch.keys().all(|keyword| {
                    keyword == "description" || keyword == "title" || !schema.contains_key(keyword)
                }) =>
        {
            for (keyword, value) in branch {
                schema.entry(keyword).or_insert(value);
            }
        }
        other => {
            let all = schema.entry("allOf").or_insert_with(|| json!([]));
            if let Value::Array(all) = all {
                all.push(other);
            }
        }
    }
}

/// typify makes a struct of all branches of `anyOf`, which no string or number fits; of `oneOf` it makes a choice.
pub(in crate::lower) fn any_of(site: &mut Site<'_>) {
    if site.schema.contains_key("oneOf") {
        return;
    }
    if let Some(branches) = site.schema.shift_remove("anyOf") {
        site.schema.insert("oneOf".to_owned(), branches);
        site.report(
            "any-of",
            Effect::Rewritten,
            "the first branch that fits is chosen",
        );
    }
}

pub(in crate::lower) fn type_array(site: &mut Site<'_>) {
    let Some(Value::Array(types)) = site.schema.get("type") else {
        return;
    };
    let (nulls, types): (Vec<_>, Vec<_>) = types
        .iter()
        .cloned()
        .partition(|name| name.as_str() == Some("null"));
    let nullable = !nulls.is_empty();
    match types.as_slice() {
        [] => {
            site.schema.insert("type".to_owned(), json!("null"));
            return;
        }
        [only] => {
            site.schema.insert("type".to_owned(), only.clone());
        }
        several => {
            let branches = several
                .iter()
                .map(|name| branch_of_type(site.schema, name))
                .collect();
            for keyword in TYPED_KEYWORDS {
                site.schema.shift_remove(*keyword);
            }
            site.schema
                .insert("oneOf".to_owned(), Value::Array(branches));
        }
    }
    if nullable {
        site.schema.insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// Keywords that speak of one type only, and so go to its branch when a type array is split.
const TYPED_KEYWORDS: &[&str] = &[
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "format",
    "enum",
];

fn branch_of_type(schema: &Map<String, Value>, name: &Value) -> Value {
    let keywords: &[&str] = match name.as_str() {
        Some("object") => &["properties", "required", "additionalProperties"],
        Some("array") => &["items", "prefixItems"],
        Some("string" | "number" | "integer") => &["format", "enum"],
        _ => &[],
    };
    let mut branch = Map::new();
    branch.insert("type".to_owned(), name.clone());
    for keyword in keywords {
        if let Some(value) = schema.get(*keyword) {
            branch.insert((*keyword).to_owned(), value.clone());
        }
    }
    Value::Object(branch)
}

pub(in crate::lower) fn null_type(site: &mut Site<'_>) {
    if site.schema.get("type").and_then(Value::as_str) == Some("null") {
        site.schema.shift_remove("type");
        site.schema.shift_remove("enum");
        site.report(
            "null-type",
            Effect::Widened,
            "always null by the document; any JSON value instead",
        );
    }
}

pub(in crate::lower) fn tuple(site: &mut Site<'_>) {
    if site.schema.shift_remove("prefixItems").is_some() {
        site.schema.insert("type".to_owned(), json!("array"));
        site.schema.insert("items".to_owned(), json!({}));
        site.report("tuple", Effect::Widened, "elements are any JSON value");
    } else if site.schema.get("type").and_then(Value::as_str) == Some("array")
        && !site.schema.get("items").is_some_and(Value::is_object)
    {
        // OpenAPI 3.0 wants `items` of every array.
        site.schema.insert("items".to_owned(), json!({}));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::becomes;
    use super::*;

    #[test]
    fn a_reference_to_no_component_is_any_value() {
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
    fn beside_a_reference_description_and_nullability_are_kept() {
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
    fn a_constant_string_is_an_enumeration_of_one() {
        becomes(
            json!({ "const": "a" }),
            json!({ "type": "string", "enum": ["a"] }),
            &[],
        );
        becomes(json!({ "const": null }), json!({}), &["widened null-type"]);
        becomes(
            json!({ "type": "integer", "const": 7 }),
            json!({ "type": "integer" }),
            &["widened const"],
        );
    }

    #[test]
    fn a_null_branch_makes_the_rest_nullable() {
        let known = json!({ "$ref": "#/components/schemas/Known" });
        for nothing in [
            json!({ "type": "null" }),
            json!({ "const": null }),
            json!({ "enum": [null] }),
        ] {
            for keyword in ["oneOf", "anyOf"] {
                becomes(
                    json!({ keyword: [known, nothing] }),
                    json!({ "nullable": true, "allOf": [known] }),
                    &[],
                );
            }
        }
        becomes(
            json!({ "anyOf": [known, { "type": "string" }, { "type": "null" }] }),
            json!({ "oneOf": [known, { "type": "string" }], "nullable": true }),
            &["rewritten any-of"],
        );
        becomes(
            json!({ "oneOf": [{ "type": "null" }] }),
            json!({ "nullable": true }),
            &[],
        );
    }

    #[test]
    fn a_lone_inline_branch_is_the_schema_itself() {
        becomes(
            json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }], "title": "Limit" }),
            json!({ "nullable": true, "type": "integer" }),
            &[],
        );
        becomes(
            json!({ "oneOf": [{ "type": "object" }, { "type": "null" }], "type": "object" }),
            json!({ "nullable": true, "type": "object", "allOf": [{ "type": "object" }] }),
            &[],
        );
    }

    #[test]
    fn a_type_array_is_nullable_or_a_union() {
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
        becomes(json!({ "type": [] }), json!({}), &["widened null-type"]);
        becomes(
            json!({ "type": ["null"] }),
            json!({}),
            &["widened null-type"],
        );
    }

    #[test]
    fn always_null_is_any_value() {
        becomes(json!({ "type": "null" }), json!({}), &["widened null-type"]);
    }

    #[test]
    fn a_tuple_is_an_array_of_anything_and_an_array_has_items() {
        becomes(
            json!({ "type": "array", "prefixItems": [{ "type": "string" }] }),
            json!({ "type": "array", "items": {} }),
            &["widened tuple"],
        );
        becomes(
            json!({ "type": "array" }),
            json!({ "type": "array", "items": {} }),
            &[],
        );
    }
}

//! Keywords of schema objects: which describe, and which take part in validation.

use serde_json::{Map, Value};

/// Returns whether a keyword is known to say nothing about which values are valid.
///
/// Unknown keywords are not annotations, but extensions (`x-…`) are. Keywords that only name or
/// hold schemas, such as `$id` and `$defs`, are. The opposite question is
/// [`takes_part_in_validation`]; both are `false` for an unknown keyword.
///
/// ```
/// use neo_client_codegen::openapi::keyword::is_annotation;
///
/// assert!(is_annotation("title") && is_annotation("x-order"));
/// assert!(!is_annotation("maxLength") && !is_annotation("unknown"));
/// ```
pub fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "title"
            | "example"
            | "examples"
            | "deprecated"
            | "externalDocs"
            | "xml"
            | "readOnly"
            | "writeOnly"
            | "$comment"
            | "$id"
            | "$schema"
            | "$anchor"
            | "$dynamicAnchor"
            | "$vocabulary"
            | "$defs"
            | "definitions"
            | "summary"
    ) || keyword.starts_with("x-")
}

/// Returns whether a keyword says which values are valid, or is needed to find that out.
///
/// ```
/// use neo_client_codegen::openapi::keyword::takes_part_in_validation;
///
/// assert!(takes_part_in_validation("maxLength") && takes_part_in_validation("$id"));
/// assert!(!takes_part_in_validation("title") && !takes_part_in_validation("unknown"));
/// ```
pub fn takes_part_in_validation(keyword: &str) -> bool {
    matches!(
        keyword,
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
    )
}

/// Returns whether the value of a keyword maps names to schemas, so that its keys are not keywords.
pub fn holds_named_schemas(keyword: &str) -> bool {
    matches!(
        keyword,
        "properties" | "$defs" | "definitions" | "patternProperties" | "schemas"
    )
}

/// Returns whether the value of a keyword is data, in which nothing is a schema or a reference.
pub fn holds_data(keyword: &str) -> bool {
    matches!(
        keyword,
        "example" | "examples" | "default" | "enum" | "const"
    )
}

/// Returns whether a keyword beside `$ref` says which values are valid.
///
/// ```
/// use neo_client_codegen::openapi::keyword::has_siblings;
/// use serde_json::json;
///
/// let described = json!({ "$ref": "#/a", "description": "The first." });
/// let limited = json!({ "$ref": "#/a", "maxLength": 3 });
/// assert!(!has_siblings(described.as_object().unwrap()));
/// assert!(has_siblings(limited.as_object().unwrap()));
/// ```
pub fn has_siblings(schema: &Map<String, Value>) -> bool {
    schema.keys().any(|keyword| {
        !is_annotation(keyword)
            && !matches!(
                keyword.as_str(),
                "$ref" | "description" | "nullable" | "default"
            )
    })
}

/// Returns whether a schema is a reference that nothing beside it changes.
pub fn is_alias(schema: &Map<String, Value>) -> bool {
    schema.contains_key("$ref") && !has_siblings(schema) && !schema.contains_key("nullable")
}

/// Returns whether a schema is a choice of others: `oneOf` or `anyOf`.
pub fn is_union(schema: &Map<String, Value>) -> bool {
    schema.contains_key("oneOf") || schema.contains_key("anyOf")
}

/// Returns whether a schema describes an enumeration, a union, a composition or an object with
/// properties: what makes a type of its own in most languages.
///
/// A schema that only wraps a reference, as OpenAPI 3.0 needs for `nullable`, makes none.
///
/// ```
/// use neo_client_codegen::openapi::keyword::is_complex;
/// use serde_json::json;
///
/// let union = json!({ "oneOf": [{ "$ref": "#/a" }, { "$ref": "#/b" }] });
/// let wrapper = json!({ "allOf": [{ "$ref": "#/a" }], "nullable": true });
/// assert!(is_complex(union.as_object().unwrap()));
/// assert!(!is_complex(wrapper.as_object().unwrap()));
/// ```
pub fn is_complex(schema: &Map<String, Value>) -> bool {
    let is_list = |keyword: &str| schema.get(keyword).is_some_and(Value::is_array);
    let properties = schema.get("properties").and_then(Value::as_object);
    !schema.contains_key("$ref")
        && !wraps_reference(schema)
        && (["enum", "oneOf", "anyOf", "allOf"].into_iter().any(is_list)
            || properties.is_some_and(|properties| !properties.is_empty()))
}

/// Returns whether a schema consists of one reference, beside which it only allows `null`.
fn wraps_reference(schema: &Map<String, Value>) -> bool {
    let is_null = |branch: &Value| branch.get("type").is_some_and(|of| of == "null");
    let mut says = schema.iter().filter(|(keyword, _)| {
        !is_annotation(keyword)
            && !matches!(keyword.as_str(), "description" | "nullable" | "default")
    });
    let (Some((keyword, Value::Array(branches))), None) = (says.next(), says.next()) else {
        return false;
    };
    let mut kept = branches
        .iter()
        .filter(|branch| keyword == "allOf" || !is_null(branch));
    let only = (kept.next().and_then(Value::as_object), kept.next());
    matches!(keyword.as_str(), "allOf" | "oneOf" | "anyOf")
        && matches!(only, (Some(only), None) if only.contains_key("$ref") && !has_siblings(only))
}

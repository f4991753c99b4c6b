//! Values that are nested deeper than a style of OpenAPI defines.

use serde_json::Value;

use crate::lower::model::Style;
use crate::openapi::reference::resolve;

/// The depth to which the composition of a schema is followed.
const DEPTH: usize = 16;

/// Returns whether values of a schema hold lists or objects inside, whose serialization the style
/// does not define.
pub(super) fn is_undefined(document: &Value, schema: &Value, style: Style) -> bool {
    style != Style::Json && holds_compound(document, schema, DEPTH)
}

/// Returns whether the items or properties of a value may be lists or objects.
fn holds_compound(document: &Value, schema: &Value, depth: usize) -> bool {
    let Some((schema, depth)) = described(document, schema, depth) else {
        return false;
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    let properties = properties.into_iter().flat_map(|all| all.values());
    let others = ["items", "additionalProperties"].into_iter();
    let mut inner = properties.chain(others.filter_map(|keyword| schema.get(keyword)));
    inner.any(|inner| is_compound(document, inner, depth))
        || parts(schema).any(|part| holds_compound(document, part, depth))
}

fn is_compound(document: &Value, schema: &Value, depth: usize) -> bool {
    let Some((schema, depth)) = described(document, schema, depth) else {
        return false;
    };
    let is = |name: &str| match schema.get("type") {
        Some(Value::Array(names)) => names.iter().any(|one| one == name),
        of => of.is_some_and(|of| of == name),
    };
    is("array")
        || is("object")
        || schema.get("properties").is_some()
        || parts(schema).any(|part| is_compound(document, part, depth))
}

/// Returns the schema behind a reference, and the depth that is left for what it consists of.
fn described<'d>(
    document: &'d Value,
    schema: &'d Value,
    depth: usize,
) -> Option<(&'d Value, usize)> {
    let target = resolve(document, schema).ok()?;
    Some((target.value, depth.checked_sub(1)?))
}

/// Returns the schemas of which a schema consists.
fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nested_lists_and_objects_are_undefined() {
        let document = json!({ "components": { "schemas": {
            "List": { "type": "array", "items": { "type": "string" } },
            "Loop": { "allOf": [{ "$ref": "#/components/schemas/Loop" }] },
        } } });
        let list = json!({ "$ref": "#/components/schemas/List" });
        for (schema, expected) in [
            (list.clone(), false),
            (json!({ "type": "array", "items": list }), true),
            (
                json!({ "properties": { "a": { "type": "string" } } }),
                false,
            ),
            (json!({ "properties": { "a": list } }), true),
            (
                json!({ "oneOf": [{ "type": "string" }, { "additionalProperties": list }] }),
                true,
            ),
            (
                json!({ "properties": { "a": { "type": ["object", "null"] } } }),
                true,
            ),
            (json!({ "$ref": "#/components/schemas/Loop" }), false),
        ] {
            let found = is_undefined(&document, &schema, Style::DeepObject);
            assert_eq!(found, expected, "{schema}");
            assert!(!is_undefined(&document, &schema, Style::Json));
        }
    }
}

//! Simplifies unions: `null`, unions of one variant, nested unions, and enumerations in pieces.

use serde_json::{Map, Value, json};

use super::constraints::common_type;
use crate::lower::notes::{ORIGIN, RESPONSES, note_origins};
use crate::lower::references::References;
use crate::openapi::keyword::is_annotation;

/// How deep references and nested unions are followed.
const HOPS: usize = 16;

fn is_null(branch: &Value) -> bool {
    branch.get("type").and_then(Value::as_str) == Some("null")
        || branch.get("type") == Some(&json!(["null"]))
        || branch.get("const") == Some(&Value::Null)
        || branch.get("enum") == Some(&json!([null]))
}

/// Removes everything that needs no union: `null`, single variants, nested unions, enumerations in
/// pieces.
pub(super) fn simplify(
    schema: &mut Map<String, Value>,
    references: &References<'_>,
    pointer: &str,
) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(branches) = schema.shift_remove(keyword) else {
            continue;
        };
        let Value::Array(branches) = branches else {
            continue;
        };
        let mut nullable = false;
        let mut kept = Vec::new();
        for branch in branches {
            unfold(branch, &mut nullable, &mut kept, 0);
        }
        if nullable && kept.is_empty() {
            schema.entry("type").or_insert_with(|| json!("null"));
        } else if nullable {
            schema.insert("nullable".to_owned(), Value::Bool(true));
        }
        if kept.len() > 1
            && let Some(joined) = enumeration(&kept, references, pointer)
        {
            kept = vec![joined];
        }
        if kept.len() == 1
            && let Some(only) = kept.pop()
        {
            schema.shift_remove("discriminator");
            join_lone_branch(schema, only);
        } else if !kept.is_empty() {
            schema.insert(keyword.to_owned(), Value::Array(kept));
        }
    }
}

/// Returns the variants of a variant that is only a union.
fn unfold(branch: Value, nullable: &mut bool, kept: &mut Vec<Value>, depth: usize) {
    if is_null(&branch) {
        *nullable = true;
        return;
    }
    if branch == Value::Bool(false) {
        return;
    }
    let Value::Object(mut inner) = branch else {
        return kept.push(branch);
    };
    let mut says = inner
        .keys()
        .filter(|keyword| !is_annotation(keyword) && *keyword != "description");
    let only = says.next().cloned();
    let nests =
        matches!(only.as_deref(), Some("oneOf" | "anyOf")) && says.next().is_none() && depth < HOPS;
    let at = inner.get(ORIGIN).and_then(Value::as_str).map(str::to_owned);
    if let (true, Some(keyword), Some(at)) = (nests, only, at) {
        note_origins(&mut inner, &at);
        let responses = inner.shift_remove(RESPONSES);
        if let Some(Value::Array(branches)) = inner.shift_remove(&keyword) {
            for mut branch in branches {
                if let (Some(responses), Value::Object(branch)) = (&responses, &mut branch) {
                    branch.insert(RESPONSES.to_owned(), responses.clone());
                }
                unfold(branch, nullable, kept, depth + 1);
            }
        }
        return;
    }
    kept.push(Value::Object(inner));
}

/// Merges the only variant of a union into the schema, or places it beside the schema if they share
/// keywords.
fn join_lone_branch(schema: &mut Map<String, Value>, only: Value) {
    match only {
        Value::Object(mut branch)
            if !branch.contains_key("$ref")
                && branch.keys().all(|keyword| {
                    is_annotation(keyword)
                        || keyword == "description"
                        || !schema.contains_key(keyword)
                }) =>
        {
            branch.shift_remove(ORIGIN);
            for (keyword, value) in branch {
                schema.entry(keyword).or_insert(value);
            }
        }
        Value::Object(branch) => {
            let all = schema.entry("allOf").or_insert_with(|| json!([]));
            if let Value::Array(all) = all {
                all.push(Value::Object(branch));
            }
        }
        _ => {}
    }
}

/// Returns one enumeration for variants that are all enumerations of scalars. Any string may be
/// among enumerations of strings: an open enum accepts any string.
fn enumeration(branches: &[Value], references: &References<'_>, pointer: &str) -> Option<Value> {
    let mut values: Vec<Value> = Vec::new();
    let mut listed = Vec::new();
    let mut any_text = false;
    for branch in branches {
        let schema = target(branch.as_object()?, references, pointer, 0)?;
        let is_scalar = schema.get("type").is_none_or(|of| {
            ["string", "integer", "number", "boolean"]
                .iter()
                .any(|scalar| of == scalar)
        });
        let plain = schema.keys().all(|keyword| {
            is_annotation(keyword)
                || matches!(
                    keyword.as_str(),
                    "type"
                        | "enum"
                        | "const"
                        | "description"
                        | "minLength"
                        | "maxLength"
                        | "pattern"
                        | "default"
                )
        });
        if !is_scalar || !plain {
            return None;
        }
        match (schema.get("const"), schema.get("enum")) {
            (Some(value), _) if is_constant(value) => values.push(value.clone()),
            (None, Some(Value::Array(all))) if all.iter().all(is_constant) => {
                values.extend(all.iter().cloned());
            }
            (None, None) if schema.get("type").is_some_and(|of| of == "string") => {
                any_text = true;
                continue;
            }
            _ => return None,
        }
        listed.push(branch);
    }
    let of = common_type(&values);
    if any_text && of != Some("string") {
        return None;
    }
    match (listed.as_slice(), of) {
        ([], _) => None,
        ([only], _) => Some((*only).clone()),
        (_, Some(of)) => Some(json!({ "type": of, "enum": values })),
        (_, None) => Some(json!({ "enum": values })),
    }
}

fn is_constant(value: &Value) -> bool {
    value.is_string() || value.is_number() || value.is_boolean()
}

/// Follows a chain of references to its schema.
fn target<'v>(
    schema: &'v Map<String, Value>,
    references: &References<'v>,
    at: &str,
    depth: usize,
) -> Option<&'v Map<String, Value>> {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
        return Some(schema);
    };
    let at = schema.get(ORIGIN).and_then(Value::as_str).unwrap_or(at);
    let found = references.resolve_alias(&references.resolve(reference, at)?)?;
    let next = references.value(&found)?.as_object()?;
    if depth < HOPS && next.contains_key("$ref") {
        return None;
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::super::testing::becomes;
    use super::*;
    use crate::lower::notes::{NULL, VALUES};

    #[test]
    fn null_variant_makes_the_rest_nullable() {
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
            json!({ "oneOf": [{ "type": "null" }] }),
            json!({ NULL: true }),
            &[],
        );
    }

    #[test]
    fn union_of_one_inline_is_the_schema_itself() {
        becomes(
            json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }], "title": "Limit" }),
            json!({ "nullable": true, "type": "integer" }),
            &[],
        );
    }

    #[test]
    fn enumerations_in_union_are_joined() {
        becomes(
            json!({ "oneOf": [{ "const": "a", "title": "A" }, { "enum": ["b"] }] }),
            json!({ "type": "string", "enum": ["a", "b"] }),
            &[],
        );
        becomes(
            json!({ "anyOf": [{ "type": "string" }, { "enum": ["b"] }] }),
            json!({ "type": "string", "enum": ["b"] }),
            &[],
        );
        becomes(
            json!({ "oneOf": [{ "const": 5, "title": "A" }, { "const": 6 }] }),
            json!({ "type": "integer", VALUES: [5, 6] }),
            &["widened enum"],
        );
    }
}

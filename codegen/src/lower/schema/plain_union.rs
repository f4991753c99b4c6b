//! Unions of scalars that differ only in limits, patterns and formats, which are not checked.

use serde_json::{Map, Value};

use super::composition::{Composer, DocumentUnion};
use super::constraints::has_rust_type;
use super::discriminator::origin_of;
use crate::ledger::Effect;
use crate::lower::notes::ORIGIN;
use crate::openapi::keyword::is_annotation;

/// The limits of scalars.
const LIMITS: &[&str] = &[
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
];

/// Returns the schema that all variants of a union become, if they become the same.
pub(super) fn one_type(
    union: &DocumentUnion,
    composer: &mut Composer<'_>,
) -> Option<Map<String, Value>> {
    let mut kinds = union.branches.iter().map(|branch| plain(&branch.schema));
    let first = kinds.next()??;
    if union.property.is_some() || kinds.any(|kind| kind.as_ref() != Some(&first)) {
        return None;
    }
    for branch in &union.branches {
        let at = origin_of(&branch.schema, composer).to_owned();
        let unchecked = branch.schema.as_object().into_iter().flatten();
        let names: Vec<&str> = unchecked
            .map(|(keyword, _)| keyword.as_str())
            .filter(|keyword| is_unchecked(keyword) && !first.contains_key(*keyword))
            .collect();
        if !names.is_empty() {
            let detail = format!("not checked: {}", names.join(", "));
            composer.ledger.add(at, "limits", Effect::Unchecked, detail);
        }
    }
    Some(first)
}

/// Returns the type and the format of a scalar, if a schema says nothing else that a Rust type has.
fn plain(schema: &Value) -> Option<Map<String, Value>> {
    let schema = schema.as_object()?;
    let of = schema.get("type")?.as_str()?;
    if !matches!(of, "string" | "integer" | "number" | "boolean") {
        return None;
    }
    let is_known = |format: &Value| format.as_str().is_some_and(|it| has_rust_type(of, it));
    let mut kept = Map::new();
    for (keyword, value) in schema {
        match keyword.as_str() {
            "type" | "nullable" => drop(kept.insert(keyword.clone(), value.clone())),
            "format" if is_known(value) => drop(kept.insert(keyword.clone(), value.clone())),
            // A secret is a string of another kind.
            "format" if value == "password" => return None,
            "x-secret" | "readOnly" | "writeOnly" => return None,
            "description" | "default" | ORIGIN => {}
            other if is_unchecked(other) || is_annotation(other) => {}
            _ => return None,
        }
    }
    Some(kept)
}

fn is_unchecked(keyword: &str) -> bool {
    keyword == "format" || LIMITS.contains(&keyword)
}

#[cfg(test)]
mod tests {
    use super::super::testing::lowered;
    use serde_json::json;

    #[test]
    fn variants_of_one_type_are_that_type() {
        for schema in [
            json!({ "type": "string", "oneOf": [{ "pattern": "^a" }, { "pattern": "^b" }] }),
            json!({ "anyOf": [{ "type": "string", "maxLength": 3 }, { "type": "string", "format": "email" }] }),
        ] {
            let (plain, lines) = lowered(schema);
            assert_eq!(plain, json!({ "type": "string" }));
            assert_eq!(lines.len(), 2, "{lines:?}");
            assert!(
                lines
                    .iter()
                    .all(|line| line.starts_with("unchecked limits"))
            );
        }
    }

    #[test]
    fn variants_of_several_types_stay_union() {
        for schema in [
            json!({ "anyOf": [{ "type": "string" }, { "type": "string", "format": "uuid" }] }),
            json!({ "oneOf": [{ "type": "integer", "maximum": 1 }, { "type": "string" }] }),
            json!({ "oneOf": [{ "type": "string" }, { "type": "string", "format": "password" }] }),
        ] {
            let (union, _) = lowered(schema);
            assert_eq!(union["oneOf"].as_array().map(Vec::len), Some(2));
        }
    }
}

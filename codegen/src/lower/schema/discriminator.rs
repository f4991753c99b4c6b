//! Names of the variants of a union in the document, and their discriminator values.

use std::cell::Cell;

use serde_json::Value;

use super::composition::Composer;
use crate::lower::notes::ORIGIN;
use crate::lower::references::References;
use crate::openapi::pointer::last_token;

/// How deep references are followed to find a property.
const HOPS: usize = 16;

/// How many schemas are visited to find a property, because nested unions multiply.
const LOOKED_AT: usize = 1_000;

pub(super) fn origin_of<'v>(schema: &'v Value, composer: &Composer<'v>) -> &'v str {
    schema
        .get(ORIGIN)
        .and_then(Value::as_str)
        .unwrap_or(composer.pointer)
}

/// Returns the target of a variant that is a reference.
pub(super) fn target_of(branch: &Value, composer: &Composer<'_>) -> Option<String> {
    let reference = branch.get("$ref")?.as_str()?;
    let found = composer
        .references
        .resolve(reference, origin_of(branch, composer))?;
    composer.references.resolve_alias(&found)
}

/// Returns the name of a variant in the document.
pub(super) fn variant_name(branch: &Value, composer: &Composer<'_>) -> Option<String> {
    let Some(reference) = branch.get("$ref").and_then(Value::as_str) else {
        return branch
            .get("title")
            .and_then(Value::as_str)
            .map(str::to_owned);
    };
    let found = composer
        .references
        .resolve(reference, origin_of(branch, composer))?;
    Some(last_token(&found).into_owned())
}

/// Returns the discriminator values of a variant: those of the mapping, then those that the variant
/// allows, or else the name of its component.
pub(super) fn values(
    branch: &Value,
    property: &str,
    discriminator: Option<&Value>,
    composer: &Composer<'_>,
) -> Vec<String> {
    let mut tags = Vec::new();
    let direct = branch
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| {
            composer
                .references
                .resolve(reference, origin_of(branch, composer))
        });
    let behind = target_of(branch, composer);
    let mapping = discriminator
        .and_then(|it| it.get("mapping"))
        .and_then(Value::as_object);
    for (tag, mapped) in mapping.into_iter().flatten() {
        let mapped = mapped.as_str().and_then(|mapped| {
            composer
                .references
                .discriminator_target(mapped, composer.pointer)
        });
        if mapped.is_some() && (mapped == direct || mapped == behind) {
            tags.push(tag.clone());
        }
    }
    let left = Cell::new(LOOKED_AT);
    for tag in constants(
        branch,
        composer.pointer,
        property,
        composer.references,
        (0, &left),
    ) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.is_empty() {
        tags.extend(direct.map(|pointer| last_token(&pointer).into_owned()));
    }
    tags
}

/// Returns the only values of a property of a schema, as text.
fn constants(
    schema: &Value,
    at: &str,
    property: &str,
    references: &References<'_>,
    (depth, left): (usize, &Cell<usize>),
) -> Vec<String> {
    let at = schema.get(ORIGIN).and_then(Value::as_str).unwrap_or(at);
    if depth > HOPS || left.get() == 0 {
        return Vec::new();
    }
    left.set(left.get() - 1);
    let deeper = (depth + 1, left);
    let follow = |schema: &Value| {
        let found = references.resolve(schema.get("$ref")?.as_str()?, at)?;
        Some((references.value(&found)?, found))
    };
    // The outermost schema decides: a component narrows what it includes.
    if let Some(own) = schema.get("properties").and_then(|all| all.get(property)) {
        let mut own = (own, at.to_owned());
        for _ in 0..HOPS {
            let (reference, at) = (own.0.get("$ref").and_then(Value::as_str), &own.1);
            let next = reference
                .and_then(|reference| references.resolve(reference, at))
                .and_then(|found| Some((references.value(&found)?, found)));
            let Some(next) = next else { break };
            own = next;
        }
        let values = allowed(own.0);
        if !values.is_empty() {
            return values;
        }
    }
    if let Some((next, place)) = follow(schema) {
        return constants(next, &place, property, references, deeper);
    }
    let inner = |keyword: &str| {
        let all = schema.get(keyword).and_then(Value::as_array);
        all.into_iter()
            .flatten()
            .rev()
            .map(|member| constants(member, at, property, references, deeper))
    };
    // A later subschema is more specific.
    if let Some(values) = inner("allOf").find(|values| !values.is_empty()) {
        return values;
    }
    // A nested union may have the values of all its variants, if each variant has some.
    let choice: Vec<Vec<String>> = inner("oneOf").chain(inner("anyOf")).collect();
    if choice.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    choice.into_iter().flatten().collect()
}

fn allowed(schema: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => text(value).into_iter().collect(),
        (None, Some(Value::Array(values))) => values.iter().filter_map(text).collect(),
        _ => Vec::new(),
    }
}

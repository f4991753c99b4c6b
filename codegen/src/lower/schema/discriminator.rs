//! Names of the variants of a union in the document, and their discriminator values.

use std::cell::Cell;
use std::collections::BTreeSet;

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

/// The discriminator values of a variant, by where they are from.
#[derive(Default)]
pub(super) struct DiscriminatorValues {
    /// From the mapping.
    pub(super) mapped: Vec<String>,
    /// The values that the variant itself allows.
    pub(super) allowed: Vec<String>,
    /// The name of the component, which counts if there is nothing else.
    name: Option<String>,
}

impl DiscriminatorValues {
    /// Maps the name of the component to the variant, if the mapping does not list the variant and
    /// several variants allow that value: the name is the implicit mapping of OpenAPI.
    fn imply(&mut self, shared: &BTreeSet<String>) {
        if let Some(name) = &self.name
            && self.mapped.is_empty()
            && self.allowed.contains(name)
            && shared.contains(name)
        {
            self.mapped.push(name.clone());
        }
    }

    /// Returns the values, without those that the mapping gives to other variants, and without those
    /// that several variants allow if the mapping lists this one.
    fn values(self, of_others: &BTreeSet<String>, shared: &BTreeSet<String>) -> Vec<String> {
        let mut values = self.mapped;
        let is_mapped = !values.is_empty();
        for value in self.allowed {
            let is_shared = is_mapped && shared.contains(&value);
            if !values.contains(&value) && !of_others.contains(&value) && !is_shared {
                values.push(value);
            }
        }
        if values.is_empty() {
            values.extend(self.name);
        }
        values
    }
}

/// Returns the discriminator values of each variant of a union.
pub(super) fn all_values(
    branches: &[Value],
    property: &str,
    discriminator: Option<&Value>,
    composer: &Composer<'_>,
) -> Vec<Vec<String>> {
    let mut variants: Vec<DiscriminatorValues> = branches
        .iter()
        .map(|branch| read(branch, property, discriminator, composer))
        .collect();
    let mut seen = BTreeSet::new();
    let allowed = variants.iter().flat_map(|variant| &variant.allowed);
    let repeated = allowed.filter(|value| !seen.insert(*value));
    let shared: BTreeSet<String> = repeated.cloned().collect();
    for variant in &mut variants {
        variant.imply(&shared);
    }
    let mapped: Vec<BTreeSet<String>> = variants
        .iter()
        .map(|variant| variant.mapped.iter().cloned().collect())
        .collect();
    let of_others = |index: usize| -> BTreeSet<String> {
        let others = mapped.iter().enumerate().filter(|(at, _)| *at != index);
        others.flat_map(|(_, mapped)| mapped.clone()).collect()
    };
    variants
        .into_iter()
        .enumerate()
        .map(|(index, variant)| variant.values(&of_others(index), &shared))
        .collect()
}

/// Returns the discriminator values of a variant.
fn read(
    branch: &Value,
    property: &str,
    discriminator: Option<&Value>,
    composer: &Composer<'_>,
) -> DiscriminatorValues {
    let direct = branch
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| {
            composer
                .references
                .resolve(reference, origin_of(branch, composer))
        });
    let behind = target_of(branch, composer);
    let mapped = mapped(discriminator, composer, |target| {
        Some(target) == direct.as_ref() || Some(target) == behind.as_ref()
    });
    let left = Cell::new(LOOKED_AT);
    let allowed = constants(
        branch,
        composer.pointer,
        property,
        composer.references,
        (0, &left),
    );
    DiscriminatorValues {
        mapped,
        allowed: allowed.unwrap_or_default(),
        name: direct.map(|pointer| last_token(&pointer).into_owned()),
    }
}

/// Returns the discriminator values that a mapping gives to some targets.
fn mapped(
    discriminator: Option<&Value>,
    composer: &Composer<'_>,
    is_target: impl Fn(&String) -> bool,
) -> Vec<String> {
    let mapping = discriminator
        .and_then(|it| it.get("mapping"))
        .and_then(Value::as_object);
    mapping
        .into_iter()
        .flatten()
        .filter(|(_, target)| {
            let target = target.as_str().and_then(|target| {
                let references = composer.references;
                references.discriminator_target(target, composer.pointer)
            });
            target.as_ref().is_some_and(&is_target)
        })
        .map(|(tag, _)| tag.clone())
        .collect()
}

/// Returns whether a variant is the one of objects without a known discriminator value.
pub(super) fn is_default(
    branch: &Value,
    discriminator: Option<&Value>,
    composer: &Composer<'_>,
) -> bool {
    let default = discriminator
        .and_then(|it| it.get("defaultMapping"))
        .and_then(Value::as_str)
        .and_then(|target| {
            let references = composer.references;
            let found = references.discriminator_target(target, composer.pointer)?;
            references.resolve_alias(&found)
        });
    default.is_some() && default == target_of(branch, composer)
}

/// Returns the only values of a property of a schema, as text; `None` if the schema allows any.
pub(super) fn constants(
    schema: &Value,
    at: &str,
    property: &str,
    references: &References<'_>,
    effort: (usize, &Cell<usize>),
) -> Option<Vec<String>> {
    narrowed(schema, at, Some(property), references, effort)
}

/// Returns the only values of a schema, or of one of its properties: those that all of its parts
/// allow.
fn narrowed(
    schema: &Value,
    at: &str,
    property: Option<&str>,
    references: &References<'_>,
    (depth, left): (usize, &Cell<usize>),
) -> Option<Vec<String>> {
    let at = schema.get(ORIGIN).and_then(Value::as_str).unwrap_or(at);
    if depth > HOPS || left.get() == 0 {
        return None;
    }
    left.set(left.get() - 1);
    let deeper = (depth + 1, left);
    let inside = |schema: &Value, at: &str| narrowed(schema, at, property, references, deeper);
    let mut all = match property {
        Some(property) => schema
            .get("properties")
            .and_then(|all| all.get(property))
            .and_then(|own| narrowed(own, at, None, references, deeper)),
        None => both(
            schema
                .get("const")
                .and_then(|only| texts(std::slice::from_ref(only))),
            texts(list(schema, "enum")),
        ),
    };
    if let Some((next, place)) = follow(schema, at, references) {
        all = both(all, inside(next, &place));
    }
    // A later subschema is more specific.
    for member in list(schema, "allOf").iter().rev() {
        all = both(all, inside(member, at));
    }
    for keyword in ["oneOf", "anyOf"] {
        // A union may have the values of all its variants, if each variant has some.
        let is_null = |branch: &&Value| branch.get("type").is_some_and(|of| of == "null");
        let branches = list(schema, keyword);
        let kept = branches.iter().filter(|it| !is_null(it));
        let each: Option<Vec<Vec<String>>> = kept.map(|branch| inside(branch, at)).collect();
        let values: Vec<String> = each.into_iter().flatten().flatten().collect();
        let nested = schema.get("discriminator").filter(|it| {
            let name = it.get("propertyName").and_then(Value::as_str);
            property.is_some() && name == property
        });
        let values = match nested {
            Some(discriminator) if values.is_empty() && !branches.is_empty() => {
                implied(branches, discriminator, at, references)
            }
            _ => values,
        };
        all = both(all, Some(values).filter(|values| !values.is_empty()));
    }
    all
}

/// Returns scalars as text; `None` if there are none.
fn texts(values: &[Value]) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let all: Vec<String> = values.iter().filter_map(text).collect();
    (!all.is_empty()).then_some(all)
}

/// Returns the values of a discriminator whose variants do not list them: the keys of the mapping,
/// or the names of the variants.
fn implied(
    branches: &[Value],
    discriminator: &Value,
    at: &str,
    references: &References<'_>,
) -> Vec<String> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mut values: Vec<String> = mapping
        .into_iter()
        .flatten()
        .map(|(tag, _)| tag.clone())
        .collect();
    if values.len() < branches.len() {
        let names = branches
            .iter()
            .filter_map(|branch| Some(follow(branch, at, references)?.1))
            .map(|pointer| last_token(&pointer).into_owned());
        values.extend(names);
    }
    values
}

/// Returns the values that both lists have. If they have none in common, the first list counts.
fn both(one: Option<Vec<String>>, other: Option<Vec<String>>) -> Option<Vec<String>> {
    let (Some(held), Some(values)) = (&one, &other) else {
        return one.or(other);
    };
    let common: Vec<String> = held
        .iter()
        .filter(|it| values.contains(it))
        .cloned()
        .collect();
    if common.is_empty() { one } else { Some(common) }
}

fn follow<'d>(
    schema: &Value,
    at: &str,
    references: &References<'d>,
) -> Option<(&'d Value, String)> {
    let found = references.resolve(schema.get("$ref")?.as_str()?, at)?;
    Some((references.value(&found)?, found))
}

fn list<'v>(schema: &'v Value, keyword: &str) -> &'v [Value] {
    schema
        .get(keyword)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

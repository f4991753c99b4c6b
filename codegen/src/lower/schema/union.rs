//! Unions: `oneOf` and `anyOf` become one list of variants without siblings, each with its
//! discriminator values.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::composition::{Composer, DocumentUnion, DocumentVariant, Whole, as_base};
use super::discriminator::{origin_of, target_of, values, variant_name};
use crate::ledger::Effect;
use crate::lower::notes::{ORIGIN, UNION};
use crate::lower::references::References;
use crate::openapi::keyword::{is_annotation, is_union};
use crate::openapi::reference::to_pointer;

/// The maximum number of variants of a combination of unions.
const COMBINED: usize = 64;

/// The maximum number of variants of a union. All pairs are compared, and the compiler has to
/// handle the result.
const BRANCHES: usize = 2_000;

/// How many references are followed to find the properties of a variant.
const SEEN: usize = 64;

/// The cost of a newly composed variant, in properties: it is a type, and may lead to more types.
const COST: usize = 10;

/// Removes the unions of a schema. A union that leads back to a component that is being composed
/// lists the components that include it: it says which variants exist, not what the schema consists
/// of.
pub(super) fn take(
    schema: &mut Map<String, Value>,
    composer: &Composer<'_>,
    path: &[String],
) -> Option<Vec<DocumentUnion>> {
    let mut choices = Vec::new();
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.shift_remove(keyword) else {
            continue;
        };
        let leads_back =
            |branch: &Value| target_of(branch, composer).is_some_and(|found| path.contains(&found));
        let is_own = path.len() == 1;
        if !is_own && branches.iter().any(leads_back) {
            schema.shift_remove("discriminator");
            continue;
        }
        let discriminator = schema.get("discriminator");
        let property = discriminator
            .and_then(|it| it.get("propertyName"))
            .and_then(Value::as_str)
            .map(str::to_owned);
        let branches = branches
            .into_iter()
            .filter(|branch| !leads_back(branch))
            .map(|schema| {
                let tags = property.as_deref().map_or_else(Vec::new, |property| {
                    values(&schema, property, discriminator, composer)
                });
                DocumentVariant {
                    name: variant_name(&schema, composer),
                    tags,
                    schema,
                }
            })
            .collect();
        choices.push(DocumentUnion { branches, property });
    }
    if !choices.is_empty() {
        schema.shift_remove("discriminator");
    }
    (!choices.is_empty()).then_some(choices)
}

/// Turns a schema with unions into one union, in which each variant has the former siblings.
pub(super) fn distribute(whole: &mut Whole, composer: &mut Composer<'_>) {
    let beside = &whole.schema;
    let (checks, mut choices): (Vec<DocumentUnion>, Vec<DocumentUnion>) =
        std::mem::take(&mut whole.unions)
            .into_iter()
            .partition(|choice| {
                choice
                    .branches
                    .iter()
                    .all(|branch| only_checks(&branch.schema, beside))
            });
    if !checks.is_empty() {
        let detail = "combinations of required properties are not checked";
        composer.report(composer.pointer, "requirements", detail);
    }
    choices.retain(|choice| {
        let count = choice.branches.len();
        if count > BRANCHES {
            let detail = format!(
                "any JSON value: the union has {count} variants, more than the limit of {BRANCHES}"
            );
            composer.report(composer.pointer, "union-size", &detail);
        }
        count <= BRANCHES
    });
    if choices.is_empty() {
        return;
    }
    let mut choice = choices.remove(0);
    for other in choices {
        choice = combined(choice, other, composer);
    }
    let mut rest = Map::new();
    let mut base = Map::new();
    for (keyword, value) in std::mem::take(&mut whole.schema) {
        if is_annotation(&keyword)
            || matches!(keyword.as_str(), "description" | "default" | "x-secret")
        {
            rest.insert(keyword, value);
        } else {
            base.insert(keyword, value);
        }
    }
    for branch in &mut choice.branches {
        add_base(&mut branch.schema, &base, composer);
    }
    insert(&mut rest, choice);
    whole.schema = rest;
}

fn insert(schema: &mut Map<String, Value>, choice: DocumentUnion) {
    let described: Vec<Value> = choice
        .branches
        .iter()
        .map(|branch| json!({ "name": branch.name, "tags": branch.tags }))
        .collect();
    let info = json!({ "property": choice.property, "branches": described });
    let branches = choice
        .branches
        .into_iter()
        .map(|branch| branch.schema)
        .collect();
    schema.insert("oneOf".to_owned(), Value::Array(branches));
    schema.insert(UNION.to_owned(), info);
}

/// Returns whether a variant only says which of the sibling properties are required.
fn only_checks(branch: &Value, beside: &Map<String, Value>) -> bool {
    let Value::Object(branch) = branch else {
        return true;
    };
    let described = beside.get("properties").and_then(Value::as_object);
    branch
        .iter()
        .all(|(keyword, value)| match keyword.as_str() {
            "required" | "not" | "minProperties" | "maxProperties" | "dependentRequired"
            | "description" => true,
            "type" => described.is_some() && value == "object",
            "properties" => value.as_object().is_some_and(|properties| {
                properties
                    .keys()
                    .all(|name| described.is_some_and(|all| all.contains_key(name)))
            }),
            other => is_annotation(other),
        })
}

/// Combines the variants of two unions that both apply.
fn combined(
    one: DocumentUnion,
    other: DocumentUnion,
    composer: &mut Composer<'_>,
) -> DocumentUnion {
    let count = one.branches.len() * other.branches.len();
    if count > COMBINED || !composer.references.try_expand(count * COST) {
        let detail = "two unions apply at once; one of them is not checked";
        composer.report(composer.pointer, "all-of", detail);
        return one;
    }
    let mut branches = Vec::new();
    for left in &one.branches {
        for right in &other.branches {
            let name = match (&left.name, &right.name) {
                (Some(left), Some(right)) => Some(format!("{left} {right}")),
                (left, right) => left.clone().or_else(|| right.clone()),
            };
            let tags = if one.property.is_some() {
                &left.tags
            } else {
                &right.tags
            };
            let at = origin_of(&left.schema, composer);
            branches.push(DocumentVariant {
                schema: json!({ "allOf": [left.schema, right.schema], ORIGIN: at }),
                name,
                tags: tags.clone(),
            });
        }
    }
    DocumentUnion {
        branches,
        property: one.property.or(other.property),
    }
}

/// Adds the siblings of the union to a variant, unless the variant has them already.
fn add_base(branch: &mut Value, base: &Map<String, Value>, composer: &mut Composer<'_>) {
    let Value::Object(schema) = branch else {
        return;
    };
    let says = |keyword: &str| schema.contains_key(keyword);
    let is_open = !["$ref", "type", "allOf", "oneOf", "anyOf", "enum", "const"]
        .iter()
        .any(|keyword| says(keyword));
    if is_open && let Some(of @ Value::String(_)) = base.get("type") {
        schema.insert("type".to_owned(), of.clone());
    }
    let names = |keyword: &str| -> BTreeSet<String> {
        match base.get(keyword) {
            Some(Value::Object(all)) => all.keys().cloned().collect(),
            Some(Value::Array(all)) => all
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => BTreeSet::new(),
        }
    };
    let (fields, required) = (names("properties"), names("required"));
    let holds_more = ["additionalProperties", "items", "patternProperties"]
        .iter()
        .any(|keyword| base.get(*keyword).is_some_and(Value::is_object));
    if fields.is_empty() && required.is_empty() && !holds_more {
        return;
    }
    let mut found = KnownProperties::default();
    found.collect(branch, composer.pointer, composer.references);
    let has_all = fields.is_subset(&found.names) && required.is_subset(&found.required);
    if found.is_scalar || (has_all && !holds_more) {
        return;
    }
    let at = origin_of(branch, composer).to_owned();
    if !composer.references.try_expand(COST) {
        let detail = "the expansion budget of the document is used up; the siblings of the union are left out";
        return composer.ledger.add(at, "all-of", Effect::Dropped, detail);
    }
    let base = as_base(base.clone(), composer.pointer);
    *branch = json!({ "allOf": [base, branch.take()], ORIGIN: at });
}

/// Returns the properties of a schema, including those that it inherits.
#[derive(Default)]
struct KnownProperties {
    names: BTreeSet<String>,
    required: BTreeSet<String>,
    is_scalar: bool,
    /// The references followed so far.
    seen: BTreeSet<String>,
}

impl KnownProperties {
    fn collect(&mut self, schema: &Value, at: &str, references: &References<'_>) {
        let at = schema.get(ORIGIN).and_then(Value::as_str).unwrap_or(at);
        if let Some(of) = schema.get("type").and_then(Value::as_str) {
            self.is_scalar |= of != "object";
        }
        self.is_scalar |= schema.get("enum").is_some() || schema.get("const").is_some();
        if let Some(all) = schema.get("properties").and_then(Value::as_object) {
            self.names.extend(all.keys().cloned());
        }
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        self.required.extend(required.map(str::to_owned));
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
            && let Some(found) = references.resolve(reference, at)
            && let Some(next) = references.value(&found)
            && self.seen.len() < SEEN
            && self.seen.insert(found.clone())
        {
            self.collect(next, &found, references);
        }
        for member in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.collect(member, at, references);
        }
    }
}

/// Returns the union for a component with a discriminator that others include: a value is one of
/// them, or the component itself.
pub(super) fn of_heirs(composer: &mut Composer<'_>, schema: &mut Map<String, Value>) {
    let Some(discriminator) = schema.shift_remove("discriminator") else {
        return;
    };
    let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else {
        return;
    };
    let heirs = composer.references.all_of_children(composer.pointer);
    if heirs.is_empty() || is_union(schema) {
        return;
    }
    let reference = |pointer: &String| json!({ "$ref": to_pointer(pointer), ORIGIN: pointer });
    let mut branches: Vec<DocumentVariant> = heirs
        .iter()
        .map(reference)
        .map(|schema| DocumentVariant {
            name: variant_name(&schema, composer),
            tags: values(&schema, property, Some(&discriminator), composer),
            schema,
        })
        .collect();
    let mut rest = Map::new();
    for keyword in ["description", "nullable", "x-secret", "writeOnly"] {
        if let Some(value) = schema.get(keyword) {
            rest.insert(keyword.to_owned(), value.clone());
        }
    }
    schema.shift_remove("nullable");
    let own = json!({ "$ref": to_pointer(composer.pointer), ORIGIN: composer.pointer });
    branches.push(DocumentVariant {
        name: Some("Base".to_owned()),
        tags: values(&own, property, Some(&discriminator), composer),
        schema: as_base(std::mem::take(schema), composer.pointer),
    });
    let detail = "a union of the components that extend it; `Base` is the component itself";
    composer
        .ledger
        .add(composer.pointer, "discriminator", Effect::Rewritten, detail);
    insert(
        &mut rest,
        DocumentUnion {
            branches,
            property: Some(property.to_owned()),
        },
    );
    *schema = rest;
}

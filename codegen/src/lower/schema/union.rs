//! Unions: `oneOf` and `anyOf` become one choice of branches with nothing beside it, each with what
//! the discriminator calls it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::references::References;
use super::compose::{Composer, Whole, as_base};
use super::{AT, UNION, is_annotation, mark_places};
use crate::ledger::Effect;

/// How many branches the combination of several unions may have.
const COMBINED: usize = 64;

/// How far references are followed to find a property.
const HOPS: usize = 16;

/// A union as the document writes it.
#[derive(Clone)]
pub(super) struct Choice {
    branches: Vec<Branch>,
    /// The property that tells the branches apart, if the document names it.
    property: Option<String>,
}

#[derive(Clone)]
struct Branch {
    schema: Value,
    name: Option<String>,
    tags: Vec<String>,
}

pub(super) fn is_union(schema: &Map<String, Value>) -> bool {
    schema.contains_key("oneOf") || schema.contains_key("anyOf")
}

fn is_null(branch: &Value) -> bool {
    branch.get("type").and_then(Value::as_str) == Some("null")
        || branch.get("type") == Some(&json!(["null"]))
        || branch.get("const") == Some(&Value::Null)
        || branch.get("enum") == Some(&json!([null]))
}

/// Takes out what needs no union: `null`, unions of one, unions inside, enumerations in pieces.
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
        if nullable {
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

/// The branches of a branch: its own, if it is nothing but a union.
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
    let at = inner.get(AT).and_then(Value::as_str).map(str::to_owned);
    if let (true, Some(keyword), Some(at)) = (nests, only, at) {
        mark_places(&mut inner, &at);
        if let Some(Value::Array(branches)) = inner.shift_remove(&keyword) {
            for branch in branches {
                unfold(branch, nullable, kept, depth + 1);
            }
        }
        return;
    }
    kept.push(Value::Object(inner));
}

/// Puts the only branch of a union into the schema itself, or beside it if they have keywords in common.
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
            branch.shift_remove(AT);
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

/// One enumeration for branches that are all enumerations of strings, or any string: an open
/// enumeration takes any string.
fn enumeration(branches: &[Value], references: &References<'_>, pointer: &str) -> Option<Value> {
    let mut values: Vec<Value> = Vec::new();
    let mut listed = Vec::new();
    for branch in branches {
        let schema = target(branch.as_object()?, references, pointer, 0)?;
        let is_string = schema.get("type").is_none_or(|of| of == "string");
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
        if !is_string || !plain {
            return None;
        }
        match (schema.get("const"), schema.get("enum")) {
            (Some(value @ Value::String(_)), _) => values.push(value.clone()),
            (None, Some(Value::Array(all))) if all.iter().all(Value::is_string) => {
                values.extend(all.iter().cloned());
            }
            (None, None) if schema.get("type").is_some() => continue,
            _ => return None,
        }
        listed.push(branch);
    }
    match listed.as_slice() {
        [] => None,
        [only] => Some((*only).clone()),
        _ => Some(json!({ "type": "string", "enum": values })),
    }
}

/// The schema behind references to nothing but references.
fn target<'v>(
    schema: &'v Map<String, Value>,
    references: &References<'v>,
    at: &str,
    depth: usize,
) -> Option<&'v Map<String, Value>> {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
        return Some(schema);
    };
    let at = schema.get(AT).and_then(Value::as_str).unwrap_or(at);
    let found = references.behind(&references.resolve(reference, at)?)?;
    let next = references.value(&found)?.as_object()?;
    if depth < HOPS && next.contains_key("$ref") {
        return None;
    }
    Some(next)
}

/// Takes the unions off a schema. A union that leads back to a component which is being composed of
/// it lists its heirs: it says what the whole is one of, not what it is made of.
pub(super) fn take(
    schema: &mut Map<String, Value>,
    composer: &Composer<'_>,
    path: &[String],
) -> Option<Vec<Choice>> {
    let mut choices = Vec::new();
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.shift_remove(keyword) else {
            continue;
        };
        let leads_back = |branch: &Value| {
            pointer_of(branch, composer).is_some_and(|found| path.contains(&found))
        };
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
                    tags(&schema, property, discriminator, composer)
                });
                Branch {
                    name: name(&schema, composer),
                    tags,
                    schema,
                }
            })
            .collect();
        choices.push(Choice { branches, property });
    }
    if !choices.is_empty() {
        schema.shift_remove("discriminator");
    }
    (!choices.is_empty()).then_some(choices)
}

fn place_of<'v>(schema: &'v Value, composer: &Composer<'v>) -> &'v str {
    schema
        .get(AT)
        .and_then(Value::as_str)
        .unwrap_or(composer.pointer)
}

/// Where a branch that is a reference leads to.
fn pointer_of(branch: &Value, composer: &Composer<'_>) -> Option<String> {
    let reference = branch.get("$ref")?.as_str()?;
    let found = composer
        .references
        .resolve(reference, place_of(branch, composer))?;
    composer.references.behind(&found)
}

/// What the document calls a branch.
fn name(branch: &Value, composer: &Composer<'_>) -> Option<String> {
    let Some(reference) = branch.get("$ref").and_then(Value::as_str) else {
        return branch
            .get("title")
            .and_then(Value::as_str)
            .map(str::to_owned);
    };
    let found = composer
        .references
        .resolve(reference, place_of(branch, composer))?;
    Some(last_token(&found))
}

fn last_token(pointer: &str) -> String {
    let token = pointer.rsplit('/').next().unwrap_or_default();
    token.replace("~1", "/").replace("~0", "~")
}

/// The values of the discriminator that mean a branch: those of the mapping, then those that the
/// branch itself allows, or else the name of its component.
fn tags(
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
                .resolve(reference, place_of(branch, composer))
        });
    let behind = pointer_of(branch, composer);
    let mapping = discriminator
        .and_then(|it| it.get("mapping"))
        .and_then(Value::as_object);
    for (tag, mapped) in mapping.into_iter().flatten() {
        let mapped = mapped
            .as_str()
            .and_then(|mapped| composer.references.mapped(mapped, composer.pointer));
        if mapped.is_some() && (mapped == direct || mapped == behind) {
            tags.push(tag.clone());
        }
    }
    for tag in constants(branch, composer.pointer, property, composer.references, 0) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.is_empty() {
        tags.extend(direct.map(|pointer| last_token(&pointer)));
    }
    tags
}

/// The only values that a property of a schema may have, as text.
fn constants(
    schema: &Value,
    at: &str,
    property: &str,
    references: &References<'_>,
    depth: usize,
) -> Vec<String> {
    let at = schema.get(AT).and_then(Value::as_str).unwrap_or(at);
    if depth > HOPS {
        return Vec::new();
    }
    let follow = |schema: &Value| {
        let found = references.resolve(schema.get("$ref")?.as_str()?, at)?;
        Some((references.value(&found)?, found))
    };
    // The outermost word counts: an heir narrows what it inherits.
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
        return constants(next, &place, property, references, depth + 1);
    }
    let inner = |keyword: &str| {
        let all = schema.get(keyword).and_then(Value::as_array);
        all.into_iter()
            .flatten()
            .rev()
            .map(|member| constants(member, at, property, references, depth + 1))
    };
    // A later member is the more specific one.
    if let Some(values) = inner("allOf").find(|values| !values.is_empty()) {
        return values;
    }
    // A union inside may have any of those that its branches have, if each has some.
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

/// Leaves of a schema with unions one union, each of whose branches has what stood beside it.
pub(super) fn distribute(whole: &mut Whole, composer: &mut Composer<'_>) {
    let beside = &whole.schema;
    let (checks, mut choices): (Vec<Choice>, Vec<Choice>) = std::mem::take(&mut whole.unions)
        .into_iter()
        .partition(|choice| {
            choice
                .branches
                .iter()
                .all(|branch| only_checks(&branch.schema, beside))
        });
    if !checks.is_empty() {
        let detail = "which fields are required together is not checked";
        composer.report(composer.pointer, "requirements", detail);
    }
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

fn insert(schema: &mut Map<String, Value>, choice: Choice) {
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

/// Whether a branch only says which of the fields beside the union must be there.
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

/// All pairs of the branches of two unions that hold at once.
fn combined(one: Choice, other: Choice, composer: &mut Composer<'_>) -> Choice {
    if one.branches.len() * other.branches.len() > COMBINED {
        let detail = "of two unions that hold at once, one is not checked";
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
            let at = place_of(&left.schema, composer);
            branches.push(Branch {
                schema: json!({ "allOf": [left.schema, right.schema], AT: at }),
                name,
                tags: tags.clone(),
            });
        }
    }
    Choice {
        branches,
        property: one.property.or(other.property),
    }
}

/// Gives a branch what stands beside the union, unless it has that already.
fn add_base(branch: &mut Value, base: &Map<String, Value>, composer: &Composer<'_>) {
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
    let mut found = Fields::default();
    found.collect(branch, composer.pointer, composer.references, 0);
    let has_all = fields.is_subset(&found.names) && required.is_subset(&found.required);
    if found.is_scalar || (has_all && !holds_more) {
        return;
    }
    let at = place_of(branch, composer).to_owned();
    let base = as_base(base.clone(), composer.pointer);
    *branch = json!({ "allOf": [base, branch.take()], AT: at });
}

/// The fields of a schema, with those of what it is composed of.
#[derive(Default)]
struct Fields {
    names: BTreeSet<String>,
    required: BTreeSet<String>,
    is_scalar: bool,
}

impl Fields {
    fn collect(&mut self, schema: &Value, at: &str, references: &References<'_>, depth: usize) {
        let at = schema.get(AT).and_then(Value::as_str).unwrap_or(at);
        if depth > HOPS {
            return;
        }
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
        {
            self.collect(next, &found, references, depth + 1);
        }
        for member in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.collect(member, at, references, depth + 1);
        }
    }
}

/// A component with a discriminator that others are composed of: a value of it is one of them, or
/// the component as it stands.
pub(super) fn of_heirs(composer: &mut Composer<'_>, schema: &mut Map<String, Value>) {
    let Some(discriminator) = schema.shift_remove("discriminator") else {
        return;
    };
    let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else {
        return;
    };
    let heirs = composer.references.heirs(composer.pointer);
    if heirs.is_empty() || is_union(schema) {
        return;
    }
    let reference = |pointer: &String| json!({ "$ref": fragment(pointer), AT: pointer });
    let mut branches: Vec<Branch> = heirs
        .iter()
        .map(reference)
        .map(|schema| Branch {
            name: name(&schema, composer),
            tags: tags(&schema, property, Some(&discriminator), composer),
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
    let own = json!({ "$ref": fragment(composer.pointer), AT: composer.pointer });
    branches.push(Branch {
        name: Some("Base".to_owned()),
        tags: tags(&own, property, Some(&discriminator), composer),
        schema: as_base(std::mem::take(schema), composer.pointer),
    });
    let detail = "one of the components that are composed of it; `Base` is itself";
    composer
        .ledger
        .add(composer.pointer, "discriminator", Effect::Rewritten, detail);
    insert(
        &mut rest,
        Choice {
            branches,
            property: Some(property.to_owned()),
        },
    );
    *schema = rest;
}

/// A pointer as a reference.
fn fragment(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}

//! Unions: `oneOf` and `anyOf` become one list of variants without siblings, each with its
//! discriminator values.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::composition::{Composer, DocumentUnion, DocumentVariant, Whole, as_base};
use super::discriminator::{all_values, is_default, origin_of, target_of, variant_name};
use super::known_properties::KnownProperties;
use super::pairs::{self, COST};
use super::plain_union;
use crate::ledger::Effect;
use crate::lower::notes::{ORIGIN, RESPONSES, UNION};
use crate::openapi::keyword::{is_annotation, is_union};
use crate::openapi::reference::to_pointer;

/// The maximum number of variants of a union. All pairs are compared, and the compiler has to
/// handle the result.
const BRANCHES: usize = 2_000;

/// How many included components are visited to find a discriminator.
const ANCESTORS: usize = 64;

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
        let branches: Vec<Value> = branches
            .into_iter()
            .filter(|branch| !leads_back(branch))
            .collect();
        let mut tags = property.as_deref().map_or_else(Vec::new, |property| {
            all_values(&branches, property, discriminator, composer)
        });
        tags.resize(branches.len(), Vec::new());
        let mut branches: Vec<DocumentVariant> = branches
            .into_iter()
            .zip(tags)
            .map(|(mut schema, tags)| DocumentVariant {
                name: variant_name(&schema, composer),
                tags,
                is_default: is_default(&schema, discriminator, composer),
                responses: take_responses(&mut schema),
                schema,
            })
            .collect();
        if keyword == "anyOf" && property.is_none() {
            branches.extend(pairs::all_at_once(&branches, composer));
        }
        choices.push(DocumentUnion { branches, property });
    }
    if !choices.is_empty() {
        schema.shift_remove("discriminator");
    }
    (!choices.is_empty()).then_some(choices)
}

/// Removes and returns the responses that have a variant as their schema.
fn take_responses(schema: &mut Value) -> Value {
    let schema = schema.as_object_mut();
    let responses = schema.and_then(|schema| schema.shift_remove(RESPONSES));
    responses.unwrap_or_default()
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
        choice = pairs::combined(choice, other, composer);
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
    if let Some(plain) = plain_union::one_type(&choice, composer) {
        rest.extend(base);
        rest.extend(plain);
        whole.schema = rest;
        return;
    }
    insert(&mut rest, choice);
    whole.schema = rest;
}

fn insert(schema: &mut Map<String, Value>, choice: DocumentUnion) {
    let described: Vec<Value> = choice
        .branches
        .iter()
        .map(|branch| {
            json!({
                "name": branch.name,
                "tags": branch.tags,
                "default": branch.is_default,
                "responses": branch.responses,
            })
        })
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

/// Returns the discriminator that a component inherits from those that it includes, if other
/// components include the component: its values may be values of these.
pub(super) fn inherited_discriminator(composer: &Composer<'_>) -> Option<Value> {
    let references = composer.references;
    if references.all_of_children(composer.pointer).is_empty() {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut open = vec![composer.pointer.to_owned()];
    while let Some(at) = open.pop() {
        if seen.len() >= ANCESTORS || !seen.insert(at.clone()) {
            continue;
        }
        let schema = references.value(&at)?;
        let named = |it: &&Value| it.get("propertyName").is_some_and(Value::is_string);
        if let Some(found) = schema.get("discriminator").filter(named) {
            return Some(found.clone());
        }
        let members = schema.get("allOf").and_then(Value::as_array);
        for (index, member) in members.into_iter().flatten().enumerate() {
            let target = member.get("$ref").and_then(Value::as_str);
            let found = match target {
                Some(target) => references.resolve(target, &at),
                None => Some(format!("{at}/allOf/{index}")),
            };
            open.extend(found.and_then(|found| references.resolve_alias(&found)));
        }
    }
    None
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
    let own = json!({ "$ref": to_pointer(composer.pointer), ORIGIN: composer.pointer });
    let mut all: Vec<Value> = heirs.iter().map(reference).collect();
    all.push(own);
    let mut tags = all_values(&all, property, Some(&discriminator), composer);
    let own_tags = tags.pop().unwrap_or_default();
    let is_own_default = all
        .pop()
        .is_some_and(|own| is_default(&own, Some(&discriminator), composer));
    let mut branches: Vec<DocumentVariant> = all
        .into_iter()
        .zip(tags)
        .map(|(schema, tags)| DocumentVariant {
            name: variant_name(&schema, composer),
            tags,
            is_default: is_default(&schema, Some(&discriminator), composer),
            responses: Value::Null,
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
    branches.push(DocumentVariant {
        name: Some("Base".to_owned()),
        tags: own_tags,
        is_default: is_own_default,
        responses: Value::Null,
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

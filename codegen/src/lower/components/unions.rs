//! Unions bypass typify, which takes the first variant that decodes. typify sees a struct with a
//! field for each variant. The refine stage moves the types into an enum that selects the variant.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::alike::Alike;
use super::shapes::Shapes;
use super::told_apart::{infer_tag, shared_constants, tags_differ, told_apart};
use super::union_cycles;
use super::variant::{Read, text};
use crate::ledger::Ledger;
use crate::lower::component_ref::target;
use crate::lower::model::{Model, Union, UnionVariant};
use crate::lower::notes::UNION;
use crate::names::{Taken, pascal};

/// The number of variants that are compared with a later one.
const COMPARED: usize = 64;

/// Replaces every union in the schemas.
pub(super) fn take(schemas: &mut Map<String, Value>, model: &mut Model, ledger: &mut Ledger) {
    union_cycles::cut(schemas, model, ledger);
    let names: Vec<String> = schemas
        .iter()
        .filter(|(_, schema)| is_union(schema))
        .map(|(name, _)| name.clone())
        .collect();
    let read: Vec<(String, Union, Value)> = names
        .into_iter()
        .filter_map(|name| {
            let (union, stand_in) = Reader { schemas, model }.read(&name)?;
            Some((name, union, stand_in))
        })
        .collect();
    default_tags(&read, model);
    for (name, union, stand_in) in read {
        schemas.insert(name.clone(), stand_in);
        model.unions.insert(name, union);
    }
}

fn is_union(schema: &Value) -> bool {
    schema.get("oneOf").is_some_and(Value::is_array)
}

struct Reader<'a> {
    schemas: &'a Map<String, Value>,
    model: &'a Model,
}

impl Reader<'_> {
    /// Returns a union, and the struct that replaces it for typify.
    fn read(&self, name: &str) -> Option<(Union, Value)> {
        let schema = self.schemas.get(name)?;
        let info = schema.get(UNION);
        let property = info
            .and_then(|info| info.get("property"))
            .and_then(Value::as_str);
        let mut branches = self.branches(schema, info);
        let tag = match property {
            Some(property) => Some(property.to_owned()),
            None => infer_tag(&mut branches),
        };
        let decides = tag.is_some() && tags_differ(&branches);
        let shared = shared_constants(&branches);

        let mut taken = Taken::with(["Unknown"]);
        let mut union = Union {
            description: text(schema, "description"),
            property: property.map(str::to_owned),
            branches: Vec::new(),
            told_apart: told_apart(&branches, property.is_some(), decides),
        };
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (index, branch) in branches.iter().enumerate() {
            let declares = |tag| branch.objects().all(|shape| shape.knows(tag));
            let splits = property.is_some_and(|it| branch.tags.len() > 1 && !declares(it));
            // Content without its discriminator value becomes a variant for each value.
            let variants: Vec<(String, &[String])> = if splits {
                let tags = branch.tags.iter();
                tags.map(|tag| (pascal(tag), std::slice::from_ref(tag)))
                    .collect()
            } else {
                vec![(branch.variant(index), branch.tags.as_slice())]
            };
            for (variant, tags) in variants {
                let field = format!("b{:03}", union.branches.len());
                let mut content = branch.schema.clone();
                if let Value::Object(content) = &mut content {
                    content.shift_remove("nullable");
                }
                properties.insert(field.clone(), content);
                required.push(field);
                union.branches.push(UnionVariant {
                    variant: taken.unique(&variant),
                    component: target(branch.schema).map(str::to_owned),
                    tags: tags.to_vec(),
                    writes_tag: property.is_some_and(|it| {
                        !tags.is_empty() && branch.objects().next().is_some() && !declares(it)
                    }),
                    is_default: branch.is_default,
                    responses: branch.responses.clone(),
                    shapes: branch.shapes(tag.as_deref(), tags, decides, &shared),
                });
            }
        }
        let stand_in = json!({ "type": "object", "properties": properties, "required": required });
        Some((union, stand_in))
    }

    /// Returns whether an inline variant describes the same values as an earlier one.
    fn is_repeated(&self, branch: &Value, read: &[Read<'_>]) -> bool {
        target(branch).is_none()
            && read.len() < COMPARED
            && read
                .iter()
                .any(|earlier| Alike::are(earlier.schema, branch, self.schemas, self.model))
    }

    fn branches<'a>(&self, schema: &'a Value, info: Option<&'a Value>) -> Vec<Read<'a>> {
        let mut read: Vec<Read<'a>> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let branches = schema.get("oneOf").and_then(Value::as_array);
        for (index, branch) in branches.into_iter().flatten().enumerate() {
            let info = info.and_then(|info| info.get("branches")?.get(index));
            let tags: Vec<String> = info
                .and_then(|info| info.get("tags")?.as_array())
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            let responses = info.map(responses).unwrap_or_default();
            // Of variants with the same Rust type, one is enough.
            if tags.is_empty() && self.is_repeated(branch, &read) {
                continue;
            }
            let mut essence = essence(branch);
            essence.sort_all_objects();
            match seen.entry(essence.to_string()) {
                Entry::Occupied(same) => {
                    if let Some(same) = read.get_mut(*same.get()) {
                        same.tags.extend(tags);
                        same.responses.extend(responses);
                    }
                    continue;
                }
                Entry::Vacant(unseen) => unseen.insert(read.len()),
            };
            let shapes = Shapes {
                schemas: self.schemas,
                model: self.model,
            }
            .of(branch);
            read.push(Read {
                schema: branch,
                name: info.and_then(|info| info.get("name")?.as_str()),
                tags,
                is_default: info.and_then(|info| info.get("default")) == Some(&Value::Bool(true)),
                responses,
                shapes,
            });
        }
        read
    }
}

/// Returns the responses that have a variant as their schema: statuses and media types.
fn responses(info: &Value) -> Vec<(String, String)> {
    let all = info.get("responses").and_then(Value::as_array);
    let text = |pair: &Value, index: usize| Some(pair.get(index)?.as_str()?.to_owned());
    all.into_iter()
        .flatten()
        .filter_map(|pair| Some((text(pair, 0)?, text(pair, 1)?)))
        .collect()
}

/// Returns a schema without its annotations.
fn essence(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Value::Object(object) = &mut schema {
        object.shift_remove("description");
        object.shift_remove("nullable");
    }
    match target(&schema) {
        Some(name) => Value::String(name.to_owned()),
        None => schema,
    }
}

/// A discriminator property with only one value need not be set.
fn default_tags(read: &[(String, Union, Value)], model: &mut Model) {
    let mut tags: BTreeMap<(&String, &String), BTreeSet<&String>> = BTreeMap::new();
    for (_, union, _) in read {
        let Some(property) = &union.property else {
            continue;
        };
        for branch in &union.branches {
            if let Some(component) = &branch.component {
                tags.entry((component, property))
                    .or_default()
                    .extend(&branch.tags);
            }
        }
    }
    for ((component, property), tags) in tags {
        let mut tags = tags.into_iter();
        if let (Some(only), None) = (tags.next(), tags.next()) {
            model
                .constants
                .entry(component.clone())
                .or_default()
                .entry(property.clone())
                .or_insert_with(|| json!(only));
        }
    }
}

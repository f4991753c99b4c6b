//! Discriminator values of variants that do not describe the discriminator.
//!
//! The type of such a variant has no field for the value, so the union would write a value where
//! none came. A variant that is used in such unions only gets the field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::ledger::{Effect, Ledger};
use crate::lower::component_ref::{reference, target};
use crate::lower::model::Model;
use crate::lower::notes::UNION;

/// The discriminator of a component, as the unions that list the component say.
#[derive(PartialEq)]
struct Wanted {
    property: String,
    values: Vec<String>,
}

/// Adds the discriminator as an optional property to each variant that lacks the property, if all
/// uses of the variant agree on its values. A builder sets the first value.
pub(super) fn describe(
    schemas: &mut Map<String, Value>,
    paths: &Value,
    model: &mut Model,
    ledger: &mut Ledger,
) {
    let wanted = wanted(schemas);
    if wanted.is_empty() {
        return;
    }
    let mut uses = BTreeMap::new();
    schemas.values().for_each(|schema| count(schema, &mut uses));
    count(paths, &mut uses);
    for (name, (wanted, listed)) in wanted {
        if uses.get(&name) != Some(&listed) {
            continue;
        }
        let properties = schemas
            .get_mut(&name)
            .and_then(|schema| schema.get_mut("properties"))
            .and_then(Value::as_object_mut);
        let Wanted { property, values } = wanted;
        let Some(properties) = properties.filter(|all| !all.contains_key(&property)) else {
            continue;
        };
        let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        let mut schema = json!({
            "description": format!("The discriminator value: {}.", quoted.join(" or ")),
        });
        // A number or a boolean may come as such.
        let is_text = |value: &String| {
            let json = serde_json::from_str(value);
            !matches!(json, Ok(Value::Number(_) | Value::Bool(_)))
        };
        if values.iter().all(is_text)
            && let Some(schema) = schema.as_object_mut()
        {
            schema.insert("type".to_owned(), json!("string"));
        }
        let pointer = model.origins.get(&name).cloned().unwrap_or_default();
        let detail = format!("has the field `{property}` for the discriminator value");
        ledger.add(pointer, "discriminator", Effect::Rewritten, detail);
        properties.insert(property.clone(), schema);
        if let Some(first) = values.first() {
            let constants = model.constants.entry(name).or_default();
            constants.insert(property, json!(first));
        }
    }
}

/// Returns the discriminator of each component that is a variant, and the number of unions that
/// list the component.
fn wanted(schemas: &Map<String, Value>) -> BTreeMap<String, (Wanted, usize)> {
    let mut all: BTreeMap<String, (Wanted, usize)> = BTreeMap::new();
    let mut differing = BTreeSet::new();
    for schema in schemas.values() {
        let info = schema.get(UNION);
        let property = info.and_then(|info| info.get("property")?.as_str());
        let branches = schema.get("oneOf").and_then(Value::as_array);
        for (index, branch) in branches.into_iter().flatten().enumerate() {
            let Some(name) = target(branch) else { continue };
            let values = info.and_then(|info| info.get("branches")?.get(index)?.get("tags"));
            let values = values.and_then(Value::as_array).into_iter().flatten();
            let found = Wanted {
                property: property.unwrap_or_default().to_owned(),
                values: values
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            };
            let is_usable = property.is_some() && !found.values.is_empty();
            match all.get_mut(name) {
                Some((known, uses)) if *known == found => *uses += 1,
                None if is_usable => drop(all.insert(name.to_owned(), (found, 1))),
                _ => drop(differing.insert(name.to_owned())),
            }
        }
    }
    all.retain(|name, _| !differing.contains(name));
    all
}

/// Counts the references to each component.
fn count(value: &Value, uses: &mut BTreeMap<String, usize>) {
    if let Some(name) = reference(value) {
        *uses.entry(name.to_owned()).or_default() += 1;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| count(item, uses)),
        Value::Object(object) => object.values().for_each(|value| count(value, uses)),
        _ => {}
    }
}

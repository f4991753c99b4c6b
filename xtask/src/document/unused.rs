//! Unused components: schemas to which no operation and no webhook leads. They are public types all
//! the same.

use std::collections::{BTreeSet, HashSet};

use neo_client_codegen::openapi::keyword::{holds_data, holds_named_schemas};
use neo_client_codegen::openapi::pointer::{join, unescape};
use neo_client_codegen::openapi::reference::local_pointer;
use serde_json::{Map, Value};

use crate::diff::model::subtypes::Subtypes;

const SCHEMAS: &str = "/components/schemas";

/// Keywords that name a schema for references that are no pointers. Such a schema counts as used.
const ANCHORS: [&str; 3] = ["$anchor", "$dynamicAnchor", "$id"];

/// Returns the JSON pointers of the unused component schemas. Of a document without operations and
/// webhooks, which is a library of schemas, all are used.
pub fn unused_components(document: &Value) -> BTreeSet<String> {
    let roots = ["/paths", "/webhooks"].map(|root| document.pointer(root));
    let is_library = roots
        .iter()
        .flatten()
        .all(|root| root.as_object().is_none_or(Map::is_empty));
    let schemas = document.pointer(SCHEMAS).and_then(Value::as_object);
    let Some(schemas) = schemas.filter(|_| !is_library) else {
        return BTreeSet::new();
    };
    let is_anchored = |schema: &Value| ANCHORS.iter().any(|anchor| schema.get(anchor).is_some());
    let anchored = schemas.values().filter(|schema| is_anchored(schema));
    let seen = reached(
        document,
        roots.into_iter().flatten().chain(anchored).collect(),
    );
    let unused = schemas.iter().filter(|(_, schema)| !is_anchored(schema));
    let unused = unused.map(|(name, _)| join(SCHEMAS, name));
    unused.filter(|pointer| !seen.contains(pointer)).collect()
}

/// Returns the JSON pointers to which the references in a part of the document lead, directly or
/// not.
pub fn reached_from(document: &Value, pointer: &str) -> HashSet<String> {
    reached(document, document.pointer(pointer).into_iter().collect())
}

fn reached<'d>(document: &'d Value, mut pending: Vec<&'d Value>) -> HashSet<String> {
    let none = Map::new();
    let schemas = document.pointer(SCHEMAS).and_then(Value::as_object);
    let schemas = schemas.unwrap_or(&none);
    let subtypes = Subtypes::of(document);
    let mut seen: HashSet<String> = HashSet::new();
    while let Some(value) = pending.pop() {
        let mut targets = Vec::new();
        collect(value, false, &mut targets);
        for target in targets {
            let Some(pointer) = pointer_to(&target, schemas) else {
                continue;
            };
            if let Some(name) = component(&pointer) {
                let bases = subtypes
                    .of_base(&name)
                    .map(|subtype| join(SCHEMAS, subtype));
                let whole = std::iter::once(join(SCHEMAS, &name)).chain(bases);
                for pointer in whole {
                    if seen.insert(pointer.clone()) {
                        pending.extend(document.pointer(&pointer));
                    }
                }
            } else if seen.insert(pointer.clone()) {
                pending.extend(document.pointer(&pointer));
            }
        }
    }
    seen
}

/// Returns whether a pointer leads into one of some components.
pub fn is_in(components: &BTreeSet<String>, pointer: &str) -> bool {
    component(pointer).is_some_and(|name| components.contains(&join(SCHEMAS, &name)))
}

/// Returns the name of the component schema into which a pointer leads.
fn component(pointer: &str) -> Option<String> {
    let rest = pointer.strip_prefix(SCHEMAS)?.strip_prefix('/')?;
    let name = rest.split('/').next()?;
    Some(unescape(name).into_owned())
}

fn pointer_to(target: &str, schemas: &Map<String, Value>) -> Option<String> {
    match schemas.contains_key(target) {
        true => Some(join(SCHEMAS, target)),
        false => local_pointer(target).map(|pointer| pointer.into_owned()),
    }
}

/// Collects what a value refers to: references, and the values of discriminator mappings.
/// `are_names` says whether the keys of the value are names instead of keywords.
fn collect(value: &Value, are_names: bool, targets: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, false, targets)),
        Value::Object(object) => {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            targets.extend(object.get("$ref").and_then(text));
            let mapping = object.get("discriminator").and_then(|it| it.get("mapping"));
            let mapping = mapping.and_then(Value::as_object);
            targets.extend(mapping.into_iter().flat_map(Map::values).filter_map(text));
            for (keyword, value) in object {
                if are_names || !holds_data(keyword) {
                    collect(value, !are_names && holds_names(keyword), targets);
                }
            }
        }
        _ => {}
    }
}

/// Returns whether the value of a keyword has names as keys, such as the response `default`.
fn holds_names(keyword: &str) -> bool {
    holds_named_schemas(keyword)
        || matches!(
            keyword,
            "responses" | "parameters" | "headers" | "requestBodies" | "callbacks" | "encoding"
        )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refer(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    #[test]
    fn component_without_a_way_from_operations_is_unused() {
        let document = json!({
            "paths": { "/a": { "get": { "responses": {
                "200": { "$ref": "#/components/responses/Ok" },
                "default": { "content": { "application/json": { "schema": refer("Error") } } },
            } } } },
            "webhooks": { "done": { "post": { "requestBody": { "content": {
                "application/json": { "schema": refer("Event") },
            } } } } },
            "components": {
                "responses": { "Ok": { "content": { "application/json": { "schema": refer("Base") } } } },
                "schemas": {
                    "Base": { "discriminator": { "propertyName": "kind" } },
                    "Child": { "allOf": [refer("Base"), { "properties": { "a/b": refer("a~1b") } }] },
                    "a/b": { "properties": { "deep": { "$ref": "#/components/schemas/Outer/properties/in" } } },
                    "Outer": { "properties": { "in": {} } },
                    "Error": {}, "Event": {}, "Named": { "$id": "named.json" },
                    "Spare": { "properties": { "other": refer("Other") } }, "Other": {},
                },
            },
        });
        let unused = unused_components(&document);
        assert_eq!(
            unused,
            ["Other", "Spare"].map(|name| join(SCHEMAS, name)).into()
        );
        assert!(is_in(&unused, "/components/schemas/Spare/properties/other"));
        assert!(!is_in(&unused, "/components/schemas/Error"));
    }

    #[test]
    fn library_of_schemas_has_no_unused_ones() {
        let document = json!({ "paths": {}, "components": { "schemas": { "A": {} } } });
        assert_eq!(unused_components(&document), BTreeSet::new());
    }
}

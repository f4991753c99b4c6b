//! The part of a document that some operations need, so that only it is generated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::diff::change::Change;
use crate::diff::paths::form;
use crate::pointer::unescape;

/// The operations that changes reach, by their names.
pub fn touched(changes: &[Change]) -> BTreeSet<String> {
    changes
        .iter()
        .flat_map(|change| change.reach.keys())
        .map(|name| form(name))
        .collect()
}

/// The document with these operations only, and the components that they need.
pub fn of(document: &Value, operations: &BTreeSet<String>) -> Value {
    let mut paths = Map::new();
    let all = document.get("paths").and_then(Value::as_object);
    for (path, item) in all.into_iter().flatten() {
        let Some(members) = item.as_object() else {
            continue;
        };
        let kept: Map<String, Value> = members
            .iter()
            .filter(|(key, value)| {
                let is_operation = value.is_object() && !key.starts_with("x-");
                !is_operation
                    || operations.contains(&form(&format!("{} {path}", key.to_uppercase())))
            })
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if kept.values().any(Value::is_object) || kept.contains_key("$ref") {
            paths.insert(path.clone(), kept.into());
        }
    }
    let mut slice = Map::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        if !matches!(key.as_str(), "paths" | "components" | "webhooks") {
            slice.insert(key.clone(), value.clone());
        }
    }
    let components = needed(document, &paths);
    slice.insert("paths".to_owned(), paths.into());
    slice.insert("components".to_owned(), components);
    slice.into()
}

/// The components that paths refer to, directly or not.
fn needed(document: &Value, paths: &Map<String, Value>) -> Value {
    let mut found: BTreeMap<(&str, &str), &Value> = BTreeMap::new();
    let mut names: Vec<(String, String)> = Vec::new();
    paths.values().for_each(|path| references(path, &mut names));
    let components = document.get("components");
    while let Some((kind, name)) = names.pop() {
        let of_kind = components.and_then(|components| components.get(&kind)?.as_object());
        let kept = components
            .and_then(Value::as_object)
            .and_then(|kinds| kinds.get_key_value(kind.as_str()));
        if let (Some(of_kind), Some((kind, _))) = (of_kind, kept)
            && let Some((name, value)) = of_kind.get_key_value(name.as_str())
            && found.insert((kind, name), value).is_none()
        {
            references(value, &mut names);
        }
    }
    let mut kept = Map::new();
    // Credentials are named, not referred to.
    if let Some(schemes) = components.and_then(|components| components.get("securitySchemes")) {
        kept.insert("securitySchemes".to_owned(), schemes.clone());
    }
    for ((kind, name), value) in found {
        if let Value::Object(of_kind) = kept.entry(kind).or_insert_with(|| Map::new().into()) {
            of_kind.insert(name.to_owned(), value.clone());
        }
    }
    kept.into()
}

fn references(value: &Value, names: &mut Vec<(String, String)>) {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => pending.extend(object.values()),
            Value::String(text) => {
                if let Some(path) = text.strip_prefix("#/components/")
                    && let Some((kind, rest)) = path.split_once('/')
                {
                    let name = unescape(rest.split('/').next().unwrap_or_default());
                    names.push((kind.to_owned(), name.into_owned()));
                }
            }
            _ => {}
        }
    }
}

/// The number of values in a document, counted no further than it matters.
pub fn size(document: &Value, most: usize) -> usize {
    let mut count = 0;
    let mut pending = vec![document];
    while let Some(value) = pending.pop() {
        count += 1;
        if count >= most {
            break;
        }
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(object) => pending.extend(object.values()),
            _ => {}
        }
    }
    count
}

/// Whether there is no operation in it.
pub fn is_empty(document: &Value) -> bool {
    document
        .get("paths")
        .and_then(Value::as_object)
        .is_none_or(Map::is_empty)
}

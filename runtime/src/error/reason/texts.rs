//! Finds the texts in a property that tells errors: a text, a list of errors, or a map from a field
//! to its errors.

use serde_json::{Map, Value};

use super::property::{find, scalar};

/// The properties that list several errors.
pub(super) const LISTS: [&str; 11] = [
    "errors",
    "errorcauses",
    "errormessages",
    "details",
    "detail",
    "issues",
    "violations",
    "fieldviolations",
    "invalidparams",
    "validationerrors",
    "fielderrors",
];

/// The properties of an error in a list that hold its reason.
const ITEM_REASONS: [&str; 10] = [
    "message",
    "msg",
    "detail",
    "description",
    "reason",
    "title",
    "errorsummary",
    "error",
    "issue",
    "code",
];

/// The properties of an error in a list that hold its location in the request.
const LOCATIONS: [&str; 11] = [
    "field",
    "loc",
    "pointer",
    "path",
    "instancepath",
    "parameter",
    "param",
    "property",
    "propertypath",
    "name",
    "source",
];

/// The maximum depth at which texts are looked for.
const DEEPEST: usize = 5;

/// Returns the texts of a value: a text, a list of errors, or an error.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    add_texts(value, 0, &mut all);
    all
}

fn add_texts(value: &Value, depth: usize, all: &mut Vec<String>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|it| add_texts(it, depth + 1, all)),
        Value::Object(object) => add_error(object, depth, all),
        other => all.extend(scalar(Some(other))),
    }
}

/// Adds the texts of the lists of errors in an object.
pub(super) fn add_listed(object: &Map<String, Value>, depth: usize, all: &mut Vec<String>) {
    for name in LISTS {
        if let Some(list) = find(object, name) {
            add_texts(list, depth, all);
        }
    }
}

/// Adds the texts of an error in a list, each with its location in the request.
fn add_error(object: &Map<String, Value>, depth: usize, all: &mut Vec<String>) {
    let is_map = !object.is_empty() && object.values().all(Value::is_array);
    let reason = ITEM_REASONS
        .iter()
        .find_map(|name| scalar(find(object, name)));
    match reason {
        Some(reason) if !is_map => {
            let location = LOCATIONS.iter().find_map(|name| {
                let location = location(find(object, name)?)?;
                (location != reason).then_some(location)
            });
            all.push(match location {
                Some(location) => format!("{location}: {reason}"),
                None => reason,
            });
        }
        _ => {
            let mut nested = Vec::new();
            if !is_map {
                add_listed(object, depth + 1, &mut nested);
            }
            nested.dedup();
            match nested.is_empty() {
                true => add_fields(object, depth, all),
                false => all.append(&mut nested),
            }
        }
    }
}

/// Adds the texts of a map from each field to its errors.
pub(super) fn add_fields(object: &Map<String, Value>, depth: usize, all: &mut Vec<String>) {
    for (name, errors) in object {
        // A location without a reason explains nothing.
        if name != "loc" {
            let mut texts = Vec::new();
            add_texts(errors, depth + 1, &mut texts);
            for text in texts {
                all.push(format!("{name}: {text}"));
            }
        }
    }
}

/// Returns a location in the request: a name, a list of names and indices, or an object that holds
/// a location.
fn location(value: &Value) -> Option<String> {
    match value {
        Value::Array(parts) => {
            let mut texts = Vec::new();
            for part in parts {
                texts.extend(scalar(Some(part)));
            }
            (!texts.is_empty()).then(|| texts.join("."))
        }
        Value::Object(object) => ["pointer", "parameter", "header"]
            .iter()
            .find_map(|name| scalar(object.get(*name))),
        other => scalar(Some(other)),
    }
}

//! Finds the references of a document, and the kinds of values to which they lead.

use serde_json::Value;

use crate::openapi::keyword::{holds_data, holds_named_schemas};

/// Calls `change` with each reference below a value, and the location of its object. A reference is
/// replaced by the result.
pub(super) fn each_reference(
    value: &mut Value,
    at: &mut Vec<String>,
    change: &mut dyn FnMut(&str, &[String]) -> Option<String>,
) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                at.push(index.to_string());
                each_reference(item, at, change);
                at.pop();
            }
        }
        Value::Object(object) => {
            let is_map = at.last().is_some_and(|token| holds_named_schemas(token));
            for (key, value) in object.iter_mut() {
                match value {
                    Value::String(text) if key == "$ref" && !is_map => {
                        if let Some(changed) = change(text, at) {
                            *text = changed;
                        }
                    }
                    Value::Object(mapping) if key == "mapping" && is_discriminator(at) => {
                        for target in mapping.values_mut() {
                            if let Value::String(text) = target
                                && (text.contains('#') || text.contains('/') || is_file(text))
                                && let Some(changed) = change(text, &["mapping".to_owned()])
                            {
                                *text = changed;
                            }
                        }
                    }
                    // Examples of parameters and bodies may be references.
                    value if !holds_data(key) || is_map || key == "examples" => {
                        at.push(key.clone());
                        each_reference(value, at, change);
                        at.pop();
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn is_discriminator(at: &[String]) -> bool {
    at.last().is_some_and(|token| token == "discriminator")
}

fn is_file(text: &str) -> bool {
    [".yaml", ".yml", ".json"]
        .iter()
        .any(|end| text.ends_with(end))
}

/// Returns the kind of component to which a reference at a location leads.
pub(super) fn kind(at: &[String]) -> &'static str {
    let last = at.last().map_or("", String::as_str);
    let before = at.iter().rev().nth(1).map_or("", String::as_str);
    match (before, last) {
        (_, "requestBody") | ("requestBodies", _) => "requestBodies",
        ("parameters", _) => "parameters",
        ("responses", _) => "responses",
        ("headers", _) => "headers",
        ("examples", _) => "examples",
        ("links", _) => "links",
        ("callbacks", _) => "callbacks",
        ("securitySchemes", _) => "securitySchemes",
        ("paths" | "pathItems" | "webhooks", _) => "pathItems",
        _ => "schemas",
    }
}

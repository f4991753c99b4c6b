//! Writes the data of the mock server: a sample of each documented success, as JSON.
//!
//! ```json
//! {
//! "error": { "message": "…" },
//! "responses": {
//! "GET /cats/{id}": [{ "status": 200, "media_type": "application/json", "json": { "name": "…" } }]
//! }}
//! ```
//!
//! A response without content has no `media_type`. A body that is not JSON is in `text`. JSON comes
//! first, then the lowest status.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::lower::Operation;
use crate::openapi::media_type::{is_event_stream, is_json, is_json_sequence, is_range};
use crate::openapi::reference;
use crate::sample::Sampler;

/// The size from which on samples hold only required values.
const LARGE: usize = 8 * 1024 * 1024;

/// Returns the data for the operations of a document.
pub(crate) fn write(document: &Value, operations: &[Operation]) -> String {
    let error = error_sample(document, operations);
    let mut data = format!("{{\n\"error\": {error},\n\"responses\": {{");
    // An operation with a JSON and a streamed response is called by two methods.
    let mut written = BTreeSet::new();
    for operation in operations {
        let key = format!("{} {}", operation.method_token(), operation.path);
        let Some(described) = document.pointer(&operation.pointer) else {
            continue;
        };
        if written.contains(&key) {
            continue;
        }
        let sampler = match data.len() {
            ..LARGE => Sampler::new(document),
            _ => Sampler::new(document).required_only(),
        };
        let responses = Value::Array(successes(document, &sampler, described));
        let comma = if written.is_empty() { "" } else { "," };
        // Writing to a `String` does not fail.
        let _ = write!(data, "{comma}\n{}: {responses}", json!(key));
        written.insert(key);
    }
    data + "\n}}\n"
}

/// Samples the success responses of an operation. `2XX` stands for 200. `default` counts if no
/// other success is documented.
fn successes(document: &Value, sampler: &Sampler<'_>, operation: &Value) -> Vec<Value> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let mut documented: Vec<(u16, &Value)> = responses
        .into_iter()
        .flatten()
        .filter_map(|(key, response)| Some((success_status(key)?, response)))
        .collect();
    if documented.is_empty() {
        let default = responses.and_then(|responses| responses.get("default"));
        documented.extend(default.map(|response| (200, response)));
    }
    let mut successes = Vec::new();
    for (status, response) in documented {
        let content = contents(document, response);
        successes.extend(content.into_iter().flatten().map(|(name, media_type)| {
            let name = if is_range(name) {
                "application/json"
            } else {
                name
            };
            (status, Some((name, media_type)))
        }));
        if content.is_none_or(Map::is_empty) {
            successes.push((status, None));
        }
    }
    successes.sort_by_key(|(status, content)| {
        let is_json = content.is_some_and(|(name, _)| is_json(name));
        (!is_json, *status)
    });
    let sample = |(status, content)| match content {
        None => json!({ "status": status }),
        Some((name, media_type)) if is_json(name) => {
            json!({ "status": status, "media_type": name, "json": sampler.body(media_type) })
        }
        Some((name, media_type)) => {
            let text = text_sample(document, sampler, name, media_type);
            json!({ "status": status, "media_type": name, "text": text })
        }
    };
    successes.into_iter().map(sample).collect()
}

/// Returns the status that a success key of `responses` stands for.
fn success_status(key: &str) -> Option<u16> {
    if key.eq_ignore_ascii_case("2XX") {
        return Some(200);
    }
    key.parse()
        .ok()
        .filter(|status| (200..300).contains(status))
}

fn contents<'d>(document: &'d Value, response: &'d Value) -> Option<&'d Map<String, Value>> {
    let response = reference::resolve(document, response).ok()?.value;
    response.get("content")?.as_object()
}

/// Samples a body that is not JSON.
fn text_sample<'d>(
    document: &'d Value,
    sampler: &Sampler<'d>,
    name: &str,
    media_type: &'d Value,
) -> String {
    if is_event_stream(name) {
        return event_stream_sample(document, sampler, media_type);
    }
    if let Some(schema) = media_type
        .get("itemSchema")
        .filter(|_| is_json_sequence(name))
    {
        return format!("{}\n", sampler.value(schema));
    }
    if is_json_sequence(name)
        && let Value::Array(values) = sampler.body(media_type)
    {
        return values.iter().map(|value| format!("{value}\n")).collect();
    }
    match sampler.body(media_type) {
        Value::String(text) => text,
        value => value.to_string(),
    }
}

/// Samples an event stream: the documented text, or an event for the value that is described.
fn event_stream_sample<'d>(
    document: &'d Value,
    sampler: &Sampler<'d>,
    media_type: &'d Value,
) -> String {
    let has_example = media_type.get("example").is_some() || media_type.get("examples").is_some();
    // OpenAPI 3.2 describes each event by `itemSchema`.
    let event_schema = media_type.get("itemSchema").filter(|_| !has_example);
    if let Some(schema) = event_schema {
        let schema = first_variant(document, schema);
        return match sampler.value(schema) {
            Value::Object(mut event) if event.contains_key("data") => {
                let data = schema.pointer("/properties/data/contentSchema");
                if let Some(data) = data {
                    event.insert("data".to_owned(), sampler.value(data));
                }
                event_lines(&event)
            }
            value => data_event(&value),
        };
    }
    match sampler.body(media_type) {
        Value::String(text) if text.lines().any(|line| line.starts_with("data:")) => text,
        Value::Array(values) => values.iter().map(data_event).collect(),
        value => data_event(&value),
    }
}

/// Returns the schema of one kind of event.
fn first_variant<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let resolved = |schema: &'d Value| reference::resolve(document, schema).map(|it| it.value);
    let schema = resolved(schema).unwrap_or(schema);
    let variants = schema.get("oneOf").or(schema.get("anyOf"));
    let first = variants.and_then(|variants| variants.get(0));
    first
        .and_then(|first| resolved(first).ok())
        .unwrap_or(schema)
}

/// Writes an event that is described by its fields.
fn event_lines(event: &Map<String, Value>) -> String {
    let fields = ["event", "id", "retry", "data"];
    let lines = fields.iter().filter_map(|name| {
        let value = event.get(*name).filter(|value| !value.is_null())?;
        Some(field_lines(name, value))
    });
    lines.chain(["\n".to_owned()]).collect()
}

/// Writes an event that has data only.
fn data_event(value: &Value) -> String {
    field_lines("data", value) + "\n"
}

fn field_lines(name: &str, value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    let lines = text.split('\n').map(|line| format!("{name}: {line}\n"));
    lines.collect()
}

/// Samples the JSON error that most responses document, with its required properties only.
/// Returns an empty object if none is documented.
fn error_sample(document: &Value, operations: &[Operation]) -> Value {
    let mut counts: BTreeMap<String, (usize, &Value)> = BTreeMap::new();
    for operation in operations {
        let described = document.pointer(&operation.pointer);
        let responses = described.and_then(|it| it.get("responses")?.as_object());
        let errors = responses
            .into_iter()
            .flatten()
            .filter(|(key, _)| key.starts_with(['4', '5']) || *key == "default")
            .filter_map(|(_, response)| contents(document, response))
            .flatten()
            .filter(|(name, media_type)| is_json(name) && media_type.get("schema").is_some());
        for (_, media_type) in errors {
            let schema = media_type.get("schema").map(Value::to_string);
            let count = counts.entry(schema.unwrap_or_default());
            count.or_insert((0, media_type)).0 += 1;
        }
    }
    let commonest = counts.into_values().max_by_key(|(count, _)| *count);
    let schema = commonest.and_then(|(_, media_type)| media_type.get("schema"));
    let sampler = Sampler::new(document).required_only();
    schema
        .map(|schema| sampler.value(schema))
        .filter(Value::is_object)
        .unwrap_or_else(|| json!({}))
}

#[cfg(test)]
mod tests;

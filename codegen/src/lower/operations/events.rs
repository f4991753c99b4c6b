//! Typed streams: the schema of an event or of a line (`itemSchema` of OpenAPI 3.2, or `schema`).

use serde_json::{Map, Value, json};

use super::context::OperationContext;
use super::response_kinds::{Success, has_shape};
use crate::ledger::Effect;
use crate::lower::model::EventForm;
use crate::openapi::pointer::join;
use crate::openapi::reference::{local_pointer, resolve};

/// The properties of an event (OpenAPI 3.2, Special Considerations for Server-Sent Events).
const OF_AN_EVENT: [&str; 4] = ["data", "event", "id", "retry"];

/// A schema and its location.
struct Item {
    schema: Value,
    pointer: String,
}

/// Returns the lowered schema of the events, and the part of an event that it describes; `None` if
/// the document gives no schema.
pub(super) fn lower(
    context: &mut OperationContext<'_, '_>,
    successes: &[Success<'_>],
) -> Option<(EventForm, Value)> {
    let Some((first, item)) = described(context, successes) else {
        report_untyped(
            context,
            successes,
            "its events are not described: each is an `Event`",
        );
        return None;
    };
    let hint = format!("{}Event", context.names.type_prefix);
    let Some((form, item)) = event(context.document, item) else {
        let detail = "the data of its events is text: each is an `Event`";
        context
            .ledger
            .add(&first, "event-stream", Effect::Widened, detail);
        return None;
    };
    let lowered = context
        .components
        .inline(&item.schema, &item.pointer, &hint, context.ledger);
    Some((form, lowered))
}

/// Returns the lowered schema of a line.
pub(super) fn lines(context: &mut OperationContext<'_, '_>, successes: &[Success<'_>]) -> Value {
    let Some((_, item)) = described(context, successes) else {
        report_untyped(
            context,
            successes,
            "its lines are not described: each is any JSON value",
        );
        return json!({});
    };
    let hint = format!("{}Line", context.names.type_prefix);
    context
        .components
        .inline(&item.schema, &item.pointer, &hint, context.ledger)
}

/// Returns the lowered schema of a request body of lines: a list of their values.
pub(super) fn sent_lines(
    context: &mut OperationContext<'_, '_>,
    media: &Value,
    pointer: &str,
    hint: &str,
) -> Value {
    let line = match item_of(context.document, media, pointer) {
        Some(item) => context
            .components
            .inline(&item.schema, &item.pointer, hint, context.ledger),
        None => {
            let detail = "its lines are not described: each is any JSON value";
            context
                .ledger
                .add(pointer, "body-media-type", Effect::Widened, detail);
            json!({})
        }
    };
    json!({ "type": "array", "items": line })
}

fn report_untyped(context: &mut OperationContext<'_, '_>, successes: &[Success<'_>], detail: &str) {
    if let Some(first) = successes.first() {
        context
            .ledger
            .add(&first.pointer, "event-stream", Effect::Widened, detail);
    }
}

/// Returns the schema of one item of a stream, with the location of the response. Several different
/// schemas are a union.
fn described(
    context: &OperationContext<'_, '_>,
    successes: &[Success<'_>],
) -> Option<(String, Item)> {
    let mut items: Vec<Item> = Vec::new();
    for one in successes {
        let item = item(context.document, one)?;
        if !items.iter().any(|known| known.schema == item.schema) {
            items.push(item);
        }
    }
    let first = successes.first()?.pointer.clone();
    if items.len() == 1 {
        return Some((first, items.pop()?));
    }
    let pointer = items.first()?.pointer.clone();
    let schemas: Vec<Value> = items.into_iter().map(|item| item.schema).collect();
    let schema = json!({ "oneOf": schemas });
    Some((first, Item { schema, pointer }))
}

fn item(document: &Value, success: &Success<'_>) -> Option<Item> {
    let (_, media) = success.content?;
    item_of(document, media, &success.pointer)
}

/// Returns the schema of one item of a media type that is a sequence, which is at `pointer`.
fn item_of(document: &Value, media: &Value, pointer: &str) -> Option<Item> {
    if let Some(schema) = media.get("itemSchema") {
        return Some(Item {
            schema: schema.clone(),
            pointer: join(pointer, "itemSchema"),
        });
    }
    let schema = media.get("schema").filter(|schema| has_shape(schema))?;
    let pointer = join(pointer, "schema");
    let target = resolve(document, schema).ok()?;
    if !has_shape(target.value) {
        return None;
    }
    // The schema of a whole stream is a list (OpenAPI 3.2, Sequential Media Types).
    let items = target
        .value
        .get("items")
        .filter(|_| target.value.get("type") == Some(&json!("array")));
    Some(match items {
        Some(items) => Item {
            schema: items.clone(),
            pointer: join(&target.pointer.unwrap_or(pointer), "items"),
        },
        None => Item {
            schema: schema.clone(),
            pointer,
        },
    })
}

/// Returns the part of an event that a schema describes, and the schema of that part; `None` if the
/// data is text.
fn event(document: &Value, item: Item) -> Option<(EventForm, Item)> {
    let target = resolve(document, &item.schema).ok()?;
    let pointer = target.pointer.clone().unwrap_or(item.pointer.clone());
    if let Some(data) = data(target.value) {
        let (schema, token) = json_data(document, data)?;
        let mut pointer = join(&join(&pointer, "properties"), "data");
        if let Some(token) = token {
            pointer = join(&pointer, token);
        }
        let schema = schema.clone();
        return Some((EventForm::Data, Item { schema, pointer }));
    }
    for keyword in ["oneOf", "anyOf"] {
        let Some(variants) = target.value.get(keyword).and_then(Value::as_array) else {
            continue;
        };
        let resolved: Vec<&Value> = variants
            .iter()
            .filter_map(|variant| Some(resolve(document, variant).ok()?.value))
            .collect();
        if resolved.len() == variants.len()
            && resolved.iter().all(|it| is_event(it))
            && resolved.iter().any(|it| data(it).is_some())
        {
            let events: Vec<Value> = resolved
                .into_iter()
                .filter_map(|it| Some(with_json_data(document, it.as_object()?)))
                .collect();
            let schema = json!({ keyword: events });
            return Some((EventForm::Whole, Item { schema, pointer }));
        }
    }
    // The schema describes the data alone.
    has_shape(&item.schema).then_some((EventForm::Data, item))
}

/// Returns the schema of the data, if a schema describes an event.
fn data(schema: &Value) -> Option<&Value> {
    schema
        .get("properties")?
        .get("data")
        .filter(|_| is_event(schema))
}

/// Returns whether a schema describes nothing but the properties of an event.
fn is_event(schema: &Value) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.is_some_and(|properties| {
        let mut names = properties.keys();
        names.all(|name| OF_AN_EVENT.contains(&name.as_str()))
    })
}

/// Returns the schema of data that is JSON, and the keyword that holds it.
fn json_data<'d>(
    document: &'d Value,
    data: &'d Value,
) -> Option<(&'d Value, Option<&'static str>)> {
    if let Some(schema) = data.get("contentSchema") {
        return Some((schema, Some("contentSchema")));
    }
    let target = resolve(document, data).ok()?.value;
    if let Some(schema) = target.get("contentSchema").filter(|_| is_local(data)) {
        return Some((schema, None));
    }
    has_shape(target).then_some((data, None))
}

fn is_local(schema: &Value) -> bool {
    let reference = schema.get("$ref").and_then(Value::as_str);
    reference.is_none_or(|reference| local_pointer(reference).is_some())
}

/// Returns the schema of an event whose data was decoded.
fn with_json_data(document: &Value, event: &Map<String, Value>) -> Value {
    let mut event = event.clone();
    if let Some(Value::Object(properties)) = event.get_mut("properties")
        && let Some(data) = properties.get("data")
        && let Some((schema, _)) = json_data(document, data)
    {
        let schema = schema.clone();
        properties.insert("data".to_owned(), schema);
    }
    Value::Object(event)
}

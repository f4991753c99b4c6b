//! Responses of an operation: what progenitor is told of each way in which it responds.

use serde_json::{Value, json};

use super::context::{OperationContext, OperationSource};
use super::events;
use super::response_kinds::{ResponseWay, Success, Successes, has_shape, responses};
use crate::ledger::Effect;
use crate::lower::model::{EventForm, ResponseKind};
use crate::lower::notes::RESPONSES;
use crate::markdown;
use crate::openapi::media_type::essence;
use crate::openapi::pointer::join;

/// Returns the described error responses: the status and the description of each, by status.
pub(super) fn errors(document: &Value, source: &OperationSource<'_>) -> Vec<(String, String)> {
    let responses = responses(document, source);
    let errors = responses
        .iter()
        .filter(|one| one.status.starts_with(['4', '5']));
    let mut errors: Vec<(String, String)> = errors
        .map(|one| {
            let response = one.target.as_ref().ok();
            let description = response.and_then(|it| it.get("description")?.as_str());
            let description = markdown::safe(description.unwrap_or_default());
            (one.status.to_owned(), description)
        })
        .collect();
    errors.sort();
    errors
}

/// Returns the lowered `responses` of a method, and the part of an event that the type describes.
pub(super) fn lower(
    context: &mut OperationContext<'_, '_>,
    successes: &Successes<'_>,
    way: &ResponseWay<'_>,
) -> (Option<EventForm>, Value) {
    let (mut form, mut schema) = (None, None);
    match way.kind {
        ResponseKind::Json => schema = Some(json_schema(context, successes, way)),
        ResponseKind::EventStream => {
            if let Some((of, lowered)) = events::lower(context, &way.successes) {
                (form, schema) = (Some(of), Some(lowered));
            }
        }
        ResponseKind::JsonLines => schema = Some(events::lines(context, &way.successes)),
        ResponseKind::Text | ResponseKind::Bytes => report_schemas(context, way),
        ResponseKind::Empty => {}
    }
    let success = match schema {
        Some(schema) => json!({
            "description": "success",
            "content": { "application/json": { "schema": schema } },
        }),
        None => json!({ "description": "success" }),
    };
    (form, json!({ "2XX": success }))
}

/// Adds entries for what no method returns, and for operations with several methods.
pub(super) fn report(context: &mut OperationContext<'_, '_>, successes: &Successes<'_>) {
    let is_head = context.source.http_method == "head";
    for response in responses(context.document, context.source) {
        let pointer = response.pointer;
        let mut add = |pointer: String, rule, effect, detail: &str| {
            context.ledger.add(pointer, rule, effect, detail);
        };
        if !response.status.starts_with('2') {
            let (rule, effect, detail) = match response.status.as_bytes() {
                [b'1', ..] => (
                    "interim-response",
                    Effect::Dropped,
                    "handled by the HTTP library: another response follows",
                ),
                b"300" | b"304" | b"305" | b"306" => (
                    "redirect-response",
                    Effect::Rewritten,
                    "an error that tells the status; no redirect is followed",
                ),
                [b'3', ..] => (
                    "redirect-response",
                    Effect::Rewritten,
                    "handled by the runtime, which follows redirects",
                ),
                _ => (
                    "error-response",
                    Effect::Rewritten,
                    "decodes as the client's error",
                ),
            };
            add(pointer, rule, effect, detail);
            continue;
        }
        let response = match response.target {
            Ok(response) => response,
            Err(unresolved) => {
                let detail = format!("not decoded: {unresolved}");
                add(pointer, "dangling", Effect::Dropped, &detail);
                continue;
            }
        };
        for (keyword, rule, detail) in [
            (
                "headers",
                "response-header",
                "readable by name on the response",
            ),
            (
                "links",
                "links",
                "the caller makes the call that a link describes",
            ),
        ] {
            let all = response.get(keyword).and_then(Value::as_object);
            if all.is_some_and(|all| !all.is_empty()) {
                add(join(&pointer, keyword), rule, Effect::Dropped, detail);
            }
        }
    }
    for repeated in successes.repeated.iter().filter(|_| !is_head) {
        let detail = "the same value is requested as JSON";
        context.ledger.add(
            &repeated.pointer,
            "response-media-type",
            Effect::Dropped,
            detail,
        );
    }
    if successes.ways.len() > 1 {
        let methods = successes.ways.iter().map(|way| {
            let method = context.names.method_of("", way.suffix);
            let mut types: Vec<String> = way
                .successes
                .iter()
                .filter_map(|one| Some(format!("`{}`", essence(one.content?.0))))
                .collect();
            types.dedup();
            format!("`{method}` asks for {}", types.join(" or "))
        });
        let detail = methods.collect::<Vec<_>>().join(", ");
        context.ledger.add(
            join(&context.source.pointer, "responses"),
            "dual-response",
            Effect::Rewritten,
            detail,
        );
    }
}

/// Adds entries for schemas that become no type.
fn report_schemas(context: &mut OperationContext<'_, '_>, way: &ResponseWay<'_>) {
    for one in &way.successes {
        let is_typed = one.schema().is_some_and(has_shape)
            || one
                .content
                .is_some_and(|(_, media)| media.get("itemSchema").is_some());
        if is_typed {
            let given = match way.kind {
                ResponseKind::Text => "text",
                _ => "bytes",
            };
            let detail = format!("given as {given}; its schema becomes no type");
            context
                .ledger
                .add(&one.pointer, "response-media-type", Effect::Widened, detail);
        }
    }
}

fn json_schema(
    context: &mut OperationContext<'_, '_>,
    successes: &Successes<'_>,
    way: &ResponseWay<'_>,
) -> Value {
    let Some(first) = way.successes.first() else {
        return json!({});
    };
    let hint = format!("{}Response", context.names.type_prefix);
    let mut shapes: Vec<(&Value, Vec<Value>)> = Vec::new();
    for one in &way.successes {
        let schema = one.schema().unwrap_or(&Value::Bool(true));
        let media_type = one.content.map(|(name, _)| essence(name));
        let response = json!([one.status, media_type.unwrap_or_default()]);
        if let Some((_, responses)) = shapes.iter_mut().find(|(of, _)| *of == schema) {
            responses.push(response);
            continue;
        }
        if !shapes.is_empty() {
            report_shape(context, one, first);
        }
        shapes.push((schema, vec![response]));
    }
    for one in &way.successes {
        let is_unread = |(_, media): (&str, &Value)| media.get("itemSchema").is_some();
        if one.content.is_some_and(is_unread) {
            let place = join(&one.pointer, "itemSchema");
            let detail =
                "the media type is no sequence of items; any JSON value without a `schema`";
            context
                .ledger
                .add(place, "response-media-type", Effect::Dropped, detail);
        }
    }
    let union;
    let schema = match shapes.as_slice() {
        [(only, _)] => only,
        several => {
            let variants = several.iter().map(|(schema, responses)| {
                let mut variant = schema.as_object().cloned().unwrap_or_default();
                variant.insert(RESPONSES.to_owned(), json!(responses));
                Value::Object(variant)
            });
            union = json!({ "oneOf": variants.collect::<Vec<_>>() });
            &union
        }
    };
    let pointer = join(&first.pointer, "schema");
    let lowered = context
        .components
        .inline(schema, &pointer, &hint, context.ledger);
    let Some(empty) = &successes.empty else {
        return lowered;
    };
    let detail = format!(
        "response {} has no body: the value is optional",
        empty.status
    );
    context
        .ledger
        .add(&empty.pointer, "response-shape", Effect::Rewritten, detail);
    json!({ "allOf": [lowered], "nullable": true })
}

fn report_shape(context: &mut OperationContext<'_, '_>, one: &Success<'_>, first: &Success<'_>) {
    let detail = format!(
        "responses {} and {} have different schemas: a union, whose variant the response selects",
        one.status, first.status
    );
    context
        .ledger
        .add(&one.pointer, "response-shape", Effect::Rewritten, detail);
}

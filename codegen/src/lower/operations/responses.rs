//! Responses of an operation: what progenitor is told of each way in which it responds.

use serde_json::{Value, json};

use super::context::{OperationContext, OperationSource};
use super::events;
use super::response_kinds::{ResponseWay, Success, Successes, has_shape, responses};
use crate::ledger::Effect;
use crate::lower::model::{EventForm, ResponseKind};
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
            let (rule, detail) = match response.status.chars().next() {
                Some('3') => (
                    "redirect-response",
                    "handled by the runtime, which follows redirects",
                ),
                _ => ("error-response", "decodes as the client's error"),
            };
            add(pointer, rule, Effect::Rewritten, detail);
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
    let mut shapes: Vec<&Value> = Vec::new();
    for one in &way.successes {
        let schema = one.schema().unwrap_or(&Value::Bool(true));
        if !shapes.contains(&schema) {
            if !shapes.is_empty() {
                report_shape(context, one, first);
            }
            shapes.push(schema);
        }
    }
    let union = json!({ "oneOf": shapes });
    let schema = match shapes.as_slice() {
        [only] => only,
        _ => &union,
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
        "responses {} and {} have different schemas: a union of both",
        one.status, first.status
    );
    context
        .ledger
        .add(&one.pointer, "response-shape", Effect::Rewritten, detail);
}

//! Request bodies: what progenitor is told of each way in which a body is sent.

use serde_json::{Value, json};

use super::body_kinds::{BodyFormat, BodyWay, RequestBody};
use super::context::OperationContext;
use super::response_kinds::has_shape;
use super::{events, multipart, serialization};
use crate::ledger::Effect;
use crate::lower::model::{Body, BodyKind};
use crate::markdown;
use crate::names::pascal;
use crate::openapi::media_type::{essence, is_range};
use crate::openapi::pointer::join;
use crate::openapi::reference::{Unresolved, resolve};

/// The media type of bytes about which nothing else is known.
const OCTET_STREAM: &str = "application/octet-stream";

/// Returns the body of a method and its lowered form.
pub(super) fn lower(
    context: &mut OperationContext<'_, '_>,
    request: &RequestBody<'_>,
    way: &BodyWay<'_>,
) -> Option<(Body, Value)> {
    let (media_type, media) = way.types.first().copied()?;
    let content = request.body.get("content");
    let own = content.and_then(|content| content.get(media_type));
    let referred = own.and_then(|own| resolve(context.document, own).ok()?.pointer);
    let pointer = referred.unwrap_or_else(|| join(&request.pointer, media_type));
    let any = json!({});
    let schema = media.get("schema").unwrap_or(&any);
    let schema_pointer = join(&pointer, "schema");
    let encoding = media.get("encoding").and_then(Value::as_object);
    let (kind, sent_as, schema) = match way.format {
        BodyFormat::Bytes => {
            if has_shape(schema) || media.get("itemSchema").is_some() {
                let detail = "sent as bytes; its schema becomes no type";
                context
                    .ledger
                    .add(&pointer, "body-media-type", Effect::Widened, detail);
            }
            let schema = json!({ "type": "string", "format": "binary" });
            (BodyKind::Bytes, OCTET_STREAM, schema)
        }
        BodyFormat::Text => {
            let schema = json!({ "type": "string" });
            (BodyKind::Text, "application/json", schema)
        }
        BodyFormat::JsonLines => {
            let hint = format!("{}Line", context.names.type_prefix);
            let schema = events::sent_lines(context, media, &pointer, &hint);
            (BodyKind::JsonLines, "application/json", schema)
        }
        BodyFormat::Multipart => {
            for keyword in ["prefixEncoding", "itemEncoding"] {
                if media.get(keyword).is_some() {
                    let detail = "the parts have no names in the document: the caller adds them";
                    let place = join(&pointer, keyword);
                    context
                        .ledger
                        .add(place, "body-encoding", Effect::Dropped, detail);
                }
            }
            let (form, schema) = multipart::lower(context, media, &pointer);
            (BodyKind::Multipart { form }, "application/json", schema)
        }
        BodyFormat::Json | BodyFormat::UrlEncoded => {
            let hint = format!("{}{}Body", context.names.type_prefix, pascal_or(way));
            let schema = context
                .components
                .inline(schema, &schema_pointer, &hint, context.ledger);
            let kind = match way.format {
                BodyFormat::UrlEncoded => BodyKind::UrlEncoded(serialization::of_fields(encoding)),
                _ => BodyKind::Json,
            };
            (kind, "application/json", schema)
        }
    };
    let is_required = request.body.get("required") == Some(&Value::Bool(true));
    let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
    if is_nullable && !(is_required && matches!(kind, BodyKind::Json)) {
        let detail = "the body is sent or left out; it cannot be `null`";
        context
            .ledger
            .add(&schema_pointer, "null-or-absent", Effect::Dropped, detail);
    }
    let content_type_is_open = way.is_open();
    let content_type = match (way.format, is_range(media_type)) {
        (BodyFormat::Bytes, true) => Some(OCTET_STREAM.to_owned()),
        (_, true) => Some("application/json".to_owned()).filter(|_| content_type_is_open),
        (BodyFormat::Json, false) if media_type == sent_as && !content_type_is_open => None,
        (_, false) => Some(media_type.to_owned()),
    };
    let description = request
        .body
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let body = Body {
        required: is_required,
        description: markdown::safe(description),
        kind,
        content_type,
        content_type_is_open,
    };
    Some((body, lowered(sent_as, schema)))
}

/// Returns the body whose description leads nowhere: any JSON value.
pub(super) fn unresolved(
    context: &mut OperationContext<'_, '_>,
    unresolved: Unresolved,
) -> (Body, Value) {
    let pointer = join(&context.source.pointer, "requestBody");
    let detail = format!("takes any JSON value: {unresolved}");
    context
        .ledger
        .add(pointer, "dangling", Effect::Widened, detail);
    let body = Body {
        required: false,
        description: String::new(),
        kind: BodyKind::Json,
        content_type: None,
        content_type_is_open: false,
    };
    (body, lowered("application/json", json!({})))
}

/// Adds entries for what is not sent, and for bodies that have several methods.
pub(super) fn report(context: &mut OperationContext<'_, '_>, request: &RequestBody<'_>) {
    let mut add = |pointer: &str, rule, effect, detail: String| {
        context.ledger.add(pointer, rule, effect, detail);
    };
    if request.ways.is_empty() {
        let detail = "sent without a body: no media type is described";
        let rule = "body-media-type";
        add(&request.pointer, rule, Effect::Dropped, detail.to_owned());
    }
    if !request.repeated.is_empty() {
        let all = quoted(request.repeated.iter().copied());
        let detail = format!("the same value is sent as JSON, never as {all}");
        add(&request.pointer, "body-media-type", Effect::Dropped, detail);
    }
    if request.ways.len() > 1 {
        let types = request.ways.iter().filter_map(|way| way.types.first());
        let detail = format!(
            "a method for each of {}",
            quoted(types.map(|(name, _)| *name))
        );
        add(
            &request.pointer,
            "several-bodies",
            Effect::Rewritten,
            detail,
        );
    }
}

fn quoted<'t>(names: impl Iterator<Item = &'t str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{}`", essence(name))).collect();
    names.join(", ")
}

fn pascal_or(way: &BodyWay<'_>) -> String {
    match way.suffix.as_str() {
        "" => String::new(),
        suffix => pascal(suffix),
    }
}

fn lowered(media_type: &str, schema: Value) -> Value {
    json!({ "required": true, "content": { media_type: { "schema": schema } } })
}

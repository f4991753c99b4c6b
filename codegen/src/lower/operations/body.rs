//! Request bodies: one of the described media types, and how it is sent.

use serde_json::{Map, Value, json};

use super::context::OperationContext;
use super::{multipart, serialization};
use crate::ledger::Effect;
use crate::lower::model::{Body, BodyKind, Serialization, Style};
use crate::markdown;
use crate::openapi::media_type::{essence, is_json, is_range};
use crate::openapi::pointer::join;
use crate::openapi::reference::resolve;

/// The media type of bytes about which nothing else is known.
const OCTET_STREAM: &str = "application/octet-stream";

/// Returns the body of an operation and its lowered form.
pub(super) fn lower(context: &mut OperationContext<'_, '_>) -> Option<(Body, Value)> {
    let body = context.source.operation.get("requestBody")?;
    let pointer = join(&context.source.pointer, "requestBody");
    let target = match resolve(context.document, body) {
        Ok(target) => target,
        Err(unresolved) => {
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
            return Some((body, lowered("application/json", json!({}))));
        }
    };
    let body = target.value;
    let content = join(&target.pointer.unwrap_or(pointer), "content");
    let empty = Map::new();
    let types = body
        .get("content")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let Some((media_type, media, kind)) = choose(types) else {
        let detail = "sent without a body: no media type is described";
        context
            .ledger
            .add(content, "body-media-type", Effect::Dropped, detail);
        return None;
    };
    let pointer = join(&content, media_type);
    report_others(context, types, media_type, &pointer);

    let any = json!({});
    let schema = media.get("schema").unwrap_or(&any);
    let schema_pointer = join(&pointer, "schema");
    let encoding = media.get("encoding").and_then(Value::as_object);
    let (kind, sent_as, schema) = match kind {
        BodyFormat::Bytes => {
            if is_typed(schema) {
                let detail = "sent as bytes; its schema becomes no type";
                context
                    .ledger
                    .add(&pointer, "body-media-type", Effect::Widened, detail);
            }
            let schema = json!({ "type": "string", "format": "binary" });
            (BodyKind::Bytes, OCTET_STREAM, schema)
        }
        BodyFormat::Multipart => {
            let (form, schema) = multipart::lower(context, media, &pointer);
            (BodyKind::Multipart { form }, "application/json", schema)
        }
        BodyFormat::Json | BodyFormat::UrlEncoded => {
            let hint = format!("{}Body", context.names.type_prefix);
            let schema = context
                .components
                .inline(schema, &schema_pointer, &hint, context.ledger);
            let kind = match kind {
                BodyFormat::UrlEncoded => BodyKind::UrlEncoded(serializations(encoding)),
                _ => BodyKind::Json,
            };
            (kind, "application/json", schema)
        }
    };
    let is_range = is_range(media_type);
    let content_type = match kind {
        BodyKind::Bytes if is_range => Some(OCTET_STREAM.to_owned()),
        BodyKind::Bytes => Some(media_type.clone()),
        _ => (media_type != sent_as && !is_range).then(|| media_type.clone()),
    };
    let alternatives = types
        .keys()
        .filter(|name| BodyFormat::of(name) == BodyFormat::Bytes);
    let content_type_is_open =
        matches!(kind, BodyKind::Bytes) && (is_range || alternatives.count() > 1);
    let description = body
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let body = Body {
        required: body.get("required") == Some(&Value::Bool(true)),
        description: markdown::safe(description),
        kind,
        content_type,
        content_type_is_open,
    };
    Some((body, lowered(sent_as, schema)))
}

fn lowered(media_type: &str, schema: Value) -> Value {
    json!({ "required": true, "content": { media_type: { "schema": schema } } })
}

/// The kinds of bodies, the preferred first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum BodyFormat {
    Json,
    Multipart,
    UrlEncoded,
    Bytes,
}

impl BodyFormat {
    fn of(media_type: &str) -> Self {
        let essence = essence(media_type);
        if is_json(&essence) {
            Self::Json
        } else if essence.starts_with("multipart/") {
            Self::Multipart
        } else if essence == "application/x-www-form-urlencoded" {
            Self::UrlEncoded
        } else {
            Self::Bytes
        }
    }
}

/// Returns the preferred media type. Among equals, the plain one wins, then the first in the
/// document.
fn choose(types: &Map<String, Value>) -> Option<(&String, &Value, BodyFormat)> {
    let kind = |name: &str, media: &Value| {
        let is_any = matches!(essence(name).as_str(), "*/*" | "application/*");
        // A server that accepts anything accepts JSON, if the schema has properties.
        if is_any && media.get("schema").is_some_and(is_typed) {
            BodyFormat::Json
        } else {
            BodyFormat::of(name)
        }
    };
    types
        .iter()
        .map(|(name, media)| (name, media, kind(name, media)))
        .min_by_key(|(name, _, kind)| (*kind, is_range(name), essence(name) != "application/json"))
}

/// Returns whether a schema says more than "bytes" or "text".
fn is_typed(schema: &Value) -> bool {
    let Some(schema) = schema.as_object() else {
        return false;
    };
    let kind = schema.get("type").and_then(Value::as_str);
    kind != Some("string")
        && [
            "$ref",
            "type",
            "properties",
            "items",
            "allOf",
            "anyOf",
            "oneOf",
        ]
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
}

/// Adds an entry for the media types that cannot be sent beside the chosen one.
fn report_others(
    context: &mut OperationContext<'_, '_>,
    types: &Map<String, Value>,
    chosen: &String,
    pointer: &str,
) {
    let schema = |name: &String| types.get(name).and_then(|media| media.get("schema"));
    let kind = BodyFormat::of(chosen);
    let others: Vec<String> = types
        .keys()
        .filter(|name| *name != chosen)
        // Synonyms, and bytes of another kind, lose nothing.
        .filter(|name| match (kind, BodyFormat::of(name)) {
            (BodyFormat::Bytes, BodyFormat::Bytes) => false,
            (kind, other) => kind != other || schema(name) != schema(chosen),
        })
        .map(|name| format!("`{name}`"))
        .collect();
    if !others.is_empty() {
        let detail = format!("`{chosen}` is sent, never {}", others.join(" or "));
        context
            .ledger
            .add(pointer, "body-media-type", Effect::Dropped, detail);
    }
}

/// Returns the fields of a form that have another serialization than the default.
fn serializations(encoding: Option<&Map<String, Value>>) -> Vec<(String, Serialization)> {
    encoding
        .into_iter()
        .flatten()
        .filter_map(|(name, encoding)| {
            let is_json_text = encoding
                .get("contentType")
                .and_then(Value::as_str)
                .is_some_and(is_json);
            let serialization = match serialization::of_encoding(encoding) {
                None if is_json_text => Serialization {
                    style: Style::Json,
                    reserved: false,
                },
                other => other?,
            };
            Some((name.clone(), serialization))
        })
        .collect()
}

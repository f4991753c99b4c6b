//! The ways in which the body of an operation is sent, as the document describes them.

use serde_json::{Map, Value};

use super::context::OperationSource;
use super::response_kinds::has_shape;
use crate::names::{slug, snake};
use crate::openapi::media_type::{essence, is_json, is_json_sequence, is_range};
use crate::openapi::pointer::join;
use crate::openapi::reference::{Unresolved, resolve};

/// The formats of bodies, the preferred first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum BodyFormat {
    Json,
    Multipart,
    UrlEncoded,
    JsonLines,
    Text,
    Bytes,
}

/// A way in which a body is sent. Each way is a method.
pub(super) struct BodyWay<'d> {
    pub(super) format: BodyFormat,
    /// The end of the method's name; empty for the preferred way.
    pub(super) suffix: String,
    /// The media types, the preferred first. They have the same schema, except for bytes.
    pub(super) types: Vec<(&'d str, &'d Value)>,
}

impl BodyWay<'_> {
    /// Returns whether the caller may name the media type: a range leaves it open, and several
    /// media types may mean different things.
    pub(super) fn is_open(&self) -> bool {
        // Other spellings of JSON that frameworks list beside it.
        let is_synonym = |name: &str| {
            matches!(
                name,
                "application/json" | "text/json" | "application/*+json"
            )
        };
        let mut names: Vec<String> = self
            .types
            .iter()
            .map(|(name, _)| essence(name))
            .filter(|name| self.format != BodyFormat::Json || !is_synonym(name))
            .collect();
        let plain = self.types.len() - names.len();
        names.dedup();
        let has_range = names.iter().any(|name| is_range(name));
        match self.format {
            BodyFormat::Json | BodyFormat::Bytes => {
                has_range || names.len() + usize::from(plain > 0) > 1
            }
            BodyFormat::Multipart
            | BodyFormat::UrlEncoded
            | BodyFormat::JsonLines
            | BodyFormat::Text => false,
        }
    }
}

/// The request body of an operation.
pub(super) struct RequestBody<'d> {
    pub(super) body: &'d Value,
    /// The pointer to `content`.
    pub(super) pointer: String,
    pub(super) ways: Vec<BodyWay<'d>>,
    /// The media types that repeat the JSON value in another format.
    pub(super) repeated: Vec<&'d str>,
}

/// Returns the request body of an operation, or `None` if it has none.
pub(super) fn request_body<'d>(
    document: &'d Value,
    source: &OperationSource<'d>,
) -> Option<Result<RequestBody<'d>, Unresolved>> {
    let body = source.operation.get("requestBody")?;
    let pointer = join(&source.pointer, "requestBody");
    let target = match resolve(document, body) {
        Ok(target) => target,
        Err(unresolved) => return Some(Err(unresolved)),
    };
    let types = target.value.get("content").and_then(Value::as_object);
    let (ways, repeated) = types.map(|types| ways(document, types)).unwrap_or_default();
    Some(Ok(RequestBody {
        body: target.value,
        pointer: join(&target.pointer.unwrap_or(pointer), "content"),
        ways,
        repeated,
    }))
}

fn ways<'d>(
    document: &'d Value,
    types: &'d Map<String, Value>,
) -> (Vec<BodyWay<'d>>, Vec<&'d str>) {
    let mut all: Vec<(BodyFormat, &str, &Value)> = types
        .iter()
        .map(|(name, media)| {
            // A media type may be a reference since OpenAPI 3.2. One that leads nowhere has no
            // schema.
            let media = resolve(document, media).map_or(media, |target| target.value);
            (format(name, media), name.as_str(), media)
        })
        .collect();
    // Among equals, the plain media type wins, then the first in the document.
    all.sort_by_key(|(format, name, _)| {
        let is_plain = matches!(
            essence(name).as_str(),
            "application/json" | "multipart/form-data"
        );
        (*format, is_range(name), !is_plain)
    });
    let of_json: Vec<&Value> = all
        .iter()
        .filter(|(format, _, _)| *format == BodyFormat::Json)
        .filter_map(|(_, _, media)| media.get("schema"))
        .collect();
    let mut ways: Vec<BodyWay<'_>> = Vec::new();
    let mut repeated = Vec::new();
    for (format, name, media) in all {
        let schema = media.get("schema");
        let is_repeated = format >= BodyFormat::Text
            && schema.is_some_and(|schema| has_shape(schema) && of_json.contains(&schema));
        if is_repeated {
            repeated.push(name);
            continue;
        }
        let same = ways.iter_mut().find(|way| {
            let first = way.types.first().map(|(_, media)| media);
            way.format == format
                && (format == BodyFormat::Bytes
                    || first.is_some_and(|first| {
                        first.get("schema") == schema
                            && first.get("itemSchema") == media.get("itemSchema")
                            && first.get("encoding") == media.get("encoding")
                    }))
        });
        match same {
            Some(way) => way.types.push((name, media)),
            None => ways.push(BodyWay {
                format,
                suffix: String::new(),
                types: vec![(name, media)],
            }),
        }
    }
    // A text beside other bytes is sent like them, under its own media type.
    if ways.iter().any(|way| way.format == BodyFormat::Bytes)
        && let Some(at) = ways.iter().position(|way| way.format == BodyFormat::Text)
    {
        let text = ways.remove(at);
        for way in &mut ways {
            if way.format == BodyFormat::Bytes {
                way.types.splice(0..0, text.types.iter().copied());
            }
        }
    }
    let mut taken: Vec<String> = Vec::new();
    for (index, way) in ways.iter_mut().enumerate() {
        if index == 0 {
            continue;
        }
        let plain = suffix(way);
        let mut free = plain.clone();
        let mut number = 2;
        while taken.contains(&free) {
            free = format!("{plain}{number}");
            number += 1;
        }
        taken.push(free.clone());
        way.suffix = free;
    }
    (ways, repeated)
}

/// Returns the end of the name of the method that sends a body in this way.
fn suffix(way: &BodyWay<'_>) -> String {
    match way.format {
        BodyFormat::Multipart => "multipart".to_owned(),
        BodyFormat::UrlEncoded => "form".to_owned(),
        BodyFormat::JsonLines => "lines".to_owned(),
        BodyFormat::Text => "text".to_owned(),
        BodyFormat::Bytes => "bytes".to_owned(),
        BodyFormat::Json => {
            let name = way.types.first().map_or("json", |(name, _)| name);
            let essence = essence(name);
            let subtype = essence.split('/').nth(1).unwrap_or("json");
            let subtype = subtype.trim_end_matches("+json").trim_start_matches("vnd.");
            match slug(subtype) {
                empty if empty.is_empty() => "json".to_owned(),
                slug => snake(&slug),
            }
        }
    }
}

fn format(name: &str, media: &Value) -> BodyFormat {
    let essence = essence(name);
    let schema = media.get("schema");
    // A server that accepts anything accepts JSON, if the schema has properties.
    let is_any = matches!(essence.as_str(), "*/*" | "application/*");
    if is_json_sequence(&essence) {
        BodyFormat::JsonLines
    } else if is_json(&essence) || (is_any && schema.is_some_and(has_shape)) {
        BodyFormat::Json
    } else if essence.starts_with("multipart/") {
        BodyFormat::Multipart
    } else if essence == "application/x-www-form-urlencoded" {
        BodyFormat::UrlEncoded
    } else if essence == "text/plain"
        && schema.is_some_and(|schema| {
            schema.get("type").and_then(Value::as_str) == Some("string")
                && schema.get("format").and_then(Value::as_str) != Some("binary")
        })
    {
        BodyFormat::Text
    } else {
        BodyFormat::Bytes
    }
}

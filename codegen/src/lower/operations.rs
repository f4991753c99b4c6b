//! Paths and operations: what can be called, its names, parameters and body.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::components::Components;
use super::model::{Body, Operation, Parameter, Reply};
use super::{naming, parameters, replies};
use crate::error::Error;
use crate::ledger::{Effect, Ledger, join};
use crate::markdown;
use crate::settings::Settings;

/// HTTP methods of a path item that progenitor has, in the order in which methods are generated.
const METHODS: &[&str] = &["get", "put", "post", "delete", "patch", "head"];

/// Methods of a path item that progenitor generates uncompilable code for.
const UNSUPPORTED_METHODS: &[&str] = &["options", "trace", "query"];

pub(super) struct Operations {
    /// The lowered `paths`.
    pub(super) paths: Value,
    pub(super) operations: Vec<Operation>,
}

/// Lowers every operation that can be called.
pub(super) fn lower(
    document: &Value,
    settings: &Settings,
    components: &mut Components,
    ledger: &mut Ledger,
) -> Result<Operations, Error> {
    let mut found = find(document, ledger);
    let names = naming::name(&found, settings, ledger)?;

    let mut paths = Map::new();
    let mut operations = Vec::new();
    for (source, names) in found.iter_mut().zip(names) {
        let mut site = OperationSite {
            document,
            source,
            names,
            components: &mut *components,
            ledger: &mut *ledger,
        };
        let Some((lowered, callable)) = site.lower() else {
            continue;
        };
        let path = parameters::lowered_path(&source.path);
        let Some(item) = paths
            .entry(path)
            .or_insert_with(|| json!({}))
            .as_object_mut()
        else {
            continue;
        };
        if item.contains_key(source.http_method) {
            let detail = "another path differs from this one in nothing but parameter names";
            ledger.add(&source.pointer, "operation", Effect::LeftOut, detail);
            continue;
        }
        item.insert(source.http_method.to_owned(), lowered);
        operations.extend(callable);
    }
    Ok(Operations {
        paths: Value::Object(paths),
        operations,
    })
}

/// An operation of the document, with its place.
pub(super) struct Source<'d> {
    pub(super) pointer: String,
    pub(super) path: String,
    pub(super) http_method: &'static str,
    pub(super) operation: &'d Map<String, Value>,
    /// Parameters of the path item, which hold for each of its operations.
    pub(super) shared: Option<&'d Value>,
    pub(super) shared_pointer: String,
}

impl Source<'_> {
    pub(super) fn text(&self, keyword: &str) -> &str {
        self.operation
            .get(keyword)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// `operationId`, or one made of method and path.
    pub(super) fn id(&self) -> String {
        match self.text("operationId") {
            "" => format!("{} {}", self.http_method, self.path),
            id => id.to_owned(),
        }
    }
}

fn find<'d>(document: &'d Value, ledger: &mut Ledger) -> Vec<Source<'d>> {
    let mut found = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        let mut pointer = join("/paths", path);
        let Some((item, place)) = resolve(document, item) else {
            ledger.add(
                pointer,
                "dangling",
                Effect::LeftOut,
                "the path item leads nowhere",
            );
            continue;
        };
        if let Some(place) = place {
            pointer = place;
        }
        let Some(item) = item.as_object() else {
            ledger.add(
                pointer,
                "operation",
                Effect::LeftOut,
                "the path item is not an object",
            );
            continue;
        };
        for method in UNSUPPORTED_METHODS {
            if item.contains_key(*method) {
                let detail = "call it with the client's untyped request";
                ledger.add(join(&pointer, method), "method", Effect::LeftOut, detail);
            }
        }
        for method in METHODS {
            let pointer_here = join(&pointer, method);
            match item.get(*method) {
                None => {}
                Some(Value::Object(operation)) => found.push(Source {
                    pointer: pointer_here,
                    path: path.clone(),
                    http_method: method,
                    operation,
                    shared: item.get("parameters"),
                    shared_pointer: join(&pointer, "parameters"),
                }),
                Some(_) => ledger.add(
                    pointer_here,
                    "operation",
                    Effect::LeftOut,
                    "the operation is not an object",
                ),
            }
        }
    }
    found
}

/// Follows references to path items, parameters, bodies and replies; the place is that of the target.
pub(crate) fn resolve<'d>(
    document: &'d Value,
    value: &'d Value,
) -> Option<(&'d Value, Option<String>)> {
    let (mut value, mut place) = (value, None);
    let mut seen = BTreeSet::new();
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let pointer = reference.strip_prefix('#')?;
        if !seen.insert(pointer.to_owned()) {
            return None;
        }
        value = document.pointer(&pointer.replace("%7B", "{").replace("%7D", "}"))?;
        place = Some(pointer.to_owned());
    }
    Some((value, place))
}

/// What lowering one operation works with.
pub(super) struct OperationSite<'a, 'd> {
    pub(super) document: &'d Value,
    pub(super) source: &'a Source<'d>,
    pub(super) names: naming::Names,
    pub(super) components: &'a mut Components,
    pub(super) ledger: &'a mut Ledger,
}

impl OperationSite<'_, '_> {
    /// The lowered operation, and the methods that call it; nothing if it had to be left out.
    fn lower(&mut self) -> Option<(Value, Vec<Operation>)> {
        let pointer = self.source.pointer.clone();
        if self.source.operation.contains_key("callbacks") {
            let detail = "a client receives no calls";
            self.ledger.add(
                join(&pointer, "callbacks"),
                "callbacks",
                Effect::Dropped,
                detail,
            );
        }
        if self.source.operation.contains_key("servers") {
            let detail = "the client's base URL is asked";
            let place = join(&pointer, "servers");
            self.ledger.add(place, "servers", Effect::Dropped, detail);
        }
        let body = self.body()?;
        let (parameters, lowered_parameters) = parameters::lower(self);
        let (replies, lowered_responses) = replies::lower(self);

        let mut lowered = Map::new();
        lowered.insert("operationId".to_owned(), json!(self.names.function));
        lowered.insert("parameters".to_owned(), Value::Array(lowered_parameters));
        if let Some((_, body)) = &body {
            lowered.insert("requestBody".to_owned(), body.clone());
        }
        lowered.insert("responses".to_owned(), lowered_responses);

        let body = body.map(|(body, _)| body);
        let callable = replies
            .iter()
            .map(|reply| {
                let method = match reply {
                    Reply::EventStream if replies.len() > 1 => self.names.stream_method.clone(),
                    _ => self.names.method.clone(),
                };
                self.callable(method, *reply, &parameters, body.as_ref())
            })
            .collect();
        Some((Value::Object(lowered), callable))
    }

    fn callable(
        &self,
        method: String,
        reply: Reply,
        parameters: &[Parameter],
        body: Option<&Body>,
    ) -> Operation {
        let source = self.source;
        Operation {
            pointer: source.pointer.clone(),
            id: source.id(),
            function: self.names.function.clone(),
            http_method: source.http_method.to_owned(),
            path: source.path.clone(),
            lowered_path: parameters::lowered_path(&source.path),
            tag: self.names.tag.clone(),
            accessor: self.names.accessor.clone(),
            method,
            summary: markdown::safe(source.text("summary")),
            description: markdown::safe(source.text("description")),
            reference: self.names.reference(source, self.document),
            deprecated: source.operation.get("deprecated") == Some(&Value::Bool(true)),
            authenticated: self.is_authenticated(),
            sensitive: false,
            parameters: parameters.to_vec(),
            body: body.cloned(),
            reply,
        }
    }

    /// Whether `security`, of the operation or else of the document, asks for credentials.
    fn is_authenticated(&self) -> bool {
        self.source
            .operation
            .get("security")
            .or_else(|| self.document.get("security"))
            .and_then(Value::as_array)
            .is_some_and(|requirements| {
                requirements.iter().any(|requirement| {
                    requirement
                        .as_object()
                        .is_some_and(|schemes| !schemes.is_empty())
                })
            })
    }

    /// The body and its lowered form; the outer `None` leaves the operation out.
    fn body(&mut self) -> Option<Option<(Body, Value)>> {
        let Some(body) = self.source.operation.get("requestBody") else {
            return Some(None);
        };
        let pointer = join(&self.source.pointer, "requestBody");
        let Some((body, place)) = resolve(self.document, body) else {
            let detail = "the request body leads nowhere";
            self.ledger
                .add(pointer, "dangling", Effect::LeftOut, detail);
            return None;
        };
        let content = join(&place.unwrap_or(pointer), "content");
        let empty = Map::new();
        let types = body
            .get("content")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        if types.is_empty() {
            let detail = "no media type is described: sent without a body";
            self.ledger
                .add(content, "body-media-type", Effect::Dropped, detail);
            return Some(None);
        }
        let Some((media_type, kind)) = BodyKind::choose(types.keys()) else {
            let detail = "no media type of the body can be sent; use the client's untyped request";
            self.ledger
                .add(content, "body-media-type", Effect::LeftOut, detail);
            return None;
        };
        let pointer = join(&content, &media_type);
        if types.len() > 1 {
            let detail = format!("`{media_type}` is sent, of {}", types.len());
            self.ledger
                .add(&pointer, "body-media-type", Effect::Dropped, detail);
        }
        if types
            .get(&media_type)
            .is_some_and(|media| media.get("encoding").is_some())
        {
            let detail = "fields are sent in the default way";
            let place = join(&pointer, "encoding");
            self.ledger
                .add(place, "body-encoding", Effect::Dropped, detail);
        }
        let any = json!({});
        let schema = types
            .get(&media_type)
            .and_then(|media| media.get("schema"))
            .unwrap_or(&any);
        let schema = match kind {
            BodyKind::Bytes => json!({ "type": "string", "format": "binary" }),
            BodyKind::Json | BodyKind::Form => {
                let hint = format!("{}Body", self.names.type_prefix);
                let pointer = join(&pointer, "schema");
                self.components.inline(schema, &pointer, &hint, self.ledger)
            }
        };
        let lowered = kind.media_type();
        let description = body
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Some(Some((
            Body {
                required: body.get("required") == Some(&Value::Bool(true)),
                description: markdown::safe(description),
                content_type: (lowered != media_type).then_some(media_type),
            },
            json!({ "required": true, "content": { lowered: { "schema": schema } } }),
        )))
    }
}

/// How progenitor can be made to send a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum BodyKind {
    Json,
    Form,
    Bytes,
}

impl BodyKind {
    /// The media type as progenitor knows it.
    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Bytes => "application/octet-stream",
        }
    }

    fn of(media_type: &str) -> Option<Self> {
        let essence = replies::essence(media_type);
        if replies::is_json(&essence) {
            Some(Self::Json)
        } else if essence == Self::Form.media_type() {
            Some(Self::Form)
        } else if essence.starts_with("multipart/") || essence.contains('*') {
            None
        } else {
            Some(Self::Bytes)
        }
    }

    /// The best of the media types: JSON, then a form, then bytes; the document's order otherwise.
    fn choose<'a>(types: impl Iterator<Item = &'a String>) -> Option<(String, Self)> {
        types
            .filter_map(|name| Some((name, Self::of(name)?)))
            .min_by_key(|(name, kind)| (*kind, replies::essence(name) != kind.media_type()))
            .map(|(name, kind)| (name.clone(), kind))
    }
}

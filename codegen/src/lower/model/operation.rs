//! Operations: name, path, parameters, body and response.

use std::collections::BTreeMap;

use serde_json::Value;

use super::pagination::Pagination;
use crate::openapi::method;

/// A callable method. An operation with a JSON and a streaming response has two methods.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) pointer: String,
    /// The `operationId` of the document, or one made of method and path.
    pub(crate) id: String,
    /// The `operationId` in the lowered document, which is the name of progenitor's function.
    pub(crate) function: String,
    /// In lower case, except for methods of `additionalOperations`, which are sent as written.
    pub(crate) http_method: String,
    pub(crate) path: String,
    /// The index of the server of the operation, if that is not the server of the document.
    pub(crate) server: Option<usize>,
    /// The path and method in the lowered document.
    pub(crate) lowered_path: String,
    pub(crate) lowered_method: String,
    pub(crate) tag: String,
    pub(crate) accessor: String,
    pub(crate) method: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) reference: Option<String>,
    pub(crate) deprecated: bool,
    pub(crate) security: Vec<Vec<String>>,
    pub(crate) sensitive: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) response: ResponseKind,
    /// The documented error responses: status and description.
    pub(crate) errors: Vec<(String, String)>,
    /// How an event becomes the described type; `None` if the events have no type.
    pub(crate) event_form: Option<EventForm>,
    /// The value of the `Accept` header, if it is not that of the kind of response.
    pub(crate) accept: Option<String>,
    /// `true` if the caller may accept other media types, because the document has several.
    pub(crate) accept_is_open: bool,
    /// How the list is paged, if declared.
    pub(crate) pagination: Option<Pagination>,
    /// The data of the event that ends a complete event stream (`x-end-marker`).
    pub(crate) end_marker: Option<String>,
}

impl Operation {
    /// Returns the operation as written in the `paths` of the lowered document.
    pub(crate) fn lowered<'p>(&self, paths: &'p Value) -> Option<&'p Value> {
        paths.get(&self.lowered_path)?.get(&self.lowered_method)
    }

    /// The method as sent.
    pub(crate) fn method_token(&self) -> String {
        method::token(&self.http_method)
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        method::is_idempotent(&self.http_method)
    }

    /// The header parameter by which the server recognizes repeated requests (the IETF draft
    /// `draft-ietf-httpapi-idempotency-key-header`, and its older spelling).
    pub(crate) fn idempotency_key(&self) -> Option<String> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Header)
            .map(|parameter| parameter.name.to_ascii_lowercase())
            .find(|name| matches!(name.as_str(), "idempotency-key" | "x-idempotency-key"))
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    /// The name as sent.
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) kind: ValueKind,
    /// The texts that the document lists, of the parameter or of its elements.
    pub(crate) values: Vec<String>,
    pub(crate) description: String,
    pub(crate) serialization: Serialization,
    /// The fields of a whole query that have another serialization than the default.
    pub(crate) fields: Vec<(String, Serialization)>,
}

/// The enum of the runtime with the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Any,
    String,
    Integer,
    Number,
    Boolean,
    Object,
    Array(Box<ValueKind>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Location {
    Path,
    Query,
    /// The value is the whole query (OpenAPI 3.2).
    Querystring,
    Header,
    Cookie,
}

impl Location {
    pub(crate) fn of(text: &str) -> Option<Self> {
        match text {
            "path" => Some(Self::Path),
            "query" => Some(Self::Query),
            "querystring" => Some(Self::Querystring),
            "header" => Some(Self::Header),
            "cookie" => Some(Self::Cookie),
            _ => None,
        }
    }

    /// Returns the value of `in`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Querystring => "querystring",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How a value becomes text (`style`, `explode` and `allowReserved`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Serialization {
    pub(crate) style: Style,
    pub(crate) escape: Escape,
}

/// The enum of the runtime with the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    AllButUnreserved,
    /// `allowReserved` in a query or form.
    ToDelimiters,
    /// `allowReserved` in a path.
    ToPathEnd,
    /// `style: cookie`.
    Nothing,
}

/// The enum of the runtime with the same name (OpenAPI 3.1 section 4.8.12.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Simple { explode: bool },
    Label { explode: bool },
    Matrix { explode: bool },
    Form { explode: bool },
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Json,
}

#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) description: String,
    pub(crate) kind: BodyKind,
    /// The media type to send unless other code sets one.
    pub(crate) content_type: Option<String>,
    /// `true` if the caller may set another media type, because the document has several, or a
    /// range.
    pub(crate) content_type_is_open: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum BodyKind {
    Json,
    /// Anything that is sent unchanged.
    Bytes,
    /// A sequence of JSON values, one a line.
    JsonLines,
    /// Text, whose type is `String`.
    Text,
    /// `application/x-www-form-urlencoded`, and the fields that do not use the default
    /// serialization.
    UrlEncoded(Vec<(String, Serialization)>),
    /// `multipart/*`, with the component if the document describes the fields.
    Multipart {
        form: Option<String>,
    },
}

impl Body {
    /// Returns the media type of the body.
    pub(crate) fn media_type(&self) -> &str {
        let of_kind = match &self.kind {
            BodyKind::Json => "application/json",
            BodyKind::JsonLines => "application/jsonl",
            BodyKind::Bytes => "application/octet-stream",
            BodyKind::Text => "text/plain",
            BodyKind::UrlEncoded(_) => "application/x-www-form-urlencoded",
            BodyKind::Multipart { .. } => "multipart/form-data",
        };
        self.content_type.as_deref().unwrap_or(of_kind)
    }
}

/// The fields of a `multipart` body, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) fields: BTreeMap<String, FormField>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FormField {
    /// The place among the fields of the document: some servers need one part before another.
    pub(crate) place: usize,
    /// A part or a list of parts; other values are written as text or JSON.
    pub(crate) is_part: bool,
    /// A part that is a file, and has a file name even if the caller sets none.
    pub(crate) is_file: bool,
    /// A part that is a file or a plain text.
    pub(crate) may_be_text: bool,
    /// The content type in the document.
    pub(crate) content_type: Option<String>,
    /// The style in which a value becomes parts, if the document names one.
    pub(crate) serialization: Option<Serialization>,
    /// Headers of the part with their only value (`encoding.headers`).
    pub(crate) headers: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseKind {
    Json,
    Empty,
    EventStream,
    JsonLines,
    Text,
    Bytes,
}

impl ResponseKind {
    /// The `Accept` header that the runtime sends for the kind.
    pub(crate) fn accept(self) -> Option<&'static str> {
        match self {
            Self::Json => Some("application/json"),
            Self::EventStream => Some("text/event-stream"),
            Self::JsonLines => Some("application/jsonl"),
            Self::Empty | Self::Text | Self::Bytes => Some("*/*"),
        }
    }
}

/// The part of an event that a type describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventForm {
    /// The data, as JSON.
    Data,
    /// The event as an object with the properties `event`, `id`, `retry` and `data`.
    Whole,
}

/// Returns the name that progenitor is given for the parameter at `index`.
///
/// Names of parameters may collide in Rust, with each other or with a variable of progenitor's
/// function. Placeholders do not. The facade puts the names back.
pub(crate) fn placeholder(index: usize) -> String {
    format!("p{index}")
}

/// Returns the index of the parameter that has this [`placeholder`].
pub(crate) fn placeholder_index(placeholder: &str) -> Option<usize> {
    placeholder.strip_prefix('p')?.parse().ok()
}

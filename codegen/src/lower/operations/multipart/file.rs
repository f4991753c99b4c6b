//! Fields of forms that are files, or other parts that are sent unchanged.

use serde_json::{Value, json};

use crate::openapi::media_type::{essence, is_json};
use crate::openapi::reference::resolve;

/// How deep the composition of a field is followed.
const DEPTH: usize = 32;

/// Returns a field that is sent unchanged, such as the content of a file.
pub(super) struct File {
    pub(super) is_list: bool,
    /// `false` for a value that is a part only because of its headers, or of its media type.
    pub(super) is_named: bool,
    /// A text is a value instead of the content of a file.
    pub(super) may_be_text: bool,
    pub(super) content_type: Option<String>,
}

impl File {
    /// Returns whether a field is a file (OpenAPI 3.1 section 4.8.14.4): binary by its format or
    /// media type, or without any type.
    pub(super) fn of(document: &Value, schema: &Value, encoded: Option<&str>) -> Option<Self> {
        Self::within(document, schema, encoded, DEPTH)
    }

    fn within(
        document: &Value,
        schema: &Value,
        encoded: Option<&str>,
        depth: usize,
    ) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let schema = resolve(document, schema).ok()?.value;
        if *schema == Value::Bool(true) {
            return Some(Self::of_type(encoded));
        }
        let schema = schema.as_object()?;
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let subschemas = schema.get(keyword).and_then(Value::as_array);
            let is_null = |schema: &&Value| schema.get("type") == Some(&json!("null"));
            let subschemas: Vec<&Value> = subschemas
                .into_iter()
                .flatten()
                .filter(|it| !is_null(it) && states_content(document, it))
                .collect();
            match subschemas.as_slice() {
                [] => {}
                [only] => return Self::within(document, only, encoded, depth),
                several => {
                    let files = several
                        .iter()
                        .map(|subschema| Self::within(document, subschema, encoded, depth))
                        .collect();
                    return Self::among(files, keyword).or_else(|| Self::unwritten(encoded));
                }
            }
        }
        let kinds: Vec<&str> = match schema.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let kinds: Vec<&str> = kinds.into_iter().filter(|kind| *kind != "null").collect();
        let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
        match kinds.as_slice() {
            ["array"] => {
                let items = Self::within(document, schema.get("items")?, encoded, depth)?;
                (!items.is_list).then_some(Self {
                    is_list: true,
                    ..items
                })
            }
            ["string"] | [] if text("format") == Some("binary") => Some(Self::of_type(encoded)),
            // As Swagger 2.0 describes one.
            ["file"] => Some(Self::of_type(encoded)),
            // Encoded content is text, and so is a field with listed values.
            _ if schema.contains_key("contentEncoding") || schema.contains_key("enum") => None,
            ["string"] | [] if text("contentMediaType").is_some_and(is_opaque) => {
                Some(Self::of_type(encoded.or(text("contentMediaType"))))
            }
            ["string"] if text("format").is_none() && encoded.is_some_and(is_opaque) => {
                Some(Self::of_type(encoded))
            }
            [] if !schema.contains_key("properties")
                && !schema.contains_key("const")
                && encoded.is_none_or(is_opaque) =>
            {
                Some(Self::of_type(encoded))
            }
            ["object"] => Self::unwritten(encoded),
            [] if schema.contains_key("properties") => Self::unwritten(encoded),
            _ => None,
        }
    }

    /// Returns the field of several subschemas, if one of them is a file: only a part can hold one.
    fn among(subschemas: Vec<Option<Self>>, keyword: &str) -> Option<Self> {
        let is_union = keyword != "allOf";
        let has_others = subschemas.iter().any(Option::is_none);
        let files = subschemas.into_iter().flatten().filter(|it| it.is_named);
        let mut all = files.reduce(|first, other| Self {
            is_list: first.is_list || other.is_list,
            may_be_text: first.may_be_text || other.may_be_text,
            ..first
        })?;
        all.may_be_text |= is_union && has_others;
        Some(all)
    }

    /// Returns a field whose value the caller writes, because its media type is neither JSON nor
    /// text.
    fn unwritten(encoded: Option<&str>) -> Option<Self> {
        let mut types = encoded?.split(',').map(essence);
        let is_written = |of: String| {
            let is_xml = of.ends_with("/xml") || of.ends_with("+xml");
            is_json(&of) || (of.starts_with("text/") && !is_xml) || of.contains('*')
        };
        (!types.any(is_written)).then(|| Self {
            is_list: false,
            is_named: false,
            may_be_text: false,
            content_type: encoded.and_then(concrete),
        })
    }

    /// Returns a field that is not a file, and whose part has headers that the caller sets.
    pub(super) fn part(document: &Value, schema: &Value, encoded: Option<&str>) -> Self {
        Self::of(document, schema, encoded).unwrap_or_else(|| {
            let target = resolve(document, schema).map(|target| target.value);
            let kind = target.ok().and_then(|schema| schema.get("type"));
            Self {
                is_named: false,
                may_be_text: false,
                is_list: kind == Some(&json!("array")),
                content_type: encoded.and_then(concrete),
            }
        })
    }

    fn of_type(content_type: Option<&str>) -> Self {
        let content_type = content_type.and_then(concrete);
        Self {
            is_list: false,
            is_named: true,
            may_be_text: false,
            content_type: Some(
                content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            ),
        }
    }

    pub(super) fn schema(&self, original: &Value) -> Value {
        let mut schema = match self.is_list {
            true => json!({ "type": "array", "items": { "type": "string" } }),
            false => json!({ "type": "string" }),
        };
        if let (Some(schema), Some(description)) =
            (schema.as_object_mut(), original.get("description"))
        {
            schema.insert("description".to_owned(), description.clone());
        }
        schema
    }
}

/// Returns whether a subschema says what a value is. One with limits or documentation alone does
/// not.
fn states_content(document: &Value, subschema: &Value) -> bool {
    const STATING: [&str; 11] = [
        "$ref",
        "allOf",
        "anyOf",
        "const",
        "contentEncoding",
        "contentMediaType",
        "enum",
        "items",
        "oneOf",
        "properties",
        "type",
    ];
    let target = resolve(document, subschema).map(|target| target.value);
    let object = target.ok().and_then(Value::as_object);
    object.is_none_or(|object| {
        let is_binary = object.get("format") == Some(&json!("binary"));
        is_binary || STATING.iter().any(|keyword| object.contains_key(*keyword))
    })
}

/// Returns whether content of this media type is not text. One entry of a list decides.
fn is_opaque(media_types: &str) -> bool {
    media_types.split(',').any(|media_type| {
        let essence = essence(media_type);
        !(essence.starts_with("text/")
            || is_json(&essence)
            || essence.ends_with("xml")
            || essence == "application/x-www-form-urlencoded")
    })
}

/// Returns the first of a list of media types that is not a range.
pub(super) fn concrete(media_types: &str) -> Option<String> {
    media_types
        .split(',')
        .map(str::trim)
        .find(|media_type| !media_type.is_empty() && !media_type.contains('*'))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognized_by_schema() {
        let document = json!({ "components": { "schemas": {
            "Upload": { "type": "string", "format": "binary" },
            "Color": { "type": "string", "enum": ["red"] },
            "Any": { "description": "Anything." },
            "Loop": { "$ref": "#/components/schemas/Loop" },
            "Deep": { "allOf": [{ "$ref": "#/components/schemas/Deep" }] },
        } } });
        let is_file =
            |schema: Value, encoded| File::of(&document, &schema, encoded).map(|file| file.is_list);
        for (schema, encoded, expected) in [
            (
                json!({ "type": "string", "format": "binary" }),
                None,
                Some(false),
            ),
            (
                json!({ "type": ["string", "null"], "format": "binary" }),
                None,
                Some(false),
            ),
            (
                json!({ "$ref": "#/components/schemas/Upload" }),
                None,
                Some(false),
            ),
            (
                json!({ "anyOf": [{ "$ref": "#/components/schemas/Upload" }, { "type": "null" }] }),
                None,
                Some(false),
            ),
            (
                json!({ "type": "array", "items": { "type": "string", "format": "binary" } }),
                None,
                Some(true),
            ),
            (
                json!({ "type": "string", "contentMediaType": "image/png" }),
                None,
                Some(false),
            ),
            (
                json!({ "type": "string", "contentMediaType": "application/json" }),
                None,
                None,
            ),
            (
                json!({ "type": "string", "contentMediaType": "image/png", "contentEncoding": "base64" }),
                None,
                None,
            ),
            (
                json!({ "type": "string" }),
                Some("image/png, image/jpeg"),
                Some(false),
            ),
            (json!({ "type": "string" }), Some("text/csv"), None),
            (json!({}), None, Some(false)),
            (json!(true), None, Some(false)),
            (json!({}), Some("application/json"), None),
            (json!({ "type": "string" }), None, None),
            (json!({ "type": "string", "format": "byte" }), None, None),
            (json!({ "type": "object" }), None, None),
            (json!({ "enum": ["a"] }), None, None),
            (
                json!({ "type": "object" }),
                Some("application/xml"),
                Some(false),
            ),
            (
                json!({ "type": "array", "items": { "properties": { "a": {} } } }),
                Some("text/xml"),
                Some(true),
            ),
            (json!({ "type": "object" }), Some("application/json"), None),
            (
                json!({ "anyOf": [{ "$ref": "#/components/schemas/Upload" }, { "type": "string" }] }),
                None,
                Some(false),
            ),
            (
                json!({ "oneOf": [
                    { "$ref": "#/components/schemas/Upload" },
                    { "type": "array", "items": { "$ref": "#/components/schemas/Upload" } },
                ] }),
                None,
                Some(true),
            ),
            (
                json!({ "allOf": [{ "$ref": "#/components/schemas/Upload" }, { "maxLength": 9 }] }),
                None,
                Some(false),
            ),
            (
                json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] }),
                None,
                None,
            ),
            (
                json!({ "allOf": [{ "$ref": "#/components/schemas/Color" }, { "default": "red" }] }),
                None,
                None,
            ),
            (
                json!({ "type": "object", "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] }),
                None,
                None,
            ),
            (
                json!({ "type": "string", "oneOf": [{ "format": "ipv4" }, { "format": "ipv6" }] }),
                None,
                None,
            ),
            (
                json!({ "type": "string", "allOf": [{ "maxLength": 3 }] }),
                None,
                None,
            ),
            (
                json!({ "allOf": [{ "$ref": "#/components/schemas/Any" }, { "title": "Any" }] }),
                None,
                Some(false),
            ),
            (json!({ "$ref": "#/components/schemas/Loop" }), None, None),
            (json!({ "$ref": "#/components/schemas/Deep" }), None, None),
        ] {
            assert_eq!(is_file(schema.clone(), encoded), expected, "{schema}");
        }
    }
}

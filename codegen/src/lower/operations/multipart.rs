//! `multipart` bodies: their fields, and which fields are files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::context::OperationContext;
use super::serialization;
use crate::ledger::Effect;
use crate::lower::component_ref::{refer, reference};
use crate::lower::model::{Form, FormField};
use crate::names::pascal;
use crate::openapi::header;
use crate::openapi::media_type::{essence, is_json};
use crate::openapi::pointer::join;
use crate::openapi::reference::resolve;

/// The header that `contentType` of the encoding sets.
const TYPE: &str = "content-type";

/// How deep the composition of a form is followed.
const DEPTH: usize = 32;

/// Returns the component of a form and its lowered schema. A form without fields has no component;
/// the caller adds parts of any name.
///
/// Operations that send the same form in the same way share one component. It is not a component of
/// the document, which may be sent as JSON elsewhere.
pub(super) fn lower(
    context: &mut OperationContext<'_, '_>,
    media: &Value,
    pointer: &str,
) -> (Option<String>, Value) {
    let schema = media.get("schema").unwrap_or(&Value::Null);
    let encoding = media.get("encoding").unwrap_or(&Value::Null);
    report_encoding(context, encoding, &join(pointer, "encoding"));

    let named = schema.get("$ref").and_then(Value::as_str);
    let key = named.map(|named| format!("{named} {encoding}"));
    if let Some(name) = key
        .as_ref()
        .and_then(|key| context.components.forms.get(key))
    {
        return (Some(name.clone()), refer(name));
    }

    let mut fields = FormProperties::default();
    fields.collect(context.document, schema, false, DEPTH);
    let hint = match named.and_then(|named| named.rsplit('/').next()) {
        Some(component) if component.to_lowercase().ends_with("form") => pascal(component),
        Some(component) => pascal(&format!("{component} form")),
        None => format!("{}Form", context.names.type_prefix),
    };
    let (form, schema) = fields.finish(context.document, encoding);
    let lowered =
        context
            .components
            .inline(&schema, &join(pointer, "schema"), &hint, context.ledger);
    let Some(name) = reference(&lowered).map(str::to_owned) else {
        let detail = "no field is described: the caller adds the parts";
        context.ledger.add(pointer, "form", Effect::Widened, detail);
        return (None, json!({}));
    };
    context.components.model.forms.insert(name.clone(), form);
    if let Some(key) = key {
        context.components.forms.insert(key, name.clone());
    }
    (Some(name), lowered)
}

/// Reports the headers of parts whose value the document leaves open.
fn report_encoding(context: &mut OperationContext<'_, '_>, encoding: &Value, pointer: &str) {
    for (name, encoding) in encoding.as_object().into_iter().flatten() {
        if open_header(context.document, encoding) {
            let detail = "the field is a part, whose headers the caller sets";
            let place = join(&join(pointer, name), "headers");
            context
                .ledger
                .add(place, "body-encoding", Effect::Widened, detail);
        }
    }
}

/// Returns whether a part has a header whose value the document leaves open.
fn open_header(document: &Value, encoding: &Value) -> bool {
    let all = object(encoding, "headers").filter(|(name, _)| !name.eq_ignore_ascii_case(TYPE));
    let fixed = fixed_headers(document, encoding);
    all.count() > fixed.len()
}

/// Returns the headers of a part that have one value only: a `const`, an `enum` of one value, or a
/// `default`.
fn fixed_headers(document: &Value, encoding: &Value) -> Vec<(String, String)> {
    let fixed = object(encoding, "headers").filter_map(|(name, described)| {
        let described = resolve(document, described).ok()?.value;
        let schema = resolve(document, described.get("schema")?).ok()?.value;
        let value = match schema
            .get("enum")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            Some([only]) => Some(only),
            _ => schema.get("const").or(schema.get("default")),
        };
        let text = match value? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let is_value = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        let is_sent = header::is_name(name) && is_value && !name.eq_ignore_ascii_case(TYPE);
        is_sent.then(|| (name.to_owned(), text))
    });
    fixed.collect()
}

/// Returns the properties of a schema and of everything it includes.
#[derive(Default)]
struct FormProperties<'d> {
    properties: BTreeMap<&'d str, (usize, &'d Value)>,
    required: BTreeSet<&'d str>,
    extra: Option<&'d Value>,
    description: Option<&'d Value>,
}

impl<'d> FormProperties<'d> {
    /// `optional` is set if a value may have another shape without these fields.
    fn collect(&mut self, document: &'d Value, schema: &'d Value, optional: bool, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let Ok(target) = resolve(document, schema) else {
            return;
        };
        let schema = target.value;
        for (name, property) in object(schema, "properties") {
            let place = self.properties.len();
            self.properties.entry(name).or_insert((place, property));
        }
        if !optional {
            let required = schema.get("required").and_then(Value::as_array);
            let required = required.into_iter().flatten().filter_map(Value::as_str);
            self.required.extend(required);
        }
        match schema.get("additionalProperties") {
            None | Some(Value::Bool(false)) => {}
            Some(extra) => self.extra = Some(extra),
        }
        self.description = self.description.or(schema.get("description"));
        for (keyword, optional) in [("allOf", optional), ("oneOf", true), ("anyOf", true)] {
            let branches = schema.get(keyword).and_then(Value::as_array);
            for branch in branches.into_iter().flatten() {
                self.collect(document, branch, optional, depth);
            }
        }
    }

    /// Returns the form, and the schema of an object with its fields, in which a file is a string.
    fn finish(self, document: &Value, encoding: &Value) -> (Form, Value) {
        let mut all: Vec<_> = self.properties.into_iter().collect();
        all.sort_by_key(|(_, (place, _))| *place);
        let mut form = Form::default();
        let mut properties = Map::new();
        for (name, (_, property)) in all {
            let encoded = encoding
                .get(name)
                .and_then(|encoding| encoding.get("contentType"))
                .and_then(Value::as_str);
            let described = encoding.get(name).unwrap_or(&Value::Null);
            let headers = fixed_headers(document, described);
            let file = match open_header(document, described) {
                true => Some(File::part(document, property, encoded)),
                false => File::of(document, property, encoded, DEPTH),
            };
            let described = match &file {
                Some(file) => file.content_type.clone(),
                None => encoded.and_then(concrete),
            };
            let field = FormField {
                is_part: file.is_some(),
                is_file: file.as_ref().is_some_and(|file| file.is_named),
                content_type: described,
                serialization: encoding.get(name).and_then(serialization::of_encoding),
                headers,
            };
            form.fields.insert(name.to_owned(), field);
            let lowered = match &file {
                Some(file) => file.schema(property),
                None => property.clone(),
            };
            properties.insert(name.to_owned(), lowered);
        }
        if properties.is_empty() {
            return (form, json!({}));
        }
        let mut schema = json!({
            "type": "object",
            "properties": properties,
            "required": self.required.into_iter().collect::<Vec<_>>(),
        });
        if let Some(schema) = schema.as_object_mut() {
            let others = [
                ("additionalProperties", self.extra),
                ("description", self.description),
            ];
            for (keyword, value) in others {
                schema.extend(value.map(|value| (keyword.to_owned(), value.clone())));
            }
        }
        (form, schema)
    }
}

/// Returns a field that is sent unchanged, such as the content of a file.
struct File {
    is_list: bool,
    /// `false` for a value that is a part only because of its headers.
    is_named: bool,
    content_type: Option<String>,
}

impl File {
    /// Returns whether a field is a file (OpenAPI 3.1 section 4.8.14.4): binary by its format or
    /// media type, or without any type.
    fn of(document: &Value, schema: &Value, encoded: Option<&str>, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let schema = resolve(document, schema).ok()?.value;
        if *schema == Value::Bool(true) {
            return Some(Self::of_type(encoded));
        }
        let schema = schema.as_object()?;
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let branches = schema.get(keyword).and_then(Value::as_array);
            let is_null = |branch: &&Value| branch.get("type") == Some(&json!("null"));
            let branches: Vec<&Value> = branches
                .into_iter()
                .flatten()
                .filter(|it| !is_null(it))
                .collect();
            match branches.as_slice() {
                [] => {}
                [only] => return Self::of(document, only, encoded, depth),
                _ => return None,
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
                let items = Self::of(document, schema.get("items")?, encoded, depth)?;
                (!items.is_list).then_some(Self {
                    is_list: true,
                    ..items
                })
            }
            ["string"] | [] if text("format") == Some("binary") => Some(Self::of_type(encoded)),
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
            _ => None,
        }
    }

    /// Returns a field that is not a file, and whose part has headers that the caller sets.
    fn part(document: &Value, schema: &Value, encoded: Option<&str>) -> Self {
        Self::of(document, schema, encoded, DEPTH).unwrap_or_else(|| {
            let target = resolve(document, schema).map(|target| target.value);
            let kind = target.ok().and_then(|schema| schema.get("type"));
            Self {
                is_named: false,
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
            content_type: Some(
                content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            ),
        }
    }

    fn schema(&self, original: &Value) -> Value {
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

fn object<'d>(schema: &'d Value, keyword: &str) -> impl Iterator<Item = (&'d str, &'d Value)> {
    schema
        .get(keyword)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
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
fn concrete(media_types: &str) -> Option<String> {
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
            "Loop": { "$ref": "#/components/schemas/Loop" },
            "Deep": { "allOf": [{ "$ref": "#/components/schemas/Deep" }] },
        } } });
        let is_file = |schema: Value, encoded| {
            File::of(&document, &schema, encoded, DEPTH).map(|file| file.is_list)
        };
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
            (json!({ "$ref": "#/components/schemas/Loop" }), None, None),
            (json!({ "$ref": "#/components/schemas/Deep" }), None, None),
        ] {
            assert_eq!(is_file(schema.clone(), encoded), expected, "{schema}");
        }
    }
}

//! `multipart` bodies: their fields, and which fields are files.

mod encoding;
mod file;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use self::encoding::{fixed_headers, object, open_header};
use self::file::{File, concrete};
use super::context::OperationContext;
use super::serialization;
use crate::ledger::Effect;
use crate::lower::component_ref::{refer, reference};
use crate::lower::model::{Form, FormField};
use crate::names::pascal;
use crate::openapi::pointer::join;
use crate::openapi::reference::resolve;

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
    encoding::report(context, encoding, &join(pointer, "encoding"));

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
    if fields.is_union {
        let detail = "a form with the fields of all variants; which belong together is not checked";
        context.ledger.add(pointer, "form", Effect::Widened, detail);
    }
    let (form, schema) = fields.finish(context.document, encoding);
    encoding::report_unwritten(context, encoding, &form, &join(pointer, "encoding"));
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

/// Returns the properties of a schema and of everything it includes.
#[derive(Default)]
struct FormProperties<'d> {
    properties: BTreeMap<&'d str, (usize, &'d Value)>,
    required: BTreeSet<&'d str>,
    extra: Option<&'d Value>,
    is_union: bool,
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
            self.is_union |= keyword != "allOf" && branches.is_some_and(|all| all.len() > 1);
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
        for (name, (place, property)) in all {
            let encoded = encoding
                .get(name)
                .and_then(|encoding| encoding.get("contentType"))
                .and_then(Value::as_str);
            let described = encoding.get(name).unwrap_or(&Value::Null);
            let headers = fixed_headers(document, described);
            let file = match open_header(document, described) {
                true => Some(File::part(document, property, encoded)),
                false => File::of(document, property, encoded),
            };
            let described = match &file {
                Some(file) => file.content_type.clone(),
                None => encoded.and_then(concrete),
            };
            let field = FormField {
                place,
                is_part: file.is_some(),
                is_file: file.as_ref().is_some_and(|file| file.is_named),
                may_be_text: file.as_ref().is_some_and(|file| file.may_be_text),
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

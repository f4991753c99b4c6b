//! Parameters of an operation: path, query, header and cookie.

use serde_json::{Map, Value, json};

use super::context::OperationContext;
use super::{nesting, serialization, value_kind};
use crate::ledger::Effect;
use crate::lower::model::{
    Escape, Location, Parameter, Serialization, Style, ValueKind, placeholder,
};
use crate::markdown;
use crate::names::pascal;
use crate::openapi::media_type::{essence, is_json};
use crate::openapi::pointer::join;
use crate::openapi::reference::resolve;
use crate::openapi::{header, path_template};

/// Headers that parameters cannot set (OpenAPI 3.1 section 4.8.12.2).
const IGNORED_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

/// Headers that control the target or the length of the request, which callers cannot set.
const HEADERS_OF_THE_CLIENT: &[&str] =
    &["connection", "content-length", "host", "transfer-encoding"];

/// The media type of URL-encoded forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// A parameter and its location in the document.
struct Found<'d> {
    name: &'d str,
    location: Location,
    parameter: &'d Map<String, Value>,
    pointer: String,
}

impl Found<'_> {
    /// Returns whether both are the same parameter. Header names are case-insensitive.
    fn is_same(&self, other: &Self) -> bool {
        let same_name = match self.location {
            Location::Header => self.name.eq_ignore_ascii_case(other.name),
            _ => self.name == other.name,
        };
        same_name && self.location == other.location
    }
}

/// Returns the parameters, those of the path first and in template order, and their lowered form.
pub(super) fn lower(context: &mut OperationContext<'_, '_>) -> (Vec<Parameter>, Vec<Value>) {
    let template = path_template::names(&context.source.path);
    let found = find(context, &template);
    let mut lowered: Vec<(Parameter, Value)> =
        found.iter().map(|one| lower_one(context, one)).collect();
    for name in &template {
        let declared = lowered
            .iter()
            .any(|(one, _)| one.location == Location::Path && one.name == *name);
        if !declared {
            let detail = format!("`{name}` stands in the path and is not declared; a string");
            context.ledger.add(
                &context.source.pointer,
                "parameter",
                Effect::Widened,
                detail,
            );
            lowered.push(undeclared(name));
        }
    }
    lowered.sort_by_key(|(one, _)| {
        let place = template.iter().position(|name| *name == one.name);
        (
            one.location,
            place.filter(|_| one.location == Location::Path),
        )
    });
    for (index, (_, value)) in lowered.iter_mut().enumerate() {
        if let Some(value) = value.as_object_mut() {
            value.insert("name".to_owned(), Value::String(placeholder(index)));
        }
    }
    lowered.into_iter().unzip()
}

/// Returns the parameters of the operation and of its path item that are part of the request.
fn find<'d>(context: &mut OperationContext<'_, 'd>, template: &[&str]) -> Vec<Found<'d>> {
    let mut found: Vec<Found<'d>> = Vec::new();
    let own = context.source.operation.get("parameters");
    let own_pointer = join(&context.source.pointer, "parameters");
    let shared = context.source.item.get("parameters");
    let shared_pointer = join(&context.source.item_pointer, "parameters");
    for (list, pointer) in [(shared, shared_pointer), (own, own_pointer)] {
        let list = list.and_then(Value::as_array);
        let mut of_this_list: Vec<Found<'d>> = Vec::new();
        for (index, parameter) in list.into_iter().flatten().enumerate() {
            let pointer = join(&pointer, &index.to_string());
            let Some(one) = read(context, parameter, pointer, template) else {
                continue;
            };
            if let Some(first) = of_this_list.iter().find(|other| other.is_same(&one)) {
                // A duplicate loses nothing.
                if first.parameter != one.parameter {
                    let detail = format!("`{}` is declared before, in another way", one.name);
                    context
                        .ledger
                        .add(one.pointer, "parameter", Effect::Dropped, detail);
                }
                continue;
            }
            of_this_list.push(one);
        }
        // A parameter of the operation overrides that of its path item.
        found.retain(|other| !of_this_list.iter().any(|one| one.is_same(other)));
        found.append(&mut of_this_list);
    }
    found
}

/// Returns a parameter that only the path template mentions.
fn undeclared(name: &str) -> (Parameter, Value) {
    let parameter = Parameter {
        name: name.to_owned(),
        location: Location::Path,
        required: true,
        kind: ValueKind::String,
        values: Vec::new(),
        description: String::new(),
        serialization: Serialization {
            style: Style::Simple { explode: false },
            escape: Escape::AllButUnreserved,
        },
        fields: Vec::new(),
    };
    let schema = json!({ "type": "string" });
    let lowered = json!({ "in": "path", "required": true, "schema": schema });
    (parameter, lowered)
}

fn read<'d>(
    context: &mut OperationContext<'_, 'd>,
    parameter: &'d Value,
    mut pointer: String,
    template: &[&str],
) -> Option<Found<'d>> {
    let target = match resolve(context.document, parameter) {
        Ok(target) => target,
        Err(unresolved) => {
            let detail = format!("cannot be set: {unresolved}");
            context
                .ledger
                .add(pointer, "dangling", Effect::Dropped, detail);
            return None;
        }
    };
    let parameter = target.value;
    if let Some(place) = target.pointer {
        pointer = place;
    }
    let text = |keyword: &str| parameter.get(keyword).and_then(Value::as_str);
    let (name, place) = (text("name").unwrap_or(""), text("in").unwrap_or(""));
    let lower_case = name.to_ascii_lowercase();
    if place == "header" && IGNORED_HEADERS.contains(&lower_case.as_str()) {
        let detail = format!("`{name}` is set by the client, as OpenAPI says");
        context
            .ledger
            .add(pointer, "parameter", Effect::Dropped, detail);
        return None;
    }
    let stray = match place {
        "path" => !template.contains(&name),
        "header" => !header::is_name(name) || HEADERS_OF_THE_CLIENT.contains(&lower_case.as_str()),
        "cookie" => !header::is_name(name),
        _ => false,
    };
    match (Location::of(place), parameter.as_object()) {
        (Some(location), Some(parameter)) if !name.is_empty() && !stray => Some(Found {
            name,
            location,
            parameter,
            pointer,
        }),
        _ => {
            let detail =
                format!("`{name}` in `{place}` cannot be set: it has no place in the request");
            context
                .ledger
                .add(pointer, "parameter", Effect::Dropped, detail);
            None
        }
    }
}

fn lower_one(context: &mut OperationContext<'_, '_>, found: &Found<'_>) -> (Parameter, Value) {
    let hint = format!("{}{}", context.names.type_prefix, pascal(found.name));
    let is_3_2 = is_3_2(context.document);
    let (mut serialization, unknown) =
        serialization::of_parameter(found.parameter, found.location, is_3_2);
    if !unknown.is_empty() {
        let unknown = unknown.join("` and `");
        let detail = format!("sent in the default way: `{unknown}` means nothing here");
        context
            .ledger
            .add(&found.pointer, "parameter-style", Effect::Dropped, detail);
    }
    let (schema, pointer) = schema(context, found, &mut serialization);
    // The properties of a whole query are its fields.
    let is_part = found.location != Location::Querystring;
    if is_part && nesting::is_undefined(context.document, &schema, serialization.style) {
        let detail = match serialization.style {
            Style::DeepObject => "lists repeat the name, objects add a pair of brackets",
            _ => "nested values are sent as JSON",
        };
        let detail = format!("OpenAPI does not define the serialization: {detail}");
        context
            .ledger
            .add(&found.pointer, "parameter-style", Effect::Rewritten, detail);
    }
    let (kind, values) = value_kind::of(context.document, &schema);
    let mut schema = context
        .components
        .inline(&schema, &pointer, &hint, context.ledger);

    let declared = found.parameter.get("required") == Some(&Value::Bool(true));
    let required = declared || found.location == Location::Path;
    if found.location == Location::Path
        && let Some(schema) = schema.as_object_mut()
        && schema.shift_remove("nullable").is_some()
    {
        let detail = "never null";
        context
            .ledger
            .add(&found.pointer, "path-parameter", Effect::Rewritten, detail);
    }
    let parameter = Parameter {
        name: found.name.to_owned(),
        location: found.location,
        required,
        kind,
        values,
        description: description(found.parameter, &schema),
        serialization,
        fields: fields_of_query(found),
    };
    // progenitor takes any type in the query. The model says where the value is sent.
    let place = match found.location {
        Location::Path => "path",
        Location::Query | Location::Querystring | Location::Header | Location::Cookie => "query",
    };
    let lowered = json!({
        "in": place, "required": required, "schema": schema,
    });
    (parameter, lowered)
}

/// Returns the schema of a parameter and its location. A parameter with `content` is a text of that
/// media type.
fn schema(
    context: &mut OperationContext<'_, '_>,
    found: &Found<'_>,
    serialization: &mut Serialization,
) -> (Value, String) {
    let any = json!({ "type": "string" });
    let content = found.parameter.get("content").and_then(Value::as_object);
    let Some((media_type, media)) = content.and_then(|content| content.iter().next()) else {
        let schema = found.parameter.get("schema").unwrap_or(&any);
        return (schema.clone(), join(&found.pointer, "schema"));
    };
    let pointer = join(&join(&found.pointer, "content"), media_type);
    let is_form = essence(media_type) == FORM && found.location == Location::Querystring;
    if is_form {
        let schema = media.get("schema").cloned().unwrap_or(json!({}));
        return (schema, join(&pointer, "schema"));
    }
    if !is_json(media_type) {
        let detail = "a string, sent as given";
        context.ledger.add(
            pointer.clone(),
            "parameter-content",
            Effect::Widened,
            detail,
        );
        return (any, pointer);
    }
    serialization.style = Style::Json;
    let schema = media.get("schema").cloned().unwrap_or(json!({}));
    (schema, join(&pointer, "schema"))
}

/// Returns how the fields of a whole query are serialized, where it is a form.
fn fields_of_query(found: &Found<'_>) -> Vec<(String, Serialization)> {
    let content = found.parameter.get("content").and_then(Value::as_object);
    let media = content
        .filter(|_| found.location == Location::Querystring)
        .and_then(|content| content.values().next());
    serialization::of_fields(media.and_then(|media| media.get("encoding")?.as_object()))
}

/// Returns whether the document is of OpenAPI 3.2 or later.
fn is_3_2(document: &Value) -> bool {
    let version = document.get("openapi").and_then(Value::as_str);
    let minor = version.and_then(|version| version.split('.').nth(1)?.parse::<u32>().ok());
    minor.is_some_and(|minor| minor >= 2)
}

/// Returns the description of the parameter, followed by the limits and default of its schema.
fn description(parameter: &Map<String, Value>, schema: &Value) -> String {
    let own = parameter
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let own = markdown::safe(own);
    let of_schema = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match (own.trim(), of_schema.trim()) {
        ("", text) | (text, "") => text.to_owned(),
        (own, of_schema) if own == of_schema => own.to_owned(),
        (own, of_schema) => format!("{own}\n\n{of_schema}"),
    }
}

//! Parameters of an operation: in the path, the query, headers and cookies.

use serde_json::{Map, Value, json};

use super::components::reference;
use super::model::{Location, Parameter, Style, Writing};
use super::operations::{OperationSite, nowhere, resolve};
use super::path::{self, placeholder};
use super::{replies, style};
use crate::ledger::Effect;
use crate::markdown;
use crate::names::pascal;
use crate::openapi::pointer::join;

/// Headers that parameters do not set (OpenAPI 3.1 section 4.8.12.2).
const IGNORED_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

/// Headers that say where the request goes or how long it is, which is not the caller's to say.
const HEADERS_OF_THE_CLIENT: &[&str] =
    &["connection", "content-length", "host", "transfer-encoding"];

/// A parameter and where it stands in the document.
struct Found<'d> {
    name: &'d str,
    location: Location,
    parameter: &'d Map<String, Value>,
    pointer: String,
}

impl Found<'_> {
    /// Whether both stand for one: a header has its name in any case.
    fn is_same(&self, other: &Self) -> bool {
        let same_name = match self.location {
            Location::Header => self.name.eq_ignore_ascii_case(other.name),
            _ => self.name == other.name,
        };
        same_name && self.location == other.location
    }
}

/// The parameter that a placeholder stands for.
pub(crate) fn behind<'p>(
    placeholder_text: &str,
    parameters: &'p [Parameter],
) -> Option<&'p Parameter> {
    let (_, parameter) = parameters
        .iter()
        .enumerate()
        .find(|(index, _)| placeholder(*index) == placeholder_text)?;
    Some(parameter)
}

/// The parameters, those of the path first and in its order, and their lowered form.
pub(super) fn lower(site: &mut OperationSite<'_, '_>) -> (Vec<Parameter>, Vec<Value>) {
    let template = path::names(&site.source.path);
    let found = find(site, &template);
    let mut lowered: Vec<(Parameter, Value)> =
        found.iter().map(|one| lower_one(site, one)).collect();
    for name in &template {
        let declared = lowered
            .iter()
            .any(|(one, _)| one.location == Location::Path && one.name == *name);
        if !declared {
            let detail = format!("`{name}` stands in the path and is not declared; a string");
            site.ledger
                .add(&site.source.pointer, "parameter", Effect::Widened, detail);
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

/// The parameters of the operation and of its path item that have a place in the request.
fn find<'d>(site: &mut OperationSite<'_, 'd>, template: &[&str]) -> Vec<Found<'d>> {
    let mut found: Vec<Found<'d>> = Vec::new();
    let own = site.source.operation.get("parameters");
    let own_pointer = join(&site.source.pointer, "parameters");
    let shared = site.source.item.get("parameters");
    let shared_pointer = join(&site.source.item_pointer, "parameters");
    for (list, pointer) in [(shared, shared_pointer), (own, own_pointer)] {
        let list = list.and_then(Value::as_array);
        let mut of_this_list: Vec<Found<'d>> = Vec::new();
        for (index, parameter) in list.into_iter().flatten().enumerate() {
            let pointer = join(&pointer, &index.to_string());
            let Some(one) = read(site, parameter, pointer, template) else {
                continue;
            };
            if let Some(first) = of_this_list.iter().find(|other| other.is_same(&one)) {
                // The same one twice costs nothing.
                if first.parameter != one.parameter {
                    let detail = format!("`{}` is declared before, in another way", one.name);
                    site.ledger
                        .add(one.pointer, "parameter", Effect::Dropped, detail);
                }
                continue;
            }
            of_this_list.push(one);
        }
        // The operation's own parameter overrides that of its path item.
        found.retain(|other| !of_this_list.iter().any(|one| one.is_same(other)));
        found.append(&mut of_this_list);
    }
    found
}

/// A parameter that only the path template knows.
fn undeclared(name: &str) -> (Parameter, Value) {
    let parameter = Parameter {
        name: name.to_owned(),
        location: Location::Path,
        description: String::new(),
        writing: Some(Writing {
            style: Style::Simple { explode: false },
            reserved: false,
        }),
    };
    let schema = json!({ "type": "string" });
    let lowered = json!({ "in": "path", "required": true, "schema": schema });
    (parameter, lowered)
}

fn read<'d>(
    site: &mut OperationSite<'_, 'd>,
    parameter: &'d Value,
    mut pointer: String,
    template: &[&str],
) -> Option<Found<'d>> {
    let Some((parameter, place)) = resolve(site.document, parameter) else {
        let detail = format!("cannot be set: {}", nowhere(parameter));
        site.ledger
            .add(pointer, "dangling", Effect::Dropped, detail);
        return None;
    };
    if let Some(place) = place {
        pointer = place;
    }
    let text = |keyword: &str| parameter.get(keyword).and_then(Value::as_str);
    let (name, place) = (text("name").unwrap_or(""), text("in").unwrap_or(""));
    let lower_case = name.to_ascii_lowercase();
    if place == "header" && IGNORED_HEADERS.contains(&lower_case.as_str()) {
        return None;
    }
    let stray = match place {
        "path" => !template.contains(&name),
        "header" => !is_token(name) || HEADERS_OF_THE_CLIENT.contains(&lower_case.as_str()),
        "cookie" => !is_token(name),
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
            site.ledger
                .add(pointer, "parameter", Effect::Dropped, detail);
            None
        }
    }
}

/// Whether a header or cookie can have this name (RFC 9110 section 5.6.2).
pub(super) fn is_token(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_allowed)
}

fn lower_one(site: &mut OperationSite<'_, '_>, found: &Found<'_>) -> (Parameter, Value) {
    let hint = format!("{}{}", site.names.type_prefix, pascal(found.name));
    let (mut writing, unknown) = style::of_parameter(found.parameter, found.location);
    if !unknown.is_empty() {
        let unknown = unknown.join("` and `");
        let detail = format!("sent in the default way: `{unknown}` means nothing here");
        site.ledger
            .add(&found.pointer, "parameter-style", Effect::Dropped, detail);
    }
    let (schema, pointer) = schema(site, found, &mut writing);
    let mut schema = site
        .components
        .inline(&schema, &pointer, &hint, site.ledger);

    let declared = found.parameter.get("required") == Some(&Value::Bool(true));
    let required = declared || found.location == Location::Path;
    if found.location == Location::Path
        && let Some(schema) = schema.as_object_mut()
        && schema.shift_remove("nullable").is_some()
    {
        let detail = "never null";
        site.ledger
            .add(&found.pointer, "path-parameter", Effect::Rewritten, detail);
    }
    let of_progenitor = found.location == Location::Query
        && writing.style == (Style::Form { explode: true })
        && !writing.reserved
        && is_plain(site, &schema);
    let parameter = Parameter {
        name: found.name.to_owned(),
        location: found.location,
        description: description(found.parameter, &schema),
        writing: (!of_progenitor).then_some(writing),
    };
    // progenitor knows a query to hold values of any type; where they go is said by the model.
    let place = match found.location {
        Location::Path => "path",
        Location::Query | Location::Header | Location::Cookie => "query",
    };
    let lowered = json!({
        "in": place, "required": required, "schema": schema,
    });
    (parameter, lowered)
}

/// The schema of a parameter and its place. One that is described by `content` is a text of that kind.
fn schema(
    site: &mut OperationSite<'_, '_>,
    found: &Found<'_>,
    writing: &mut Writing,
) -> (Value, String) {
    let any = json!({ "type": "string" });
    let content = found.parameter.get("content").and_then(Value::as_object);
    let Some((media_type, media)) = content.and_then(|content| content.iter().next()) else {
        let schema = found.parameter.get("schema").unwrap_or(&any);
        return (schema.clone(), join(&found.pointer, "schema"));
    };
    let pointer = join(&join(&found.pointer, "content"), media_type);
    if !replies::is_json(&replies::essence(media_type)) {
        let detail = "a string, sent as given";
        site.ledger.add(
            pointer.clone(),
            "parameter-content",
            Effect::Widened,
            detail,
        );
        return (any, pointer);
    }
    writing.style = Style::Json;
    let schema = media.get("schema").cloned().unwrap_or(json!({}));
    (schema, join(&pointer, "schema"))
}

/// The parameter's own words, then what its schema says of limits and default.
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

/// Whether progenitor writes any value of this schema into a query: a text, or a list of texts.
fn is_plain(site: &OperationSite<'_, '_>, schema: &Value) -> bool {
    let text = |kind: &str| matches!(kind, "string" | "integer" | "number" | "boolean");
    let target = target(site, schema);
    let kind = |target: Option<&Value>| target?.get("type")?.as_str().map(str::to_owned);
    match kind(target).as_deref() {
        Some("array") => target
            .and_then(|target| target.get("items"))
            .and_then(|items| kind(self::target(site, items)))
            .is_some_and(|kind| text(&kind)),
        Some(kind) => text(kind),
        None => false,
    }
}

/// The schema itself or the component that it refers to.
fn target<'s>(site: &'s OperationSite<'_, '_>, schema: &'s Value) -> Option<&'s Value> {
    let named = schema
        .get("allOf")
        .and_then(|branches| branches.get(0))
        .unwrap_or(schema);
    if reference(named).is_some() {
        site.components.referred(named)
    } else {
        Some(schema)
    }
}

//! Parameters of an operation: in the path, the query and headers.

use serde_json::{Map, Value, json};

use super::components::reference;
use super::model::{Location, Parameter};
use super::operations::{OperationSite, resolve};
use crate::ledger::{Effect, join};
use crate::markdown;
use crate::names::pascal;

/// A parameter and where it stands in the document.
struct Found<'d> {
    name: &'d str,
    location: Location,
    parameter: &'d Map<String, Value>,
    pointer: String,
}

/// The path as progenitor gets it, with [`placeholder`]s for the names of its parameters.
pub(super) fn lowered_path(path: &str) -> String {
    let names = template_names(path);
    // In one pass: a name may itself look like a placeholder.
    let mut parts = path.split('{');
    let mut lowered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let named = part.split_once('}').and_then(|(name, rest)| {
            let index = names.iter().position(|known| known == name)?;
            Some((index, rest))
        });
        match named {
            Some((index, rest)) => lowered.push_str(&format!("{{{}}}{rest}", placeholder(index))),
            None => lowered.push_str(&format!("{{{part}")),
        }
    }
    lowered
}

/// What progenitor knows the parameter at `index` by.
///
/// Two names may look alike in Rust, or like a variable of the function that progenitor writes; these
/// do not. Refine puts the names back where they are sent.
fn placeholder(index: usize) -> String {
    format!("p{index}")
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
    let template: Vec<String> = template_names(&site.source.path);
    let mut found: Vec<Found<'_>> = Vec::new();
    let own = site.source.operation.get("parameters");
    let own_pointer = join(&site.source.pointer, "parameters");
    let shared_pointer = site.source.shared_pointer.clone();
    for (list, pointer) in [(site.source.shared, shared_pointer), (own, own_pointer)] {
        let list = list.and_then(Value::as_array);
        for (index, parameter) in list.into_iter().flatten().enumerate() {
            let pointer = join(&pointer, &index.to_string());
            let Some(one) = read(site, parameter, pointer, &template) else {
                continue;
            };
            // The operation's own parameter overrides that of its path item.
            found.retain(|other| (other.name, other.location) != (one.name, one.location));
            found.push(one);
        }
    }

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
            let parameter = Parameter {
                name: name.clone(),
                location: Location::Path,
                description: String::new(),
            };
            let schema = json!({ "type": "string" });
            lowered.push((
                parameter,
                json!({ "in": "path", "required": true, "schema": schema }),
            ));
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

/// Names between braces in a path template, in order.
fn template_names(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in path.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}')
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

fn read<'d>(
    site: &mut OperationSite<'_, 'd>,
    parameter: &'d Value,
    mut pointer: String,
    template: &[String],
) -> Option<Found<'d>> {
    let Some((parameter, place)) = resolve(site.document, parameter) else {
        let detail = "the parameter leads nowhere";
        site.ledger
            .add(pointer, "dangling", Effect::Dropped, detail);
        return None;
    };
    if let Some(place) = place {
        pointer = place;
    }
    let text = |keyword: &str| parameter.get(keyword).and_then(Value::as_str);
    let (name, place) = (text("name").unwrap_or(""), text("in").unwrap_or(""));
    if place == "cookie" {
        let detail = format!("cookie `{name}` is not sent");
        site.ledger.add(pointer, "cookie", Effect::Dropped, detail);
        return None;
    }
    // OpenAPI 3.1 section 4.8.12.2: header parameters of these names are ignored.
    let ignored = place == "header"
        && ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str());
    if ignored {
        return None;
    }
    let stray = match place {
        "path" => !template.iter().any(|known| known == name),
        "header" => !is_token(name),
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
            let detail = format!("`{name}` in `{place}` has no place in the request");
            site.ledger
                .add(pointer, "parameter", Effect::Dropped, detail);
            None
        }
    }
}

/// Whether a header can have this name (RFC 9110 section 5.6.2).
fn is_token(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn lower_one(site: &mut OperationSite<'_, '_>, found: &Found<'_>) -> (Parameter, Value) {
    let hint = format!("{}{}", site.names.type_prefix, pascal(found.name));
    let any = json!({ "type": "string" });
    let pointer = join(&found.pointer, "schema");
    let mut schema = if found.parameter.contains_key("content") {
        let detail = "a string, sent as given";
        site.ledger
            .add(&found.pointer, "parameter-content", Effect::Widened, detail);
        any.clone()
    } else {
        let schema = found.parameter.get("schema").unwrap_or(&any);
        site.components.inline(schema, &pointer, &hint, site.ledger)
    };

    if !fits(site, &schema, found.location) {
        let detail = "a string, sent as given: its type has no form in a URL or header";
        site.ledger
            .add(&pointer, "parameter", Effect::Widened, detail);
        schema = any;
    }
    let declared = found.parameter.get("required") == Some(&Value::Bool(true));
    let required = declared || found.location == Location::Path;
    if found.location != Location::Query
        && let Some(schema) = schema.as_object_mut()
        && schema.shift_remove("nullable").is_some()
    {
        let detail = "never null";
        site.ledger
            .add(&found.pointer, "path-parameter", Effect::Rewritten, detail);
    }
    report_style(site, found);
    let place = match found.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
    };
    let parameter = Parameter {
        name: found.name.to_owned(),
        location: found.location,
        description: description(found.parameter, &schema),
    };
    let lowered = json!({
        "in": place, "required": required, "schema": schema,
    });
    (parameter, lowered)
}

/// Only the default way to write a parameter is known (OpenAPI 3.1 section 4.8.12.2.1).
fn report_style(site: &mut OperationSite<'_, '_>, found: &Found<'_>) {
    let get = |keyword: &str| found.parameter.get(keyword);
    let default = match found.location {
        Location::Query => "form",
        Location::Path | Location::Header => "simple",
    };
    let style = get("style").and_then(Value::as_str);
    let mut ignored = Vec::new();
    if style.is_some_and(|style| style != default) {
        ignored.push("style");
    }
    if found.location == Location::Query && get("explode") == Some(&Value::Bool(false)) {
        ignored.push("explode");
    }
    if get("allowReserved") == Some(&Value::Bool(true)) {
        ignored.push("allowReserved");
    }
    if !ignored.is_empty() {
        let detail = format!("sent in the default way, without {}", ignored.join(", "));
        site.ledger
            .add(&found.pointer, "parameter-style", Effect::Dropped, detail);
    }
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

/// Whether a value of this schema can be written into its place.
fn fits(site: &OperationSite<'_, '_>, schema: &Value, location: Location) -> bool {
    let named = schema
        .get("allOf")
        .and_then(|branches| branches.get(0))
        .unwrap_or(schema);
    let target = if reference(named).is_some() {
        site.components.referred(named)
    } else {
        Some(schema)
    };
    let kind = target
        .and_then(|target| target.get("type"))
        .and_then(Value::as_str);
    match kind {
        Some("string" | "integer" | "number" | "boolean") => true,
        Some("array") if location == Location::Query => target
            .and_then(|target| target.get("items"))
            .is_some_and(|items| fits(site, items, Location::Path)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_take_the_place_of_names_all_at_once() {
        for (path, expected) in [
            ("/a/{id}/b/{key}", "/a/{p0}/b/{p1}"),
            ("/{p1}/{p0}", "/{p0}/{p1}"),
            ("/{a}/{b}/{a}", "/{p0}/{p1}/{p0}"),
            ("/{a}.{b}", "/{p0}.{p1}"),
            ("/plain", "/plain"),
            ("/bad/{", "/bad/{"),
        ] {
            assert_eq!(lowered_path(path), expected);
        }
    }
}

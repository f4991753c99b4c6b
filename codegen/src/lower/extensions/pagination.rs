//! `x-pagination`: how the list of an operation is paged.
//!
//! Other vendors use an extension of the same name. So an invalid declaration is a ledger entry,
//! never an error.

use serde_json::{Map, Value};

use crate::lower::model::{
    EXTENSION, Location, Pagination, PaginationFlaw, PaginationStyle, Parameter, ResponseKind,
    Style,
};
use crate::lower::operations::OperationContext;
use crate::openapi::pointer::tokens;
use crate::openapi::reference::resolve;

/// Properties that every style may have.
const OF_ALL: &[&str] = &["style", "items", "has_more", "total"];

/// Returns the declaration of an operation, as far as it can be checked without the types of the
/// response.
pub(in crate::lower) fn declared(
    context: &mut OperationContext<'_, '_>,
    parameters: &[Parameter],
    kinds: &[ResponseKind],
) -> Option<Pagination> {
    let declared = context.source.operation.get(EXTENSION)?;
    let read = match kinds.contains(&ResponseKind::Json) {
        true => read(context, declared, parameters),
        false => Err(PaginationFlaw::of("", "the response is not JSON")),
    };
    read.map_err(|flaw| context.ledger.push(flaw.entry(&context.source.pointer)))
        .ok()
}

fn read(
    context: &OperationContext<'_, '_>,
    declared: &Value,
    parameters: &[Parameter],
) -> Result<Pagination, PaginationFlaw> {
    let declared = declared
        .as_object()
        .ok_or_else(|| PaginationFlaw::of("", "the declaration is not an object"))?;
    let style = style(declared)?;
    let known = OF_ALL.iter().chain(style.members());
    let known: Vec<&str> = known.copied().collect();
    if let Some(stray) = declared
        .keys()
        .find(|member| !known.contains(&member.as_str()))
    {
        let style = style.name();
        return Err(PaginationFlaw::of(
            "",
            format!("`{stray}` has no meaning in the style `{style}`"),
        ));
    }
    let pointer = |member| pointer(declared, member);
    let text = |member| text(declared, member);
    let paging = Pagination {
        style,
        items: pointer("items")?.ok_or_else(|| PaginationFlaw::of("", "`items` is missing"))?,
        parameter: text("parameter")?,
        next: pointer("next")?,
        key: pointer("key")?,
        size: text("size")?,
        largest: None,
        has_more: pointer("has_more")?,
        total: pointer("total")?,
        first: first(declared)?,
    };
    for required in style.required() {
        if !declared.contains_key(*required) {
            let style = style.name();
            return Err(PaginationFlaw::of(
                "",
                format!("`{required}` is missing, which the style `{style}` needs"),
            ));
        }
    }
    for (member, name) in [("parameter", &paging.parameter), ("size", &paging.size)] {
        if let Some(name) = name {
            is_settable(name, parameters).map_err(|why| PaginationFlaw::of(member, why))?;
        }
    }
    if paging.parameter.is_some() && paging.parameter == paging.size {
        return Err(PaginationFlaw::of("size", "it is the same as `parameter`"));
    }
    let largest = paging.size.as_ref().and_then(|name| largest(context, name));
    Ok(Pagination { largest, ..paging })
}

fn style(declared: &Map<String, Value>) -> Result<PaginationStyle, PaginationFlaw> {
    let name = match declared.get("style") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(PaginationFlaw::of("style", "`style` is not a string")),
        None => return Err(PaginationFlaw::of("", "`style` is missing")),
    };
    PaginationStyle::ALL
        .into_iter()
        .find(|style| style.name() == name)
        .ok_or_else(|| {
            let known = PaginationStyle::ALL.map(PaginationStyle::name).join(", ");
            PaginationFlaw::of("style", format!("`{name}` is none of {known}"))
        })
}

fn text(
    declared: &Map<String, Value>,
    member: &'static str,
) -> Result<Option<String>, PaginationFlaw> {
    match declared.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(PaginationFlaw::of(
            member,
            format!("`{member}` is not a string"),
        )),
    }
}

/// Returns a property that is a JSON pointer (RFC 6901).
fn pointer(
    declared: &Map<String, Value>,
    member: &'static str,
) -> Result<Option<String>, PaginationFlaw> {
    let pointer = text(declared, member)?;
    let is_pointer = |text: &String| tokens(text).is_some();
    match pointer {
        Some(pointer) if !is_pointer(&pointer) => Err(PaginationFlaw::of(
            member,
            format!("`{pointer}` is no JSON pointer, such as `/{member}`"),
        )),
        pointer => Ok(pointer),
    }
}

/// Returns the number of the first page.
fn first(declared: &Map<String, Value>) -> Result<u64, PaginationFlaw> {
    match declared.get("first") {
        None => Ok(1),
        Some(number) => number
            .as_u64()
            .ok_or_else(|| PaginationFlaw::of("first", format!("{number} is not a page number"))),
    }
}

/// Returns whether the parameter of this name can select a page.
fn is_settable(name: &str, parameters: &[Parameter]) -> Result<(), String> {
    let parameter = parameters
        .iter()
        .find(|parameter| parameter.name == name && parameter.location == Location::Query)
        .ok_or_else(|| format!("the operation has no query parameter `{name}`"))?;
    match parameter.serialization.style {
        Style::Form { .. } => Ok(()),
        _ => Err(format!("`{name}` is not written as plain text")),
    }
}

/// Returns the `maximum` of the schema of a query parameter.
fn largest(context: &OperationContext<'_, '_>, name: &str) -> Option<u64> {
    let source = context.source;
    let lists = [&source.operation, &source.item].map(|holder| holder.get("parameters"));
    let parameter = lists
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(|parameter| Some(resolve(context.document, parameter).ok()?.value))
        .find(|parameter| {
            let is = |member: &str, text: &str| parameter.get(member) == Some(&Value::from(text));
            is("name", name) && is("in", "query")
        })?;
    let schema = resolve(context.document, parameter.get("schema")?).ok()?;
    schema.value.get("maximum")?.as_u64()
}

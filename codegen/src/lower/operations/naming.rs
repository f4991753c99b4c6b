//! Names of operations: the tag gives the accessor, and the summary gives the method.

use std::collections::BTreeMap;

use serde_json::Value;

use super::body_kinds::request_body;
use super::context::{MethodNames, OperationNames, OperationSource};
use super::response_kinds::successes;
use crate::error::Error;
use crate::ledger::{Effect, Ledger};
use crate::names::{Taken, pascal, slug, snake};
use crate::openapi::pointer::join;
use crate::settings::Settings;

/// Methods of every value that take it by value. They go before a method of the same name that
/// takes a reference, which could not be called.
const BY_VALUE: [&str; 2] = ["into", "try_into"];

/// Names all operations at once, because their names must not collide.
///
/// # Errors
///
/// Fails if `x-method-name` is not a valid method name.
pub(super) fn name(
    document: &Value,
    sources: &[OperationSource<'_>],
    settings: &Settings,
    ledger: &mut Ledger,
) -> Result<Vec<OperationNames>, Error> {
    let mut methods: BTreeMap<String, Taken> = BTreeMap::new();
    let mut overrides = Vec::new();
    // Names from the overlay come first: a summary elsewhere must not take them.
    for source in sources {
        let given = given(source)?;
        if let Some(given) = &given {
            let taken = methods.entry(accessor(source, settings)).or_default();
            if taken.contains(given) {
                let problem = format!("`{given}` names another operation of the same tag already");
                return Err(Error::document(method_name_pointer(source), problem));
            }
            taken.unique(given);
        }
        overrides.push(given);
    }

    let mut functions = Taken::default();
    let mut prefixes = Taken::default();
    let mut all = Vec::new();
    for (source, given) in sources.iter().zip(overrides) {
        let tag = tag(source);
        let accessor = accessor(source, settings);
        let plain = snake(&slug(&tag));
        if accessor != plain && source.operation.get("x-accessor-name").is_none() {
            let detail = format!("`{plain}` is a method of the client; this tag is `{accessor}`");
            ledger.add(&source.pointer, "tag-name", Effect::Rewritten, detail);
        }
        let taken = methods.entry(accessor.clone()).or_default();
        for name in BY_VALUE
            .iter()
            .filter(|name| !taken.contains(name))
            .collect::<Vec<_>>()
        {
            taken.unique(name);
        }
        let method = given.unwrap_or_else(|| {
            let wanted = method(source);
            let method = free(taken, &wanted, source.http_method);
            if method != wanted {
                let detail =
                    format!("`{accessor}.{wanted}` is taken; this one is `{accessor}.{method}`");
                ledger.add(&source.pointer, "operation-name", Effect::Rewritten, detail);
            }
            method
        });
        let mut methods = Vec::new();
        for (body, response) in suffixes(document, source) {
            let end: Vec<&str> = [body.as_str(), response]
                .into_iter()
                .filter(|suffix| !suffix.is_empty())
                .collect();
            let name = match end.is_empty() {
                true => method.clone(),
                false => taken.unique(&format!("{method}_{}", end.join("_"))),
            };
            methods.push(MethodNames {
                // The name is cased once more, as progenitor will do, so that progenitor does not
                // change it.
                function: functions.unique(&snake(&format!("{accessor}_{name}"))),
                suffixes: (body.clone(), response.to_owned()),
                method: name,
            });
        }
        let mut type_prefix = pascal(&method);
        if prefixes.contains(&type_prefix) {
            type_prefix = pascal(&format!("{accessor} {method}"));
        }
        all.push(OperationNames {
            tag,
            accessor,
            methods,
            type_prefix: prefixes.unique(&type_prefix),
        });
    }
    Ok(all)
}

/// Returns the ends of the names of an operation's methods: for each way of the body, each way of
/// the response.
fn suffixes(document: &Value, source: &OperationSource<'_>) -> Vec<(String, &'static str)> {
    let bodies = match request_body(document, source) {
        Some(Ok(request)) => request.ways.into_iter().map(|way| way.suffix).collect(),
        _ => Vec::new(),
    };
    let bodies = if bodies.is_empty() {
        vec![String::new()]
    } else {
        bodies
    };
    let responses = successes(document, source).ways;
    let of = |body: String| {
        let responses = responses.iter().map(|way| way.suffix);
        responses.map(move |response| (body.clone(), response))
    };
    bodies.into_iter().flat_map(of).collect()
}

/// Returns the accessor of an operation's tag, or `x-accessor-name`. Tags that differ only in
/// spelling share one accessor.
fn accessor(source: &OperationSource<'_>, settings: &Settings) -> String {
    let chosen = source
        .operation
        .get("x-accessor-name")
        .and_then(Value::as_str);
    let plain = match chosen {
        Some(chosen) => snake(chosen),
        None => snake(&slug(&tag(source))),
    };
    if settings.reserved_accessors.contains(&plain) || BY_VALUE.contains(&plain.as_str()) {
        format!("{plain}_api")
    } else {
        plain
    }
}

fn method_name_pointer(source: &OperationSource<'_>) -> String {
    join(&source.pointer, "x-method-name")
}

/// Returns `x-method-name`, if present.
fn given(source: &OperationSource<'_>) -> Result<Option<String>, Error> {
    let Some(name) = source.operation.get("x-method-name") else {
        return Ok(None);
    };
    match name.as_str() {
        Some(text) if !text.is_empty() && snake(text) == text => Ok(Some(text.to_owned())),
        _ => {
            let problem = format!("{name} cannot name a method: give an identifier in snake_case");
            Err(Error::document(method_name_pointer(source), problem))
        }
    }
}

/// Returns the first tag; operations without a tag are grouped under `Default`.
fn tag(source: &OperationSource<'_>) -> String {
    source
        .operation
        .get("tags")
        .and_then(|tags| tags.get(0))
        .and_then(Value::as_str)
        .filter(|tag| !tag.trim().is_empty())
        .unwrap_or("Default")
        .to_owned()
}

/// Returns the slug of the summary, or `operationId`, or method and path.
fn method(source: &OperationSource<'_>) -> String {
    match slug(source.text("summary")) {
        summary if summary.is_empty() => snake(&source.id()),
        summary => snake(&summary),
    }
}

fn free(taken: &mut Taken, wanted: &str, http_method: &str) -> String {
    if taken.contains(wanted) {
        taken.unique(&format!("{wanted}_{}", snake(http_method)))
    } else {
        taken.unique(wanted)
    }
}

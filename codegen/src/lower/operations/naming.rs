//! OperationNames of operations: the tag gives the accessor, the summary gives the method.

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{OperationNames, OperationSource};
use super::response_kinds::has_two_methods;
use crate::error::Error;
use crate::ledger::{Effect, Ledger};
use crate::names::{Taken, pascal, slug, snake};
use crate::openapi::pointer::join;
use crate::settings::Settings;

/// OperationNames all operations at once, since their names must not collide.
///
/// # Errors
///
/// If `x-method-name` is no identifier that a method can have.
pub(super) fn name(
    document: &Value,
    sources: &[OperationSource<'_>],
    settings: &Settings,
    ledger: &mut Ledger,
) -> Result<Vec<OperationNames>, Error> {
    let mut methods: BTreeMap<String, Taken> = BTreeMap::new();
    let mut overrides = Vec::new();
    // What the overlay names comes first: a summary elsewhere must not take it away.
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
        if accessor != plain {
            let detail = format!("`{plain}` is a method of the client; this tag is `{accessor}`");
            ledger.add(&source.pointer, "tag-name", Effect::Rewritten, detail);
        }
        let taken = methods.entry(accessor.clone()).or_default();
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
        let stream_method = format!("{method}_stream");
        let stream_method = match has_two_methods(document, source) {
            true => taken.unique(&stream_method),
            false => stream_method,
        };
        let mut type_prefix = pascal(&method);
        if prefixes.contains(&type_prefix) {
            type_prefix = pascal(&format!("{accessor} {method}"));
        }
        all.push(OperationNames {
            // Cased once more, as progenitor will, so that it finds nothing to change.
            function: functions.unique(&snake(&format!("{accessor}_{method}"))),
            tag,
            accessor,
            method,
            stream_method,
            type_prefix: prefixes.unique(&type_prefix),
        });
    }
    Ok(all)
}

/// The accessor of an operation's tag; tags that differ in spelling only share one.
fn accessor(source: &OperationSource<'_>, settings: &Settings) -> String {
    let plain = snake(&slug(&tag(source)));
    if settings.reserved_accessors.contains(&plain) {
        format!("{plain}_api")
    } else {
        plain
    }
}

fn method_name_pointer(source: &OperationSource<'_>) -> String {
    join(&source.pointer, "x-method-name")
}

/// `x-method-name`, if there is one.
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

/// The first tag; operations without one are together under `Default`.
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

/// The slug of the summary, or `operationId`, or method and path.
fn method(source: &OperationSource<'_>) -> String {
    match slug(source.text("summary")) {
        summary if summary.is_empty() => snake(&source.id()),
        summary => snake(&summary),
    }
}

fn free(taken: &mut Taken, wanted: &str, http_method: &str) -> String {
    if taken.contains(wanted) {
        taken.unique(&format!("{wanted}_{http_method}"))
    } else {
        taken.unique(wanted)
    }
}

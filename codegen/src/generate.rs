//! Stage 3, generate: progenitor turns the lowered document into Rust.
//!
//! progenitor's positional interface is used, and of it only what builds requests and types; the
//! setters and builders that users see are emitted by the later stages. progenitor panics on what
//! it does not expect: that is caught here, and what caused it is cut out alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::ledger::{Effect, Ledger};
use crate::lower::{Lowered, reachable};
use crate::stack::panic_message;

/// Generates from the lowered document, without the schemas and operations that make it fail.
pub(crate) fn generate(lowered: &mut Lowered, ledger: &mut Ledger) -> Result<TokenStream, Error> {
    match attempt(&lowered.document) {
        Ok(tokens) => Ok(tokens),
        Err(_) => {
            isolate_schemas(lowered, ledger);
            isolate_operations(lowered, ledger);
            attempt(&lowered.document).map_err(Error::Generate)
        }
    }
}

/// One run of progenitor; a panic is an error like any other.
fn attempt(document: &Value) -> Result<TokenStream, String> {
    let document: openapiv3::OpenAPI =
        serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
    let run = || {
        let mut settings = GenerationSettings::new();
        settings
            .with_interface(InterfaceStyle::Positional)
            .with_tag(TagStyle::Merged)
            .with_map_type("::std::collections::BTreeMap")
            .with_derive("PartialEq");
        Generator::new(&settings)
            .generate_tokens(&document)
            .map_err(|error| error.to_string())
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(panic_message(&*panic)))
}

/// Replaces each schema that fails by any JSON value; those that depend on little are tried first,
/// so that the schema to blame goes, and not the ones that refer to it.
fn isolate_schemas(lowered: &mut Lowered, ledger: &mut Ledger) {
    let schemas = schemas(&lowered.document).clone();
    if attempt(&with(&Map::new(), &schemas)).is_ok() {
        return;
    }
    let mut closures: Vec<(String, Vec<String>)> = schemas
        .iter()
        .map(|(name, schema)| {
            let mut closure: Vec<String> = reachable(&schemas, schema).into_iter().collect();
            closure.push(name.clone());
            (name.clone(), closure)
        })
        .collect();
    closures.sort_by_key(|(_, closure)| closure.len());

    let mut kept = schemas;
    for (name, closure) in closures {
        let part: Map<String, Value> = closure
            .iter()
            .filter_map(|name| Some((name.clone(), kept.get(name)?.clone())))
            .collect();
        if let Err(problem) = attempt(&with(&Map::new(), &part)) {
            kept.insert(name.clone(), json!({}));
            let origin = lowered
                .model
                .origins
                .get(&name)
                .cloned()
                .unwrap_or_default();
            let detail = format!(
                "any JSON value, because progenitor fails: {}",
                first_line(&problem)
            );
            ledger.add(origin, "isolated-schema", Effect::Widened, detail);
            lowered.model.enums.remove(&name);
            if lowered.model.secrets.remove(&name).is_some() {
                lowered.model.secret_types.insert(name);
            }
        }
    }
    if let Some(schemas) = lowered.document.pointer_mut("/components/schemas") {
        *schemas = Value::Object(kept);
    }
}

/// Leaves out each operation that fails on its own.
fn isolate_operations(lowered: &mut Lowered, ledger: &mut Ledger) {
    if attempt(&lowered.document).is_ok() {
        return;
    }
    let schemas = schemas(&lowered.document).clone();
    let operations = std::mem::take(&mut lowered.model.operations);
    for operation in operations {
        let lowered_operation = lowered
            .document
            .get("paths")
            .and_then(|paths| paths.get(&operation.lowered_path))
            .and_then(|item| item.get(&operation.http_method));
        // The second method of one operation goes the way of the first.
        let Some(lowered_operation) = lowered_operation else {
            continue;
        };
        let part: Map<String, Value> = reachable(&schemas, lowered_operation)
            .into_iter()
            .filter_map(|name| Some((name.clone(), schemas.get(&name)?.clone())))
            .collect();
        let mut item = Map::new();
        item.insert(operation.http_method.clone(), lowered_operation.clone());
        let mut paths = Map::new();
        paths.insert(operation.lowered_path.clone(), Value::Object(item));
        match attempt(&with(&paths, &part)) {
            Ok(_) => lowered.model.operations.push(operation),
            Err(problem) => {
                let detail = format!("progenitor fails: {}", first_line(&problem));
                ledger.add(
                    &operation.pointer,
                    "isolated-operation",
                    Effect::LeftOut,
                    detail,
                );
                let item = lowered
                    .document
                    .get_mut("paths")
                    .and_then(|paths| paths.get_mut(&operation.lowered_path))
                    .and_then(Value::as_object_mut);
                if let Some(item) = item {
                    item.shift_remove(&operation.http_method);
                }
            }
        }
    }
}

fn schemas(document: &Value) -> &Map<String, Value> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .unwrap_or(&EMPTY)
}

fn with(paths: &Map<String, Value>, schemas: &Map<String, Value>) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "part", "version": "0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn first_line(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower;
    use crate::settings::Settings;

    #[test]
    fn one_bad_schema_is_cut_out_alone() {
        let document = json!({
            "openapi": "3.1.0",
            "paths": {},
            "components": { "schemas": {
                "Bad": { "type": "nonsense" },
                "User": { "type": "object", "properties": { "bad": { "$ref": "#/components/schemas/Bad" } } },
            } },
        });
        let mut ledger = Ledger::default();
        let mut lowered = lower(&document, &Settings::default(), &mut ledger).unwrap();
        let tokens = generate(&mut lowered, &mut ledger).unwrap().to_string();
        assert!(tokens.contains("struct User"));
        let isolated: Vec<_> = ledger
            .entries()
            .iter()
            .filter(|entry| entry.rule == "isolated-schema")
            .map(|entry| entry.pointer.as_str())
            .collect();
        assert_eq!(isolated, ["/components/schemas/Bad"]);
    }
}

//! Lowering of whole documents.

mod bodies;
mod components;
mod names;
mod operations;
mod parameters;

use serde_json::{Value, json};

use super::rules::RULES;
use super::{Lowered, lower};
use crate::ledger::Ledger;
use crate::settings::Settings;

fn lowered(document: &Value) -> (Lowered, Vec<String>) {
    let mut ledger = Ledger::default();
    let lowered = lower(document, &Settings::default(), &mut ledger).unwrap();
    let lines = ledger
        .entries()
        .iter()
        .inspect(|entry| {
            let rule = entry.rule;
            assert!(
                RULES.iter().any(|one| one.name == rule),
                "{rule} is not in the table"
            );
        })
        .map(|entry| format!("{} {} {}", entry.effect, entry.rule, entry.pointer))
        .collect();
    (lowered, lines)
}

fn document(paths: Value, schemas: Value) -> Value {
    json!({ "openapi": "3.1.0", "paths": paths, "components": { "schemas": schemas } })
}

fn json_response(schema: Value) -> Value {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

//! Shards of a lowered document, which the later stages process in parallel.
//!
//! Types and calls refer to each other by name, and lowering assigned the names. So a shard holds
//! some components, or the operations, and a struct without fields for each other struct to which
//! they refer. progenitor's output for a large document is never in memory as a whole, and two
//! processors take half the time. The number of shards does not change the output.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::component_graph::{self, Closure, Graph, is_struct};
use super::progenitor;
use super::purposes::Purposes;
use crate::error::Error;
use crate::facade::{self, Facade, Types};
use crate::ledger::Entry;
use crate::lower::{Lowered, Operation, references};
use crate::names::Taken;
use crate::print::Files;
use crate::runtime_features::RuntimeFeatures;
use crate::settings::Settings;
use crate::{refine, threads};

/// The number of components of a shard: large enough that the fixed cost of a progenitor run does
/// not matter.
const COMPONENTS: usize = 500;

/// The output for the whole document.
pub(crate) struct Generated {
    pub(crate) files: Files,
    /// Declarations of pagination that the types of the response contradict.
    pub(crate) entries: Vec<Entry>,
    /// The pointer of the operation of each request and method, by its Rust name.
    pub(crate) requests: BTreeMap<String, String>,
    /// The Cargo feature of each tag, by accessor.
    pub(crate) features: BTreeMap<String, String>,
    pub(crate) runtime_features: RuntimeFeatures,
    /// A Rust file that calls each operation once.
    pub(crate) calls: Option<String>,
}

/// One shard.
enum Shard<'l> {
    Calls,
    Types(BTreeSet<&'l str>),
}

/// The output for a shard.
enum ShardOutput {
    Calls(Facade),
    Types(Types),
}

/// Runs progenitor, refine and facade.
pub(crate) fn generate(lowered: &Lowered, settings: &Settings) -> Result<Generated, Error> {
    generate_by(COMPONENTS, lowered, settings)
}

fn generate_by(size: usize, lowered: &Lowered, settings: &Settings) -> Result<Generated, Error> {
    let graph = Graph::of(lowered.schemas());
    // The operations take longest, so they come first.
    let mut shards = vec![Shard::Calls];
    let mut components = BTreeSet::new();
    for name in lowered.schemas().keys() {
        if lowered.named_only.contains(name) {
            continue;
        }
        components.insert(name.as_str());
        if components.len() >= size {
            shards.push(Shard::Types(std::mem::take(&mut components)));
        }
    }
    if !components.is_empty() {
        shards.push(Shard::Types(components));
    }

    let purposes = Purposes::of(lowered);
    let made = threads::side_by_side(&shards, |shard| match shard {
        Shard::Calls => calls(lowered, &graph, settings).map(ShardOutput::Calls),
        Shard::Types(components) => {
            types(lowered, &graph, components, &purposes, settings).map(ShardOutput::Types)
        }
    })?;
    let mut types = Types::default();
    let mut calls = Facade::default();
    for made in made {
        match made {
            ShardOutput::Calls(made) => calls = made,
            ShardOutput::Types(made) => types.append(made),
        }
    }
    let (mut files, runtime_features) = types.print(
        &names(lowered),
        &settings.runtime_import()?,
        &calls.mentions,
        settings.response_builders.as_deref(),
    );
    files.append(calls.files);
    let named = lowered.named_only.iter();
    files
        .surface
        .extend(named.map(|name| format!("struct types::{name}")));
    Ok(Generated {
        files: files.finish(),
        entries: calls.entries,
        requests: calls.requests,
        calls: calls.calls,
        features: calls.features,
        runtime_features,
    })
}

/// Returns the names of all types.
pub(super) fn names(lowered: &Lowered) -> Taken {
    Taken::with(lowered.schemas().keys().chain(lowered.model.aliases.keys()))
}

fn types(
    lowered: &Lowered,
    graph: &Graph,
    components: &BTreeSet<&str>,
    purposes: &Purposes,
    settings: &Settings,
) -> Result<Types, Error> {
    let schemas = lowered.schemas();
    let closure = component_graph::seen_by_typify(graph, schemas, components);
    let mut shard = shard(lowered, schemas, &closure, components, &[]);
    let described = shard.document.pointer_mut("/components/schemas");
    if let Some(described) = described.and_then(Value::as_object_mut) {
        purposes.describe(described);
    }
    let tokens = progenitor::generate(&shard.document)?;
    let is_wanted = |name: &str| components.contains(name);
    let refined = refine::refine(tokens, is_wanted, &names(lowered), &shard.model, settings)?;
    Ok(Types::of(refined.types, &names(lowered)))
}

/// Returns the shard of the operations. Of structs it needs only the names, except where paging
/// follows pointers into a response.
fn calls(lowered: &Lowered, graph: &Graph, settings: &Settings) -> Result<Facade, Error> {
    let all = lowered.document.get("paths").unwrap_or(&Value::Null);
    let operations: Vec<&Operation> = lowered.model.operations.iter().collect();
    let referred = |operation: &&Operation| operation.lowered(all).map(references);
    let paged = operations
        .iter()
        .filter(|operation| operation.pagination.is_some());
    let followed = graph
        .closure(paged.filter_map(referred).flatten(), |_, _| true)
        .whole;
    let schemas = lowered.schemas();
    let roots = operations.iter().filter_map(referred).flatten();
    let closure = graph.closure(roots, |name, _| {
        followed.contains(name) || !is_struct(schemas, name)
    });
    let shard = shard(lowered, schemas, &closure, &closure.whole, &operations);
    let tokens = progenitor::generate(&shard.document)?;
    let refined = refine::refine(tokens, |_| true, &names(lowered), &shard.model, settings)?;
    facade::emit(refined, lowered, settings)
}

/// Returns a lowered document of some components and operations, with the facts of the model about
/// the `described` ones.
pub(crate) fn shard(
    lowered: &Lowered,
    schemas: &Map<String, Value>,
    closure: &Closure<'_>,
    described: &BTreeSet<&str>,
    operations: &[&Operation],
) -> Lowered {
    let mut components = Map::new();
    for &name in &closure.whole {
        if let Some(schema) = schemas.get(name) {
            components.insert(name.to_owned(), schema.clone());
        }
    }
    for &name in &closure.stubs {
        let stub = json!({ "type": "object", "additionalProperties": false });
        components.insert(name.to_owned(), stub);
    }
    let mut paths = Map::new();
    for operation in operations {
        let all = lowered.document.get("paths");
        let Some(lowered) = all.and_then(|paths| operation.lowered(paths)) else {
            continue;
        };
        let item = paths
            .entry(operation.lowered_path.clone())
            .or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(operation.lowered_method.clone(), lowered.clone());
        }
    }
    let operations = operations
        .iter()
        .map(|&operation| operation.clone())
        .collect();
    Lowered {
        samples: BTreeMap::new(),
        named_only: BTreeSet::new(),
        model: lowered.model.restricted_to(described, operations),
        document: json!({
            "openapi": "3.0.3",
            "info": { "title": "shard", "version": "0" },
            "paths": paths,
            "components": { "schemas": components },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Ledger;
    use crate::lower::lower;

    #[test]
    fn shard_count_does_not_change_output() {
        let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let document = json!({
            "openapi": "3.1.0",
            "paths": { "/trees/{id}": { "get": {
                "tags": ["Trees"],
                "summary": "List trees",
                "x-pagination": { "style": "cursor", "items": "/items", "parameter": "cursor", "next": "/next" },
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": refer("Id") },
                    { "name": "cursor", "in": "query", "schema": { "type": "string" } },
                    { "name": "mood", "in": "query", "schema": refer("Mood") },
                ],
                "responses": { "200": { "description": "", "content": { "application/json": { "schema": refer("Page") } } } },
            } } },
            "components": { "schemas": {
                "Id": { "type": "string", "format": "uuid" },
                "Mood": { "enum": ["good", "bad"] },
                "MoodNow": { "allOf": [refer("Mood")], "description": "Wraps a text." },
                "Page": { "type": "object", "properties": {
                    "items": { "type": "array", "items": refer("Tree") },
                    "next": { "type": ["string", "null"] },
                } },
                "Tree": { "type": "object", "required": ["left"], "properties": {
                    "left": { "anyOf": [refer("Leaf"), refer("Tree")] },
                    "right": refer("Branch"),
                    "mood": refer("MoodNow"),
                } },
                "Branch": { "type": "object", "properties": { "tree": refer("Tree"), "trees": refer("Trees") } },
                "Trees": { "type": "object", "additionalProperties": refer("Tree") },
                "Leaf": { "type": "object", "required": ["colour"], "properties": { "colour": { "type": "string" } } },
            } },
        });
        let settings = Settings::default();
        let lowered = lower(&document, &settings, &mut Ledger::default()).unwrap();
        let whole = generate_by(usize::MAX, &lowered, &settings).unwrap();
        assert!(whole.entries.is_empty());
        assert!(whole.files.files["types.rs"].contains("Box<"));
        for size in [1, 2, 5] {
            let shards = generate_by(size, &lowered, &settings).unwrap();
            assert_eq!(shards.files.files, whole.files.files, "{size}");
            assert_eq!(shards.files.surface, whole.files.surface, "{size}");
        }
    }
}

//! Narrows a failure behind lowering to one schema or operation, and leaves out only that.
//!
//! progenitor panics on input that it does not expect, and does not name the location. So parts of
//! the document are tried, and halved while they fail. A schema is tried after the schemas to which
//! it refers, and schemas that were not tried yet count as any JSON value. So the schema at fault
//! is removed, and not one that refers to it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::component_graph::{Closure, Graph};
use super::limits;
use super::shards::{self, Generated};
use crate::error::Error;
use crate::ledger::{Effect, Ledger};
use crate::lower::{Lowered, Operation, references};
use crate::settings::Settings;

/// How often the size of the document may be tried, once for schemas and once for operations. One
/// culprit takes twice the size, because its halves are tried. Many culprits in many places take
/// that much for each level of halving, of which there are logarithmically many.
const BUDGET: usize = 64;

/// Runs the stages behind lowering, without the schemas and operations that make them fail.
pub(crate) fn run(
    lowered: &mut Lowered,
    settings: &Settings,
    ledger: &mut Ledger,
) -> Result<Generated, Error> {
    limits::check_lowered(lowered.schemas().len(), lowered.model.operations.len())?;
    let made = match shards::generate(lowered, settings) {
        Err(Error::Generate(_) | Error::Refine(_)) => {
            isolate_schemas(lowered, settings, ledger)?;
            isolate_operations(lowered, settings, ledger)?;
            shards::generate(lowered, settings)?
        }
        // A failure of the machine is not a fault of the document.
        made => made?,
    };
    for entry in &made.entries {
        ledger.push(entry.clone());
    }
    Ok(made)
}

/// Replaces each failing schema by any JSON value.
fn isolate_schemas(
    lowered: &mut Lowered,
    settings: &Settings,
    ledger: &mut Ledger,
) -> Result<(), Error> {
    let mut graph = Graph::of(lowered.schemas());
    let mut trials = Trials::new(lowered, settings);
    let mut tried = BTreeSet::new();
    let mut culprits = Vec::new();
    let order = graph.dependencies_first();
    let mut pending = vec![order.as_slice()];
    while let Some(names) = pending.pop() {
        let ours: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let part = graph.closure(names.iter().map(String::as_str), |name, _| {
            ours.contains(name) || tried.contains(name)
        });
        let failure = trials.fails(&part, &[])?;
        if let Some(problem) = failure {
            if names.len() > 1 && !trials.is_exhausted() {
                let (first, second) = names.split_at(names.len() / 2);
                pending.extend([second, first]);
                continue;
            }
            let problem = why(&problem, names.len());
            for name in names {
                trials.cut(name);
                graph.cut(name);
                culprits.push((name.clone(), problem.clone()));
            }
        }
        tried.extend(names.iter().map(String::as_str));
    }
    let kept = trials.schemas;
    if let Some(schemas) = lowered.document.pointer_mut("/components/schemas") {
        *schemas = Value::Object(kept);
    }
    for (name, problem) in culprits {
        let origin = lowered
            .model
            .origins
            .get(&name)
            .cloned()
            .unwrap_or_default();
        let detail = format!("`{name}` is any JSON value, because {problem}");
        ledger.add(origin, "isolated-schema", Effect::Widened, detail);
        lowered.model.forget(&name);
    }
    Ok(())
}

/// Leaves out each failing operation.
fn isolate_operations(
    lowered: &mut Lowered,
    settings: &Settings,
    ledger: &mut Ledger,
) -> Result<(), Error> {
    let graph = Graph::of(lowered.schemas());
    let mut trials = Trials::new(lowered, settings);
    // The second method of one operation shares the fate of the first.
    let mut seen = BTreeSet::new();
    let operations: Vec<&Operation> = lowered
        .model
        .operations
        .iter()
        .filter(|operation| seen.insert(lowered_as(operation)))
        .collect();
    let mut culprits = Vec::new();
    let mut pending = vec![operations.as_slice()];
    while let Some(operations) = pending.pop() {
        let roots: BTreeSet<&str> = operations
            .iter()
            .filter_map(|operation| operation.lowered(lowered.document.get("paths")?))
            .flat_map(references)
            .collect();
        let part = graph.closure(roots.iter().copied(), |_, _| true);
        let failure = trials.fails(&part, operations)?;
        let Some(problem) = failure else { continue };
        if operations.len() > 1 && !trials.is_exhausted() {
            let (first, second) = operations.split_at(operations.len() / 2);
            pending.extend([second, first]);
        } else {
            let problem = why(&problem, operations.len());
            let operations = operations.iter();
            culprits.extend(operations.map(|&operation| (operation.clone(), problem.clone())));
        }
    }
    let gone: BTreeSet<(&str, &str)> = culprits
        .iter()
        .map(|(culprit, _)| lowered_as(culprit))
        .collect();
    let operations = &mut lowered.model.operations;
    operations.retain(|operation| !gone.contains(&lowered_as(operation)));
    for (culprit, problem) in &culprits {
        let detail = format!("cannot be called, because {problem}");
        ledger.add(
            &culprit.pointer,
            "isolated-operation",
            Effect::LeftOut,
            detail,
        );
        let item = lowered
            .document
            .get_mut("paths")
            .and_then(|paths| paths.get_mut(&culprit.lowered_path))
            .and_then(Value::as_object_mut);
        if let Some(item) = item {
            item.shift_remove(&culprit.lowered_method);
        }
    }
    Ok(())
}

/// The path and method of an operation in the lowered document.
fn lowered_as(operation: &Operation) -> (&str, &str) {
    (&operation.lowered_path, &operation.lowered_method)
}

/// Tries parts of a lowered document, and counts the cost.
struct Trials<'a> {
    lowered: &'a Lowered,
    settings: &'a Settings,
    schemas: Map<String, Value>,
    /// The remaining budget, in schemas and operations.
    left: usize,
}

impl<'a> Trials<'a> {
    fn new(lowered: &'a Lowered, settings: &'a Settings) -> Self {
        let schemas = lowered.schemas().clone();
        let size = schemas.len() + lowered.model.operations.len();
        Self {
            lowered,
            settings,
            schemas,
            left: BUDGET * size,
        }
    }

    fn is_exhausted(&self) -> bool {
        self.left == 0
    }

    fn cut(&mut self, name: &str) {
        self.schemas.insert(name.to_owned(), json!({}));
    }

    /// Returns why a part fails, if it does. The stubs of the part are any JSON value.
    fn fails(
        &mut self,
        part: &Closure<'_>,
        operations: &[&Operation],
    ) -> Result<Option<String>, Error> {
        self.left = self
            .left
            .saturating_sub(part.whole.len() + operations.len());
        let part = shards::shard(self.lowered, &self.schemas, part, &part.whole, operations);
        match shards::generate(&part, self.settings) {
            Ok(_) => Ok(None),
            Err(Error::Generate(problem) | Error::Refine(problem)) => Ok(Some(problem)),
            Err(other) => Err(other),
        }
    }
}

/// Returns the ledger detail for one of several items that fail together.
fn why(problem: &str, together: usize) -> String {
    let problem = first_line(problem);
    match together {
        1 => format!("generation fails: {problem}"),
        _ => format!(
            "generation fails for {together} together, too many to try each alone: {problem}"
        ),
    }
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

    #[test]
    fn one_bad_schema_is_replaced_alone() {
        let document = json!({
            "openapi": "3.1.0",
            "paths": {},
            "components": { "schemas": {
                "Bad": { "type": "string" },
                "User": { "type": "object", "properties": { "bad": { "$ref": "#/components/schemas/Bad" } } },
            } },
        });
        let mut ledger = Ledger::default();
        let mut lowered = lower(&document, &Settings::default(), &mut ledger).unwrap();
        lowered.document["components"]["schemas"]["Bad"] = json!({ "type": "nonsense" });
        let made = run(&mut lowered, &Settings::default(), &mut ledger).unwrap();
        assert!(made.files.files["types.rs"].contains("struct User"));
        let isolated: Vec<_> = ledger
            .entries()
            .iter()
            .filter(|entry| entry.rule == "isolated-schema")
            .map(|entry| entry.pointer.as_str())
            .collect();
        assert_eq!(isolated, ["/components/schemas/Bad"]);
    }

    #[test]
    fn many_bad_schemas_are_replaced() {
        let schemas: Map<String, Value> = (0..64)
            .map(|number| (format!("S{number}"), json!({ "type": "string" })))
            .collect();
        let document =
            json!({ "openapi": "3.1.0", "paths": {}, "components": { "schemas": schemas } });
        let mut ledger = Ledger::default();
        let mut lowered = lower(&document, &Settings::default(), &mut ledger).unwrap();
        for number in (0..64).step_by(2) {
            let bad = json!({ "type": "nonsense" });
            lowered.document["components"]["schemas"][format!("S{number}")] = bad;
        }
        run(&mut lowered, &Settings::default(), &mut ledger).unwrap();
        let isolated = ledger
            .entries()
            .iter()
            .filter(|entry| entry.rule == "isolated-schema");
        assert_eq!(isolated.count(), 32);
    }
}

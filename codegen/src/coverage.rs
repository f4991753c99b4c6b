//! Coverage: how much of a document the generated client covers.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ledger::{Effect, Ledger};
use crate::lower::Operation;

/// How much of a document the generated client covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// The operations of the document: those that are generated, and those that the ledger lists as
    /// left out. Operations behind a reference that leads nowhere cannot be counted and count as
    /// one.
    pub operations: usize,
    /// The operations that have at least one method.
    pub generated: usize,
    /// The component schemas of the document.
    pub schemas: usize,
    /// The component schemas without a ledger entry that says that they were widened or lost
    /// something.
    pub exact: usize,
}

impl Coverage {
    /// Returns the number of operations that the client cannot call.
    pub fn left_out(&self) -> usize {
        self.operations.saturating_sub(self.generated)
    }

    /// Returns the number of component schemas whose type accepts more than the schema does.
    pub fn widened(&self) -> usize {
        self.schemas.saturating_sub(self.exact)
    }

    pub(crate) fn of(document: &Value, generated: &[Operation], ledger: &Ledger) -> Self {
        let generated: BTreeSet<(&str, &str)> = generated
            .iter()
            .map(|operation| (operation.path.as_str(), operation.http_method.as_str()))
            .collect();
        let schemas = document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        let (schemas, exact) = schemas.map_or((0, 0), |schemas| {
            (schemas.len(), schemas.len() - touched(schemas, ledger))
        });
        Self {
            operations: generated.len() + ledger.left_out().count(),
            generated: generated.len(),
            schemas,
            exact,
        }
    }
}

/// Returns the number of component schemas with a ledger entry of this effect.
fn touched(schemas: &Map<String, Value>, ledger: &Ledger) -> usize {
    let names: BTreeSet<&str> = ledger
        .entries()
        .iter()
        .filter(|entry| matches!(entry.effect, Effect::Widened | Effect::Dropped))
        .filter_map(|entry| entry.pointer.strip_prefix("/components/schemas/"))
        .filter_map(|place| place.split('/').next())
        .collect();
    schemas
        .keys()
        .filter(|name| names.contains(name.replace('~', "~0").replace('/', "~1").as_str()))
        .count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Settings, generate};

    #[test]
    fn coverage_counts_operations_and_schemas() {
        let document = json!({
            "openapi": "3.1.0",
            "paths": {
                "/a": { "get": {}, "post": {}, "summary": "no operation" },
                "/b": { "get": 7 },
                "/c": { "$ref": "#/nowhere" },
                "/d": { "$ref": "#/nowhere", "get": {} },
                "/e": { "query": {}, "additionalOperations": { "COPY": {}, "MOVE": {} } },
                "/f": [],
                "/g": { "get": {}, "additionalOperations": { "get": {} } },
                "x-d": { "get": {} },
            },
            "components": { "schemas": {
                "Exact": { "type": "string" },
                "Wi/dened": { "type": "object", "additionalProperties": false,
                    "properties": { "a": { "type": "string", "minLength": 1 } } },
            } },
        });
        let counts = generate(&document, None, &Settings::default())
            .unwrap()
            .coverage;
        assert_eq!(
            (counts.operations, counts.generated, counts.left_out()),
            (12, 7, 5)
        );
        assert_eq!((counts.schemas, counts.exact, counts.widened()), (2, 1, 1));
    }
}

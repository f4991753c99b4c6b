//! The state of a composition: the subschemas that apply to one value, before they become one
//! schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::ledger::{Effect, Ledger};
use crate::lower::notes::{BASE, ORIGIN, SECRET};
use crate::lower::references::References;

/// Keywords that compose a schema of others.
pub(super) const STRUCTURE: &[&str] = &[
    "properties",
    "required",
    "additionalProperties",
    "unevaluatedProperties",
    "patternProperties",
    "items",
    "prefixItems",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "allOf",
    "then",
    "else",
    "dependentSchemas",
];

pub(super) fn has_structure(schema: &Map<String, Value>) -> bool {
    STRUCTURE
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
}

/// The context of a composition.
pub(super) struct Composer<'a> {
    pub(super) references: &'a References<'a>,
    pub(super) ledger: &'a mut Ledger,
    /// The pointer of the composed schema.
    pub(super) pointer: &'a str,
    /// `true` if the schema has a name, which it keeps.
    pub(super) is_named: bool,
    /// The compositions of components that contain this one.
    pub(super) active: &'a [String],
}

/// The common result of the `allOf` subschemas so far.
#[derive(Default)]
pub(super) struct Whole {
    pub(super) schema: Map<String, Value>,
    /// `None` stands for any type.
    pub(super) types: Option<BTreeSet<String>>,
    pub(super) nullable: bool,
    pub(super) unions: Vec<DocumentUnion>,
    /// Components that are merged already.
    pub(super) seen: BTreeSet<String>,
}

impl Composer<'_> {
    pub(super) fn report(&mut self, at: &str, rule: &'static str, detail: &str) {
        self.ledger.add(at, rule, Effect::Widened, detail);
    }
}

/// A union as written in the document.
#[derive(Clone)]
pub(super) struct DocumentUnion {
    pub(super) branches: Vec<DocumentVariant>,
    /// The discriminator property, if the document names one.
    pub(super) property: Option<String>,
}

#[derive(Clone)]
pub(super) struct DocumentVariant {
    pub(super) schema: Value,
    pub(super) name: Option<String>,
    pub(super) tags: Vec<String>,
    /// Takes objects without a known discriminator value.
    pub(super) is_default: bool,
    /// The responses that have this variant as their schema.
    pub(super) responses: Value,
}

/// Returns a schema as a variant of its own union: the same location, but not the named type.
pub(super) fn as_base(mut schema: Map<String, Value>, pointer: &str) -> Value {
    schema.insert(ORIGIN.to_owned(), json!(pointer));
    schema.insert(BASE.to_owned(), Value::Bool(true));
    schema.shift_remove(SECRET);
    Value::Object(schema)
}

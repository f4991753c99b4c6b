//! The context of a schema rule: the schema that it changes, and the facts that it may read.

use serde_json::{Map, Value};

use crate::ledger::{Effect, Ledger};
use crate::lower::references::References;

/// A schema object and its location, as rules see it.
pub(crate) struct SchemaContext<'a> {
    pub(crate) schema: &'a mut Map<String, Value>,
    pub(crate) pointer: &'a str,
    pub(crate) references: &'a References<'a>,
    pub(crate) ledger: &'a mut Ledger,
}

impl SchemaContext<'_> {
    pub(crate) fn report(&mut self, rule: &'static str, effect: Effect, detail: impl Into<String>) {
        self.ledger.add(self.pointer, rule, effect, detail);
    }
}

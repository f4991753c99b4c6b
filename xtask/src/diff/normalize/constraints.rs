//! Constraints that stand by themselves: conditions, `contains` and dependent properties. Several
//! `allOf` parts can each have one, and a value must satisfy all of them.

use std::collections::BTreeSet;

use crate::diff::model::document::Node;
use crate::diff::normalize::schema_use::SchemaUse;

/// An `if` with the schemas for values that match and for values that do not.
pub struct Condition<'d> {
    /// The schema with the condition.
    pub node: Node<'d>,
    pub test: SchemaUse<'d>,
    pub then: Option<SchemaUse<'d>>,
    pub otherwise: Option<SchemaUse<'d>>,
}

/// A schema that a number of elements must match.
pub struct Contains<'d> {
    pub schema: SchemaUse<'d>,
    pub least: Option<Node<'d>>,
    pub most: Option<Node<'d>>,
}

impl Contains<'_> {
    /// Returns the least number of matching elements. Without `minContains`, it is 1.
    pub fn at_least(&self) -> f64 {
        let least = self.least.as_ref().and_then(|node| node.value.as_f64());
        least.unwrap_or(1.0)
    }

    /// Returns the greatest number of matching elements.
    pub fn at_most(&self) -> f64 {
        let most = self.most.as_ref().and_then(|node| node.value.as_f64());
        most.unwrap_or(f64::INFINITY)
    }
}

/// The properties that must be present if another property is.
pub struct Dependency<'d> {
    pub names: BTreeSet<&'d str>,
    pub node: Node<'d>,
}

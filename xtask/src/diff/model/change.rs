//! One change between two documents: check, location, values and affected operations.

use crate::diff::model::affected_operations::AffectedOperations;
use crate::diff::model::checks::Check;
use crate::diff::model::location::Location;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::subject::subject;

/// A change at one location.
#[derive(Debug, Clone)]
pub struct Change<'d> {
    pub check: &'static Check,
    pub base: Option<Location>,
    pub revision: Option<Location>,
    pub before: Option<ShownValue<'d>>,
    pub after: Option<ShownValue<'d>>,
    pub affected: AffectedOperations,
    /// The change counts even if the schemas around it keep all values.
    pub is_meant: bool,
}

impl Change<'_> {
    /// Returns the subject of the change as a sentence names it.
    pub fn subject(&self) -> String {
        // A removed value has a location in the base only; the revision has its parent.
        let is_gone = self.check.predicate.starts_with("was removed");
        let gone = self.base.as_ref().filter(|_| is_gone);
        let location = gone.or(self.revision.as_ref()).or(self.base.as_ref());
        location.map(subject).unwrap_or_default()
    }
}

//! What a comparison finds: a change of one kind at one place, and how far it reaches.

use crate::diff::model::affected_operations::AffectedOperations;
use crate::diff::model::checks::Check;
use crate::diff::model::location::Location;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::subject::subject;

/// One change at one place.
#[derive(Debug, Clone)]
pub struct Change<'d> {
    pub check: &'static Check,
    pub base: Option<Location>,
    pub revision: Option<Location>,
    pub before: Option<ShownValue<'d>>,
    pub after: Option<ShownValue<'d>>,
    pub affected: AffectedOperations,
}

impl Change<'_> {
    /// What changed, as the sentence names it.
    pub fn subject(&self) -> String {
        // What is gone stood in the base; the revision has what held it.
        let is_gone = self.check.what.starts_with("was removed");
        let gone = self.base.as_ref().filter(|_| is_gone);
        let location = gone.or(self.revision.as_ref()).or(self.base.as_ref());
        location.map(subject).unwrap_or_default()
    }
}

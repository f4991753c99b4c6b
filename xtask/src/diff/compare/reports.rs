//! Reports of changes: of a pair, of an operation, or of the document.

use std::rc::Rc;

use crate::diff::compare::walk::{OperationChange, OperationUse, PairId, Walk};
use crate::diff::model::checks::Check;
use crate::diff::model::context::Sent;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::verdict::Directions;
use crate::diff::result::findings::{ChangeId, Locations};

impl<'d> Walk<'d> {
    /// Reports a change of a pair. All operations that use the pair are affected.
    pub fn report(
        &mut self,
        pair: PairId,
        check: &'static Check,
        location: Locations<'_, 'd>,
        before: Option<ShownValue<'d>>,
        after: Option<ShownValue<'d>>,
    ) {
        self.add(pair, check, location, (before, after));
    }

    /// Reports a change that counts even if the schemas around it keep all values: what the
    /// document means is more than which values are valid.
    pub fn report_meant(
        &mut self,
        pair: PairId,
        check: &'static Check,
        location: Locations<'_, 'd>,
        (before, after): (Option<ShownValue<'d>>, Option<ShownValue<'d>>),
    ) {
        let change = self.add(pair, check, location, (before, after));
        if let Some(change) = self.findings.changes.get_mut(change) {
            change.is_meant = true;
        }
    }

    fn add(
        &mut self,
        pair: PairId,
        check: &'static Check,
        location: Locations<'_, 'd>,
        (before, after): (Option<ShownValue<'d>>, Option<ShownValue<'d>>),
    ) -> ChangeId {
        let change = self.findings.add(check, location, before, after);
        if let Some(pair) = self.pairs.get_mut(pair) {
            pair.changes.push(change);
        }
        change
    }

    /// Reports a change that matters only in the directions in which its subject is sent.
    pub fn report_sent(
        &mut self,
        pair: PairId,
        sent: Sent,
        check: &'static Check,
        location: Locations<'_, 'd>,
        (before, after): (Option<ShownValue<'d>>, Option<ShownValue<'d>>),
    ) {
        let id = self.push(Vec::new());
        self.report(id, check, location, before, after);
        if let Some(pair) = self.pairs.get_mut(pair) {
            pair.edges.push((id, sent));
        }
    }

    /// Reports a change of an operation itself.
    pub fn report_for(
        &mut self,
        operation: &OperationUse,
        check: &'static Check,
        location: Locations<'_, 'd>,
        before: Option<ShownValue<'d>>,
        after: Option<ShownValue<'d>>,
    ) {
        let change = self.findings.add(check, location, before, after);
        let directions = if operation.is_draft {
            Directions::default()
        } else {
            Directions::default().with(operation.direction)
        };
        self.operation_changes.push(OperationChange {
            change,
            operation: Rc::clone(&operation.name),
            directions,
        });
    }

    /// Reports a change that concerns no operation in particular.
    pub fn report_alone(
        &mut self,
        check: &'static Check,
        location: Locations<'_, 'd>,
        before: Option<ShownValue<'d>>,
        after: Option<ShownValue<'d>>,
    ) {
        self.findings.add(check, location, before, after);
    }
}

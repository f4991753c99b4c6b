//! Errors of waits for long-running work.

use super::{Error, Outcome};

impl Error {
    /// Sets the id of the work.
    pub(crate) fn in_run(mut self, id: &str) -> Self {
        self.0.run_id = Some(id.into());
        self
    }

    /// Sets how the work ended.
    pub(crate) fn ended(mut self, outcome: Outcome) -> Self {
        self.0.outcome = Some(outcome);
        self
    }

    /// Marks that the started work continues, so that starting it again would do it twice.
    pub(crate) fn under_way(mut self) -> Self {
        self.0.is_under_way = true;
        self
    }
}

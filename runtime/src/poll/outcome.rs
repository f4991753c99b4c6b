//! Reads from details how a job ended.

use crate::error::Outcome;

/// Details of a job that state how the job ended.
pub trait StatesOutcome {
    /// Returns how the job ended; `None` while the job continues, or if its status is unknown.
    fn outcome(&self) -> Option<Outcome>;
}

impl Outcome {
    /// Returns how the job with these details ended; `None` while the job continues, or if its
    /// status is unknown.
    pub fn of(details: &impl StatesOutcome) -> Option<Self> {
        details.outcome()
    }
}

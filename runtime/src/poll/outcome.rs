//! Reads from details how a job ended.

use crate::error::Outcome;

/// Details of a job that state how the job ended.
///
/// ```
/// # use neo_client_runtime::poll::{Outcome, StatesOutcome};
/// struct Build {
///     is_done: bool,
/// }
///
/// impl StatesOutcome for Build {
///     fn outcome(&self) -> Option<Outcome> {
///         self.is_done.then_some(Outcome::Succeeded)
///     }
/// }
///
/// assert_eq!(Outcome::of(&Build { is_done: false }), None);
/// ```
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

//! How a job ended, as an error tells it.

/// How a job ended.
///
/// ```
/// # use neo_client_runtime::poll::Outcome;
/// fn exit_code(outcome: Outcome) -> u8 {
///     match outcome {
///         Outcome::Succeeded => 0,
///         Outcome::Failed => 1,
///         _ => 2,
///     }
/// }
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The job succeeded.
    Succeeded,
    /// The job failed, ran out of time, or was stopped.
    Failed,
    /// The job is over, with an unknown status.
    Unknown,
}

impl Outcome {
    /// Returns the outcome as an error shows it.
    pub(super) fn note(self) -> &'static str {
        match self {
            Self::Succeeded => "the work succeeded",
            Self::Failed => "the work failed",
            Self::Unknown => "the work is over",
        }
    }
}

//! How a job ended.

/// How a job ended.
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

//! Waits for jobs: work that continues on the server after the response that acknowledged it.
//!
//! The poller requests the details of a [`Job`] until the job is over, with growing waits, a
//! deadline and cancellation.

mod deadline;
mod events;
mod follow;
mod job;
mod outcome;
mod pace;
mod poller;
mod progress;
mod run;
mod signal;
mod status_words;
mod stop;
mod tolerance;

pub use crate::error::Outcome;
pub use job::{BuildRequest, Job, ReadLog, Start};
pub use outcome::StatesOutcome;
pub use progress::{Blocked, Finished, Progress};
pub use run::Run;
pub use signal::Signal;
pub use status_words::{JobState, JobStatus, StatusWords};

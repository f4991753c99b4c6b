//! Polling: jobs that are started and waited for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod attach;
mod end;
mod events;
mod failures;
mod jobs;
mod start;
mod states;
#[path = "../support/mod.rs"]
mod support;

//! Polling: jobs that are started and waited for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod end;
mod events;
mod failures;
mod jobs;
mod start;
#[path = "../support/mod.rs"]
mod support;

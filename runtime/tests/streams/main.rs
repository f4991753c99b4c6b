//! Responses that are read as they arrive: events, bytes, downloads, and resuming.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bytes;
mod download;
mod ends;
mod events;
mod reported_errors;
mod resume;
#[path = "../support/mod.rs"]
mod support;

//! Requests: base URLs, and requests to paths that the document lacks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod base_url;
mod extras;
mod prepared;
mod raw;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod values;

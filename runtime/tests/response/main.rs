//! Responses: framing, content codings, media types, JSON, size limits and error responses.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod content_coding;
mod drift;
mod error_response;
mod error_text;
mod errors_in_success;
mod framing;
mod json;
mod media_type;
mod reason;
mod size_limit;
#[path = "../support/mod.rs"]
mod support;

//! Lists that come page by page.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod cycles;
mod ends;
mod hostile;
mod items_as;
mod poison;
mod resume;
mod sequence;
mod styles;
#[path = "../support/mod.rs"]
mod support;

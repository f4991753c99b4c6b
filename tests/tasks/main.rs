//! Tasks that are started and waited for, and the example that shows it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod example;
mod nightly_scan;
mod run;

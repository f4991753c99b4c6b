//! Tests the commands of `cargo xtask` with the built program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod annotations;
mod build;
mod check;
mod comparison;
mod derived;
mod diff;
mod drift;
mod loopback;
mod new_crate;
mod pages;
mod readable;
mod refresh;
mod report;
mod respell;
mod rewrites;

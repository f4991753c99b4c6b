//! The mock server, over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod faults;
mod lifetime;
mod made;
mod pages;
mod plain_http;
mod responses;
mod routing;
mod samples;
mod streams;
#[path = "../support/mod.rs"]
mod support;

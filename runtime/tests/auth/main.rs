//! Credentials: where they are sent, how they are renewed, and that nothing shows them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod credentials;
mod provider;
mod provider_faults;
mod redaction;
mod requirements;
mod schemes;
#[path = "../support/mod.rs"]
mod support;

//! The additions of the client for Neo: credentials, error codes, secrets of the document, the
//! mock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod credentials;
mod error_codes;
#[cfg(feature = "opentelemetry")]
mod event_proxy;
mod examples;
mod futures;
mod mock;
#[cfg(feature = "schemars")]
mod schemars;
mod secrets;
#[cfg(feature = "schemars")]
mod tools;

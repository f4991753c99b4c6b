//! Connections: timeouts, retries, redirects, the pool, TLS, and what is traced of a call.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod certificates;
mod concurrency;
mod connection;
mod deadline;
mod http2;
mod http_client;
mod layers;
mod non_idempotent;
mod pool;
mod proxy;
mod redirect;
mod retry;
mod retry_after;
mod retry_budget;
mod runtimes;
mod span;
#[path = "../support/mod.rs"]
mod support;
mod tls;
mod trace;
mod upload;

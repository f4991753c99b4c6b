//! Sends requests: retries, attempts, redirects, idempotency keys and the form of the response.

mod attempts;
mod credentials;
mod idempotency_key;
pub(crate) mod redirect;
mod response_body;
mod runner;

pub use runner::{CallRunner, RawResponse};

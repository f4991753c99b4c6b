//! Sends requests: retries, attempts, redirects, idempotency keys and the form of the response.

mod attempt;
mod credentials;
mod exchange;
mod idempotency_key;
mod prepared;
mod raw_response;
pub(crate) mod redirect;
pub(crate) mod response_body;
mod runner;
mod send_as;
#[cfg(feature = "event-streams")]
mod streams;
mod template;
mod upload;

pub use prepared::PreparedRequest;
#[cfg(feature = "poll")]
pub(crate) use raw_response::RawResponse;
#[cfg(feature = "poll")]
pub(crate) use runner::check_runtime;
pub use runner::{CallRunner, value_of};
pub use send_as::SendAs;

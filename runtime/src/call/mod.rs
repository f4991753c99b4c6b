//! One call: its state, its spans, its retries and its transport errors.

pub(crate) mod context;
pub(crate) mod retry;
pub(crate) mod retry_loop;
pub(crate) mod span;
#[cfg(feature = "opentelemetry")]
pub(crate) mod telemetry;
pub(crate) mod transport_error;

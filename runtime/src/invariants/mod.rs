//! Properties that hold for every input: one function for each subject, which panics on input that
//! violates the property.
//!
//! The tests beside each function try random input and past failures. The targets in `fuzz/` search
//! for more.
#![allow(clippy::panic, clippy::indexing_slicing)]

mod api_error;
mod base_url;
#[cfg(feature = "event-streams")]
mod event_stream;
mod excerpt;
mod lenient;
mod path;
mod redirect;
mod response;
mod retry_after;
mod secret;
#[cfg(test)]
mod strategies;

pub use api_error::api_error;
pub use base_url::base_url;
#[cfg(feature = "event-streams")]
pub use event_stream::event_stream;
pub use excerpt::excerpt;
pub use lenient::lenient;
pub use path::{path_value, request_path};
pub use redirect::redirect;
pub use response::response;
pub use retry_after::retry_after;

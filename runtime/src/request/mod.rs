//! Requests: paths, parameters, bodies, and requests to paths that the document lacks.

pub mod json;
#[cfg(feature = "multipart")]
pub mod multipart;
pub mod parameter_style;
pub mod parameters;
pub mod path;
mod raw;
pub mod urlencoded;

#[cfg(feature = "multipart")]
pub use multipart::{Form, Part};
pub use raw::RawRequest;

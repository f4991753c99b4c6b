//! Requests: paths, parameters, bodies, and requests to paths that the document lacks.

pub mod json;
pub mod multipart;
pub mod parameter_style;
pub mod parameters;
pub mod path;
mod raw;
pub mod urlencoded;

pub use multipart::{Form, Part};
pub use raw::RawRequest;

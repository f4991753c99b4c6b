//! Multipart forms: their parts, their fields, and how they are written.

mod form;
mod media_type;
mod part;
mod writer;

pub use form::Form;
pub use part::Part;

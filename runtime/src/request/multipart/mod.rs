//! Multipart forms: their parts, their fields, and how they are written.

mod form;
mod part;
mod writer;

pub use form::Form;
pub use part::Part;

//! The effect of a document change on the Rust API: compares the public surfaces of the two
//! generated clients.

pub mod api_diff;
pub mod attribute;
pub mod surface;
pub mod version;

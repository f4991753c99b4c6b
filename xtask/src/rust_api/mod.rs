//! The effect of a document change on the Rust API: compares the public surfaces of the two
//! generated clients.

pub mod api_diff;
pub mod attribute;
mod echo;
pub mod item;
mod item_context;
pub mod item_name;
mod names;
pub mod signature;
pub mod sources;
pub mod surface;
pub mod version;
pub mod witness;

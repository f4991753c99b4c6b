//! OpenAPI documents as files and downloads.

pub mod bundled;
pub mod candidate;
pub mod fetch;
pub mod operations;
pub mod page_signs;
pub mod policy_file;
pub mod position;
pub mod positions;
pub mod published_names;
mod repeated_key;
pub mod revision;
pub mod unused;
pub mod vendored;
mod yaml_positions;

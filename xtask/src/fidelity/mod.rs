//! Sends valid instances through generated types and back, and counts what changes.

pub mod counts;
pub mod driver;
pub mod measure;

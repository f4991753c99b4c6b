//! The crate that `spec build` writes.

pub mod build;
pub mod build_report;
mod manifest;
mod package;

//! The crate that `spec build` writes: a small crate that depends on the runtime.

pub mod build;
pub mod build_report;
mod call_example;
pub mod identity;
pub mod library;
pub mod manifest;
pub mod package;
mod readme;
pub mod runtime;

//! The publishable crates, as `cargo xtask package` writes them.

mod generated;
mod manifests;
mod readme;
pub mod sources;
pub mod verify;

/// The crates in the order in which they are published: dependencies come first.
pub const ORDER: [&str; 3] = ["neo-client-runtime", "neo-client-codegen", "neo-client"];

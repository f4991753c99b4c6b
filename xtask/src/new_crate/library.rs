//! `src/lib.rs` and `src/mock.rs` of a new crate.

use neo_client_codegen::Output;

/// Returns the text of `src/lib.rs`. The README is the crate documentation.
pub fn library(output: &Output) -> String {
    format!("{LIBRARY}{}", exports(output))
}

/// Returns the exports of a crate or module that has the generated code as the module `generated`.
pub fn exports(output: &Output) -> String {
    match output.files.contains_key("servers.rs") {
        true => EXPORTS.replace("api, types", "api, servers, types"),
        false => EXPORTS.to_owned(),
    }
}

const LIBRARY: &str = "#![doc = include_str!(\"../README.md\")]

mod generated;
#[cfg(feature = \"mock\")]
pub mod mock;

";

const EXPORTS: &str = "\
pub use generated::{API, Client, ClientBuilder, OPERATIONS, api, types};
pub use neo_client_runtime::*;
";

/// The text of `src/mock.rs`: the mock server of the runtime with the samples of the API.
pub const MOCK: &str = include_str!("mock.rs.txt");

//! The code that `build.rs` generates from `openapi.json` and `overlay.json`.

include!(concat!(env!("OUT_DIR"), "/generated/mod.rs"));

/// The samples of the mock server.
#[cfg(feature = "mock")]
pub(crate) const MOCK_DATA: &str = include_str!(concat!(env!("OUT_DIR"), "/generated/mock.json"));

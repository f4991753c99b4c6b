//! The code that `build.rs` generates from `openapi.json` and `overlay.json`.

include!(concat!(env!("OUT_DIR"), "/generated/mod.rs"));

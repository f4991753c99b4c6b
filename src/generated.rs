//! What `build.rs` made of `openapi.json` and `overlay.json`.

include!(concat!(env!("OUT_DIR"), "/generated/mod.rs"));

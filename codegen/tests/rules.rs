//! `RULES.md` says what the table of rules says.
//!
//! `UPDATE=1 cargo test -p neo-client-codegen --test rules` rewrites it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::{env, fs};

use neo_client_codegen::rules_as_markdown;

#[test]
fn rules_file_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/RULES.md");
    let current = rules_as_markdown();
    if env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(path, &current).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == current,
        "codegen/RULES.md is stale: `UPDATE=1 cargo test -p neo-client-codegen --test rules` rewrites it"
    );
}

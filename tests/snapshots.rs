//! Two texts that say what a refresh of the document costs and changes, since nothing generated is
//! committed: what lowering weakened, and the public API of the generated code.
//!
//! `UPDATE=1 cargo test --test snapshots` rewrites them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::path::Path;
use std::{env, fs};

#[track_caller]
fn is_current(name: &str, current: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(name);
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if committed == current {
        return;
    }
    if env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, current).unwrap();
        return;
    }
    let line = committed
        .lines()
        .zip(current.lines())
        .position(|(committed, current)| committed != current)
        .unwrap_or_else(|| committed.lines().count().min(current.lines().count()));
    panic!(
        "tests/snapshots/{name} is stale from line {}:\n  committed: {}\n  current:   {}\n\
         run `UPDATE=1 cargo test --test snapshots` and review the difference",
        line + 1,
        committed.lines().nth(line).unwrap_or("(end)"),
        current.lines().nth(line).unwrap_or("(end)"),
    );
}

#[test]
fn ledger_snapshot_is_current() {
    is_current(
        "ledger.txt",
        include_str!(concat!(env!("OUT_DIR"), "/ledger.txt")),
    );
}

#[test]
fn public_api_snapshot_is_current() {
    is_current(
        "public-api.txt",
        include_str!(concat!(env!("OUT_DIR"), "/public-api.txt")),
    );
}

#[test]
fn overlay_actions_select_something() {
    let ledger = include_str!(concat!(env!("OUT_DIR"), "/ledger.txt"));
    let words = ledger.lines().map(|line| (line.split_whitespace(), line));
    let idle = words.filter_map(|(mut words, line)| {
        (words.next() == Some("dropped") && words.next() == Some("overlay")).then_some(line)
    });
    let idle: Vec<&str> = idle.collect();
    assert!(idle.is_empty(), "{}", idle.join("\n"));
}

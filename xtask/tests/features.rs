//! Compiles neo-client with each Cargo feature of a tag alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::process::Command;

#[test]
fn each_tag_compiles_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let tags = manifest.get("features").unwrap().get("all-tags").unwrap();
    let tags = tags
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag.as_str().unwrap());
    // Without any tag too.
    for tag in tags.chain([""]) {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet", "-p", "neo-client", "--lib"])
            .args(["--no-default-features", "--features", tag])
            .current_dir(&root)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "feature `{tag}`: {errors}");
    }
}

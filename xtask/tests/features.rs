//! Compiles neo-client with each Cargo feature of a tag alone, and the runtime with each feature of a
//! subject alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn check(package: &str, features: &str) -> Output {
    Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "-p", package, "--lib"])
        .args(["--no-default-features", "--features", features])
        .current_dir(root())
        .output()
        .unwrap()
}

#[test]
fn each_tag_compiles_alone() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let tags = manifest.get("features").unwrap().get("all-tags").unwrap();
    let tags = tags
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag.as_str().unwrap());
    // Without any tag too.
    for tag in tags.chain([""]) {
        let output = check("neo-client", tag);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "feature `{tag}`: {errors}");
    }
}

#[test]
fn other_features_compile_with_few_tags() {
    // Billing needs little of the runtime, and tasks have hand-written code.
    for features in [
        "chrono,uuid,poll,multipart,downloads",
        "mock,schemars",
        "mock,schemars,billing",
        "mock,schemars,tasks",
        "mock,schemars,all-tags",
    ] {
        let output = check("neo-client", features);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "features `{features}`: {errors}");
    }
}

#[test]
fn each_subject_of_runtime_compiles_alone() {
    for features in [
        "",
        "chrono",
        "uuid",
        "event-streams",
        "poll",
        "multipart",
        "downloads",
        "mock",
        "chrono,uuid,event-streams,poll,multipart,downloads",
    ] {
        let output = check("neo-client-runtime", features);
        // Warnings too: code that only another feature needs would be unused.
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.is_empty(), "features `{features}`: {errors}");
        assert!(output.status.success(), "features `{features}`");
    }
}

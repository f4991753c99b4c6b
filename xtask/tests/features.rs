//! Compiles neo-client with each Cargo feature of a tag alone, and the runtime with each feature of
//! a subject alone.
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

/// Code that only another feature needs would be unused.
fn compiles_without_warnings(package: &str, features: &str) {
    let output = check(package, features);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "features `{features}`: {errors}");
    // The build script warns of operations that the generator leaves out.
    let mut warnings = errors.lines().filter(|line| line.starts_with("warning: "));
    let warning = warnings.find(|line| !line.starts_with("warning: neo-client@"));
    assert_eq!(warning, None, "features `{features}`: {errors}");
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
        "gzip,opentelemetry,charset,user",
        "mock,schemars",
        "mock,schemars,billing",
        "mock,schemars,tasks",
        "mock,schemars,all-tags",
    ] {
        compiles_without_warnings("neo-client", features);
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
        "gzip,opentelemetry,charset,schemars",
    ] {
        compiles_without_warnings("neo-client-runtime", features);
    }
}

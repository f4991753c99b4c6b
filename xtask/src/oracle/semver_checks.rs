//! Runs cargo-semver-checks on the clients of both sides, if it is installed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::oracle::crates::CLIENTS;
use crate::result::Result;
use crate::workspace;

/// The lints that found a breaking change, by the module of the client.
pub enum Findings {
    Found(BTreeMap<String, Vec<String>>),
    /// The reason why cargo-semver-checks did not run.
    Missing(String),
}

/// Compares the clients as a minor release, in which nothing may break.
pub fn run(old: &Path, new: &Path, target: &Path) -> Result<Findings> {
    let semver_checks = || {
        let mut command = Command::new(workspace::cargo());
        command.arg("semver-checks");
        command
    };
    let version = semver_checks().arg("--version").output()?;
    if !version.status.success() {
        let reason = "cargo-semver-checks is not installed; `cargo install cargo-semver-checks` \
                      adds it";
        return Ok(Findings::Missing(reason.to_owned()));
    }
    eprintln!("running cargo-semver-checks");
    let output = semver_checks()
        .args([
            "--color",
            "never",
            "--release-type",
            "minor",
            "--only-explicit-features",
        ])
        .arg("--manifest-path")
        .arg(new.join(CLIENTS).join("Cargo.toml"))
        .arg("--baseline-root")
        .arg(old.join(CLIENTS))
        .env("CARGO_TARGET_DIR", target.join("semver-checks"))
        .output()?;
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    // Exit code 100 or 1 with a summary says that lints failed; anything else is a failure to run.
    if !stderr.contains("Checked") {
        return Err(format!("cargo-semver-checks: {stderr}").into());
    }
    Ok(Findings::Found(lints(&stdout)))
}

/// Reads the lints of a report, by the module of the file that they name.
fn lints(report: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut lint = String::new();
    for line in report.lines() {
        if let Some(rest) = line.strip_prefix("--- failure ") {
            lint = rest.split(':').next().unwrap_or_default().to_owned();
            continue;
        }
        // Warnings are about changes that a minor release may make.
        if line.starts_with("--- ") || lint.is_empty() {
            lint.clear();
            continue;
        }
        let Some((_, rest)) = line
            .replace('\\', "/")
            .split_once("/src/pair_")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
        else {
            continue;
        };
        let module = format!("pair_{}", rest.split('/').next().unwrap_or_default());
        let of_module = found.entry(module).or_default();
        if !of_module.contains(&lint) {
            of_module.push(lint.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_are_read_by_module() {
        let report = "\n--- failure struct_missing: pub struct removed ---\n\nDescription:\n…\n\
                      Failed in:\n  struct a::types::B, previously in file /x/old/clients/src/pair_a_b/generated/types.rs:3\n  \
                      struct a::types::C, previously in file /x/old/clients/src/pair_a_b/generated/types.rs:9\n\
                      \n--- failure enum_missing: pub enum removed ---\n  enum E, previously in file C:\\x\\src\\pair_c\\generated\\types.rs:3\n\
                      \n--- warning variants_reordered: enum variants reordered ---\n  E::A moved, in /x/new/clients/src/pair_d/generated/types.rs:3\n";
        let found = lints(report);
        assert_eq!(found["pair_a_b"], ["struct_missing"]);
        assert_eq!(found["pair_c"], ["enum_missing"]);
        assert!(!found.contains_key("pair_d"), "{found:?}");
    }
}

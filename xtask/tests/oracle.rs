//! Compiles witnesses of the Rust verdict against the old and the new client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::process::Command;

/// One pair for each form of a witness.
const PAIRS: [&str; 10] = [
    "operation-removed",
    "property-became-required",
    "required-parameter-added",
    "rust.alias-became-component",
    "rust.component-became-alias",
    "rust.path-variable-with-values-renamed",
    "rust.server-renamed",
    "rust.summary-changed",
    "rust.subtype-changed",
    "union-branch-removed",
];

#[test]
fn witnesses_compile_against_the_old_client_only() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["oracle", "--witnesses-only"])
        .args(PAIRS)
        .output()
        .unwrap();
    let (table, errors) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{table}{errors}");
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.contains(" proven | not run |"))
        .collect();
    assert_eq!(rows.len(), PAIRS.len(), "{table}");
    assert!(rows.iter().all(|row| row.contains("| major |")), "{table}");
    assert!(table.contains("cargo-semver-checks did not run"), "{table}");
}

#[test]
fn unknown_check_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["oracle", "no-such-check"])
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.starts_with("error: no-such-check: there is no pair"),
        "{errors}"
    );
    assert!(!output.status.success());
}

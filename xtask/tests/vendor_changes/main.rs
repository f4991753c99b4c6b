//! Refreshes a copy of the repository from changed documents: no change of a vendor needs a hand,
//! unless it hits hand-written code.
//!
//! CI takes all changes together. This command takes each alone, and compiles the copy each time;
//! it takes about a quarter of an hour on two cores:
//!
//! ```sh
//! cargo test -p xtask --test vendor_changes -- --include-ignored
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod changes;
mod copy;

use serde_json::Value;

use changes::{CHANGES, VendorChange};
use copy::Copy;

#[test]
fn all_changes_together_are_reported_and_generated() {
    let copy = Copy::create("together");
    let mut document = copy.document();
    let mut expected: Vec<&str> = Vec::new();
    for change in CHANGES.iter().filter(|it| it.is_for_all) {
        (change.apply)(&mut document);
        expected.extend(change.reported);
    }
    let report = copy.refresh(&document);
    for part in expected {
        assert!(report.contains(part), "no `{part}` in {report}");
    }
    let manifest = copy.read("Cargo.toml");
    for VendorChange { name, feature, .. } in CHANGES.iter().filter(|it| it.is_for_all) {
        let is_written = |line: &&str| manifest.lines().any(|it| it == *line);
        assert_eq!(
            feature.filter(|line| is_written(line)),
            *feature,
            "{name}: {manifest}"
        );
    }
    // The files that refresh wrote are in step with the document that it read.
    assert_eq!(copy.check(&document), Some(0));
    let overlay = copy.read("overlay.json");
    assert!(overlay.contains("\"x-kept-name\": true"), "{overlay}");
    assert!(copy.read("CHANGELOG.md").contains("### API document"));
    let written: Value = serde_json::from_str(&copy.read("openapi.json")).unwrap();
    assert_eq!(
        written["paths"].as_object().unwrap().len(),
        document["paths"].as_object().unwrap().len()
    );
}

#[test]
fn small_change_is_a_small_difference() {
    let copy = Copy::create("small");
    let mut document = copy.document();
    let before = copy.read("openapi.json");
    document["paths"]["/api/v1/user"]["get"]["description"] = "The user of the credential.".into();
    copy.refresh(&document);
    let after = copy.read("openapi.json");
    let old: Vec<&str> = before.lines().collect();
    let changed = after.lines().filter(|line| !old.contains(line)).count();
    assert!(changed <= 1, "{changed} lines");
    assert!(after.lines().count().abs_diff(old.len()) <= 1);
}

#[test]
#[ignore = "compiles the copy once for each change"]
fn each_change_compiles_or_names_its_item() {
    let copy = Copy::create("each");
    for VendorChange {
        name,
        apply,
        reported,
        breaks,
        ..
    } in CHANGES
    {
        let copy = copy.restored();
        let mut document = copy.document();
        apply(&mut document);
        let report = copy.refresh(&document);
        for part in *reported {
            assert!(report.contains(part), "{name}: no `{part}` in {report}");
        }
        match (copy.compile(), breaks) {
            (Ok(()), None) => {}
            (Err(errors), Some(item)) => assert!(errors.contains(item), "{name}: {errors}"),
            (Err(errors), None) => panic!("{name}: {errors}"),
            (Ok(()), Some(item)) => panic!("{name}: compiles, although it breaks `{item}`"),
        }
    }
}

//! A tag of the document must not get an accessor that the client has as a method already.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::Path;

/// Names of the methods in the blocks `impl Client { … }` of a source file.
fn methods(source: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in source.lines() {
        if line == "impl Client {" {
            inside = true;
        } else if line == "}" {
            inside = false;
        }
        let is_method =
            line.starts_with("    ") && !line.starts_with("     ") && !line.contains("//");
        if inside
            && is_method
            && let Some((_, rest)) = line.split_once("fn ")
        {
            let name: String = rest
                .chars()
                .take_while(|character| *character == '_' || character.is_alphanumeric())
                .collect();
            names.push(name);
        }
    }
    names
}

#[test]
fn every_method_of_the_client_is_reserved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let settings = fs::read_to_string(root.join("codegen/src/settings.rs")).unwrap();
    let (_, list) = settings.split_once("let reserved = [").unwrap();
    let (list, _) = list.split_once("];").unwrap();

    let mut found = 0;
    for entry in fs::read_dir(root.join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            for name in methods(&fs::read_to_string(&path).unwrap()) {
                found += 1;
                assert!(
                    list.contains(&format!("\"{name}\"")),
                    "`Client::{name}` of {} is not in the list of codegen/src/settings.rs",
                    path.display()
                );
            }
        }
    }
    assert!(
        found > 10,
        "only {found} methods were found: does the search still work?"
    );
}

//! Writes the publishable crates, and compares them with the repository.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap()
}

/// Returns the files in a folder, relative to it.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let relative = path.strip_prefix(folder).unwrap().to_str().unwrap();
                    found.insert(relative.replace('\\', "/"));
                }
            }
        }
    }
    found
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn package_has_the_api_and_no_generator() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["package", "--no-verify", "--publish-order"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    let order: Vec<&str> = printed
        .lines()
        .map(|line| line.rsplit(['/', '\\']).nth(1).unwrap())
        .collect();
    assert_eq!(
        order,
        ["neo-client-runtime", "neo-client-codegen", "neo-client"]
    );

    let packages = root().join("target/package-src");
    let package = packages.join("neo-client");
    for name in &order {
        let folder = packages.join(name);
        assert!(
            folder.join("LICENSE").is_file() && folder.join("README.md").is_file(),
            "{name}"
        );
        // crates.io and rustdoc show the README without the files beside it.
        let readme = read(folder.join("README.md"));
        let definitions = readme.lines().filter(|line| line.starts_with('['));
        let definitions = definitions.filter_map(|line| Some(line.split_once("]: ")?.1));
        let targets = readme.split("](").skip(1).chain(definitions);
        for target in targets.filter(|it| !it.starts_with('#')) {
            assert!(target.starts_with("https://"), "{name}: {target:.40}");
        }
    }
    assert!(!package.join("build.rs").exists());
    let manifest: toml::Table = read(package.join("Cargo.toml")).parse().unwrap();
    assert!(!manifest.contains_key("build-dependencies"));

    // Hand-written code is the same, except that the generated code is a folder of files.
    let (ours, theirs) = (root().join("src"), package.join("src"));
    let by_hand = |file: &&String| !file.starts_with("generated");
    let (our_files, their_files) = (files(&ours), files(&theirs));
    assert!(
        our_files
            .iter()
            .filter(by_hand)
            .eq(their_files.iter().filter(by_hand))
    );
    for file in our_files.iter().filter(by_hand) {
        assert_eq!(read(ours.join(file)), read(theirs.join(file)), "{file}");
    }

    // Every public item of the snapshot is in the generated code, and every operation in the table.
    let snapshot = read(root().join("tests/snapshots/public-api.txt"));
    let generated: String = their_files
        .iter()
        .filter(|file| file.starts_with("generated/") && file.ends_with(".rs"))
        .map(|file| read(theirs.join(file)))
        .collect();
    let mut operations = 0;
    for line in snapshot.lines() {
        if let Some(request) = line.strip_prefix("await api::") {
            operations += 1;
            let request = request
                .split("::")
                .nth(1)
                .unwrap()
                .split(' ')
                .next()
                .unwrap();
            assert!(
                generated.contains(&format!("pub struct {request}<'c>")),
                "{request}"
            );
        } else if let Some(name) = line.strip_prefix("struct types::") {
            assert!(generated.contains(&format!("struct {name}")), "{name}");
        }
    }
    let table = read(theirs.join("generated/mod.rs"));
    assert_eq!(table.matches("Operation::new(").count(), operations);
    compiles_no_generator(&package);
}

/// Checks that the package depends on no generator.
fn compiles_no_generator(package: &Path) {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--all-features",
        ])
        .current_dir(package)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).unwrap();
    let crates: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    for generator in [
        "neo-client-codegen",
        "progenitor",
        "progenitor-impl",
        "typify",
        "openapiv3",
    ] {
        assert!(!crates.contains(generator), "{generator}");
    }
}

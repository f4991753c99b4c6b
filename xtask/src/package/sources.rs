//! Writes the files of the publishable crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::package::{ORDER, generated, manifests, readme};
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// Files that cargo adds to a package itself.
const OF_CARGO: [&str; 4] = [
    ".cargo_vcs_info.json",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
];

/// The build script, and the file that includes what it generates.
const BUILD_TIME: [&str; 2] = ["build.rs", "src/generated.rs"];

/// Writes the crates into a workspace of their own and returns its folder.
pub fn write(workspace: &Workspace) -> Result<PathBuf> {
    let root = fs::canonicalize(workspace.root())?;
    let folder = root.join("target").join("package-src");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let manifest = manifests::Root::read(&root)?;
    for name in ORDER {
        let from = root.join(manifest.folder(name)?);
        let into = folder.join(name);
        for file in listed(&root, name)? {
            if name == "neo-client" && BUILD_TIME.contains(&file.as_str()) {
                continue;
            }
            copy(&from.join(&file), &into.join(&file))?;
        }
        let text = fs::read_to_string(into.join("README.md"))?;
        let text = readme::with_absolute_links(&text, name, &into);
        fs::write(into.join("README.md"), text)?;
        fs::write(into.join("Cargo.toml"), manifest.of_package(name)?)?;
    }
    fs::write(folder.join("Cargo.toml"), manifest.of_workspace()?)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    generated::write(
        &root,
        &folder.join("neo-client").join("src").join("generated"),
    )?;
    Ok(folder)
}

/// Returns the files of a package.
fn listed(root: &Path, name: &str) -> Result<Vec<String>> {
    let output = Command::new(workspace::cargo())
        .args([
            "package",
            "--list",
            "--allow-dirty",
            "--offline",
            "-p",
            name,
        ])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let list = String::from_utf8(output.stdout)?;
    let files = list.lines().map(|line| line.replace('\\', "/"));
    Ok(files
        .filter(|file| !OF_CARGO.contains(&file.as_str()))
        .collect())
}

fn copy(from: &Path, into: &Path) -> Result<()> {
    if let Some(parent) = into.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, into).map_err(|error| format!("{}: {error}", from.display()))?;
    Ok(())
}

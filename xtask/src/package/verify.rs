//! Verifies the publishable crates: cargo packs, unpacks and compiles each of them.

use std::path::Path;
use std::process::Command;

use crate::result::Result;
use crate::workspace::{self, Workspace};

/// Runs `cargo package`, with the target folder of the repository, which has the dependencies.
pub fn verify(workspace: &Workspace, folder: &Path) -> Result<()> {
    let target = std::path::absolute(workspace.root().join("target"))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(target, Into::into);
    let status = Command::new(workspace::cargo())
        .args(["package", "--workspace", "--allow-dirty"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err("cargo package failed".into()),
    }
}

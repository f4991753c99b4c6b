//! Files that follow from the document: `spec refresh` rewrites them with the document.

mod changelog;
mod features;
mod readme;

use std::fs;
use std::path::Path;

use neo_client_codegen::Output;

use crate::report::judgement::Report;
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// Rewrites the snapshots, the Cargo features, the coverage in README.md, and drafts an entry of
/// CHANGELOG.md. A file that is missing, or lacks the place for the text, stays as it is.
pub fn write(
    workspace: &Workspace,
    output: &Output,
    old: Option<&Output>,
    report: &Report<'_>,
) -> Result<()> {
    let snapshots = workspace.snapshots();
    if snapshots.is_dir() {
        let surface = output.surface.join("\n") + "\n";
        workspace::replace(&snapshots.join("ledger.txt"), &output.ledger.to_string())?;
        workspace::replace(&snapshots.join("public-api.txt"), &surface)?;
    }
    let root = workspace.root();
    edit(&root.join("Cargo.toml"), |text| {
        features::edited(text, output)
    })?;
    edit(&root.join("README.md"), |text| readme::edited(text, output))?;
    edit(&root.join("CHANGELOG.md"), |text| {
        changelog::edited(text, output, old, report)
    })
}

/// Replaces a file by its edited text, if there is one.
fn edit(path: &Path, edited: impl FnOnce(&str) -> Option<String>) -> Result<()> {
    let Ok(text) = fs::read_to_string(path) else {
        return Ok(());
    };
    match edited(&text) {
        Some(new) if new != text => workspace::replace(path, &new),
        _ => Ok(()),
    }
}

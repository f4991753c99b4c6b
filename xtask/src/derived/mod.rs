//! Files that follow from the document: `spec refresh` rewrites them with the document.

mod changelog;
mod features;
mod readme;

use std::fs;
use std::path::PathBuf;

use neo_client_codegen::Output;

use crate::report::judgement::Report;
use crate::result::Result;
use crate::workspace::Workspace;

/// A file, and the text that it gets.
pub struct File {
    pub path: PathBuf,
    pub text: String,
}

/// Returns a finding for each entry of `package.metadata.tag-features` in Cargo.toml without a tag.
///
/// # Errors
///
/// Fails as [`files`] does.
pub fn findings(workspace: &Workspace, output: &Output) -> Result<Vec<String>> {
    match fs::read_to_string(workspace.root().join("Cargo.toml")) {
        Ok(text) => features::findings(&text, output),
        Err(_) => Ok(Vec::new()),
    }
}

/// Returns the files whose text changes: the snapshots, the Cargo features, the coverage in
/// README.md, and CHANGELOG.md with the draft of an entry. A file that is missing, or lacks the
/// place for the text, stays as it is.
///
/// # Errors
///
/// Fails if Cargo.toml is not TOML, or states needs of a tag that are not features.
pub fn files(
    workspace: &Workspace,
    output: &Output,
    old: Option<&Output>,
    report: &Report<'_>,
) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let snapshots = workspace.snapshots();
    if snapshots.is_dir() {
        let surface = output.surface.join("\n") + "\n";
        for (name, text) in [
            ("ledger.txt", output.ledger.to_string()),
            ("public-api.txt", surface),
        ] {
            let path = snapshots.join(name);
            if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
                files.push(File { path, text });
            }
        }
    }
    let mut edit = |name: &str, edited: &dyn Fn(&str) -> Result<Option<String>>| {
        let path = workspace.root().join(name);
        if let Ok(present) = fs::read_to_string(&path) {
            let text = edited(&present)?.filter(|text| *text != present);
            files.extend(text.map(|text| File { path, text }));
        }
        Result::Ok(())
    };
    edit("Cargo.toml", &|text| features::edited(text, output))?;
    edit("README.md", &|text| Ok(readme::edited(text, output)))?;
    edit("CHANGELOG.md", &|text| {
        Ok(changelog::edited(text, output, old, report))
    })?;
    Ok(files)
}

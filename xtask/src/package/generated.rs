//! The generated code of neo-client as plain source files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::result::Result;
use crate::workspace;

/// The beginning of `src/generated.rs`, which includes the code instead.
const MODULE_DOC: &str = "//! The code that is generated from `openapi.json` and `overlay.json`.\n";

/// The rest of `src/generated.rs`.
const MOCK: &str = "
/// The samples of the mock server.
#[cfg(feature = \"mock\")]
pub(crate) const MOCK_DATA: &str = include_str!(\"mock.json\");
";

/// Copies the code that the build script wrote for this workspace.
pub fn write(root: &Path, into: &Path) -> Result<()> {
    let from = out_dir(root)?.join("generated");
    copy(&from, into)?;
    let module = into.join("mod.rs");
    let text = fs::read_to_string(&module)?;
    let (header, code) = text.split_once('\n').ok_or("mod.rs is empty")?;
    fs::write(&module, format!("{header}\n{MODULE_DOC}{code}{MOCK}"))?;
    Ok(())
}

fn copy(from: &Path, into: &Path) -> Result<()> {
    fs::create_dir_all(into)?;
    for entry in fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))? {
        let entry = entry?;
        let target = into.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Runs the build script, if needed, and returns its output folder.
fn out_dir(root: &Path) -> Result<PathBuf> {
    let output = Command::new(workspace::cargo())
        .args([
            "check",
            "-p",
            "neo-client",
            "--lib",
            "--message-format",
            "json",
        ])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let messages = String::from_utf8(output.stdout)?;
    let found = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_script = message.get("reason")? == "build-script-executed";
        let id = message.get("package_id")?.as_str()?;
        let is_own = id.contains("#neo-client@") || is_root(id, root);
        let folder = message.get("out_dir")?.as_str()?;
        (is_script && is_own).then(|| PathBuf::from(folder))
    });
    found.ok_or_else(|| "cargo reported no build script of neo-client".into())
}

/// Returns whether a package id such as `path+file:///src/neo-client#0.1.0` is the root package.
fn is_root(id: &str, root: &Path) -> bool {
    let path = id
        .strip_prefix("path+file://")
        .and_then(|id| id.split_once('#'));
    path.is_some_and(|(path, _)| Path::new(path) == root)
}

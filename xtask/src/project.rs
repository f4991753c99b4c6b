//! The files of the project, and what every subcommand does with them.

use std::{
    fs,
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
};

use neo_client_codegen::{Output, Settings};
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::Result;

/// The directory of `openapi.json` and `overlay.json`.
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// The workspace that this tool was built from.
    pub fn here() -> Self {
        Self::at(workspace())
    }

    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The vendored document.
    pub fn document(&self) -> PathBuf {
        self.root.join("openapi.json")
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What was decided about changes of the document, if anything was.
    pub fn policy(&self) -> PathBuf {
        self.root.join("spec-policy.json")
    }

    /// What is committed of generated code.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join("tests").join("snapshots")
    }

    /// What we correct in it.
    pub fn overlay(&self) -> PathBuf {
        self.root.join("overlay.json")
    }
}

/// The workspace that this tool was built from.
pub fn workspace() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/..").into()
}

/// Generates as `build.rs` does.
pub fn generate(document: &Value, overlay: Option<&Value>) -> Result<Output> {
    Ok(neo_client_codegen::generate(
        document,
        overlay,
        &Settings::default(),
    )?)
}

/// Reads a JSON file; an error names it.
pub fn read_json(path: &Path) -> Result<Value> {
    parse_json(path, &read_text(path)?)
}

/// Reads a file as text; an error names it.
pub fn read_text(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path);
    Ok(text.map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Reads the text of a file; an error names the file.
pub fn parse_json(path: &Path, text: &str) -> Result<Value> {
    Ok(neo_client_codegen::read(text).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Replaces a file as a whole: whoever reads it meanwhile, and whatever stops us, it is the old one
/// or the new one.
pub fn replace(path: &Path, text: &str) -> Result<()> {
    let failed = |error: io::Error| format!("cannot write {}: {error}", path.display());
    // In the same directory, because a file cannot be renamed into another file system.
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(directory).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    if let Ok(present) = fs::metadata(path) {
        file.as_file()
            .set_permissions(present.permissions())
            .map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Prints to stdout. That the reader has seen enough (`| head`) is no error.
pub fn print(text: &str) -> Result<()> {
    print_with(|to| to.write_all(text.as_bytes()))
}

/// As [`print()`], piece by piece.
pub fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut stdout).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

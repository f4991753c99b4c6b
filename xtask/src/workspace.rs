//! The files of the workspace, and reading, writing and printing for all subcommands.

use std::{
    ffi::OsString,
    fs,
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
};

use neo_client_codegen::{Output, Settings};
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::result::Result;

/// The directory of `openapi.json` and `overlay.json`.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Returns the workspace that contains this tool.
    pub fn here() -> Self {
        Self::at(root())
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

    /// The policy: accepted changes and other effects of checks. The file may be missing.
    pub fn policy(&self) -> PathBuf {
        self.root.join("spec-policy.json")
    }

    /// The directory of the committed snapshots of generated code.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join("tests").join("snapshots")
    }

    /// The corrections of the vendored document.
    pub fn overlay(&self) -> PathBuf {
        self.root.join("overlay.json")
    }
}

/// Returns the root of the workspace that contains this tool.
pub fn root() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/..").into()
}

/// Returns the program `cargo` that runs this tool.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Generates as `build.rs` does.
pub fn generate(document: &Value, overlay: Option<&Value>) -> Result<Output> {
    Ok(neo_client_codegen::generate(
        document,
        overlay,
        &Settings::default(),
    )?)
}

/// Reads a JSON or YAML file. An error names the file.
pub fn read_json(path: &Path) -> Result<Value> {
    parse_json(path, &read_text(path)?)
}

/// Reads a file as text. An error names the file.
pub fn read_text(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path);
    Ok(text.map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Parses the text of a file as JSON or YAML. An error names the file.
pub fn parse_json(path: &Path, text: &str) -> Result<Value> {
    Ok(neo_client_codegen::read(text).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Replaces a file atomically: a reader sees the old file or the new one, even after a crash.
pub fn replace(path: &Path, text: &str) -> Result<()> {
    let failed = |error: io::Error| format!("cannot write {}: {error}", path.display());
    // A rename works only within one file system, hence a file in the same directory.
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

/// Prints to stdout. A reader that closes the pipe (`| head`) is not an error.
pub fn print(text: &str) -> Result<()> {
    print_with(|to| to.write_all(text.as_bytes()))
}

/// Prints to stdout through a writer, like [`print()`].
pub fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut stdout).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

/// Joins the lines of a text, so that an error takes one line.
pub fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! Measures the generated client of each of several documents.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::result::Result;
use crate::workspace;

/// The measurement of each document, by the name of its file.
pub type Rows<C> = Vec<(String, C)>;

/// Reads and measures the documents one after another. `measure` receives the document, a folder
/// for its crate below `subfolder`, and the target folder.
pub fn measured<C>(
    documents: &[PathBuf],
    subfolder: &str,
    read: impl Fn(&Path) -> Result<Value>,
    measure: impl Fn(&Value, &Path, &Path) -> Result<C>,
) -> Result<Rows<C>> {
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace::root().join("target"), PathBuf::from);
    let mut rows = Vec::new();
    for path in documents {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let document = read(path)?;
        let folder = target.join(subfolder).join(&*name);
        let counts = measure(&document, &folder, &target)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        rows.push((name.into_owned(), counts));
    }
    Ok(rows)
}

/// Returns the measurements as one JSON object.
pub fn as_json<C: Serialize>(rows: &[(String, C)]) -> Result<String> {
    let rows: BTreeMap<&String, &C> = rows.iter().map(|(name, counts)| (name, counts)).collect();
    Ok(serde_json::to_string_pretty(&rows)? + "\n")
}

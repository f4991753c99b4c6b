//! The dependency on the runtime crate.

use std::path::PathBuf;

use crate::result::Result;
use crate::workspace;

/// The runtime that a new crate depends on.
#[derive(Debug, Clone)]
pub enum RuntimeDependency {
    /// The runtime in a directory.
    Path(PathBuf),
    /// A version requirement for the registry.
    Version(String),
}

impl RuntimeDependency {
    /// Returns the runtime of this workspace.
    pub fn here() -> Self {
        let path = workspace::root().join("runtime");
        Self::Path(std::fs::canonicalize(&path).unwrap_or(path))
    }

    /// Returns the lock file of the workspace, with the versions that the runtime is tested with.
    /// Cargo removes the entries that the new crate does not need.
    pub fn lock_file(&self) -> Result<Option<String>> {
        match self {
            Self::Path(_) => workspace::read_text(&workspace::root().join("Cargo.lock")).map(Some),
            Self::Version(_) => Ok(None),
        }
    }
}

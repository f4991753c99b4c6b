//! The dependency on the runtime crate.

use std::path::PathBuf;

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
}

//! Reads the policy file of a project.

use std::path::Path;

use crate::diff::result::policy::Policy;
use crate::result::Result;
use crate::workspace::read_json;

/// Reads a policy file. An error names the file and the field.
pub fn read(path: &Path) -> Result<Policy> {
    Policy::read(read_json(path)?).map_err(|error| format!("{}: {error}", path.display()).into())
}

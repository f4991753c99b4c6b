//! `ci`: runs what CI runs.

use std::process::{Command, ExitCode};

use crate::result::Result;
use crate::workspace;

/// Runs `.ci/run` and returns its exit code.
pub fn run() -> Result<ExitCode> {
    let script = workspace::root().join(".ci").join("run");
    let status = Command::new("bash")
        .arg(&script)
        .status()
        .map_err(|error| format!("{}: {error}", script.display()))?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

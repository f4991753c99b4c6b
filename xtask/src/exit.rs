//! Exit codes that tell a caller what was found. 1 is for what could not be told.

use std::process::ExitCode;

use crate::Result;
use crate::diff::change::Wire;
use crate::diff::report::Report;

/// The document differs.
const DRIFTED: u8 = 4;
/// The document differs, and clients break.
const BREAKING: u8 = 5;

/// What a command fails on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    Breaking,
    Any,
    Never,
}

impl FailOn {
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "breaking" => Ok(Self::Breaking),
            "any" => Ok(Self::Any),
            "never" => Ok(Self::Never),
            _ => Err(format!("--fail-on {name}: is none of breaking, any, never").into()),
        }
    }
}

pub fn code(report: &Report<'_>, drifted: bool, fail_on: FailOn) -> ExitCode {
    let is_breaking = report.wire == Wire::Breaking;
    match fail_on {
        FailOn::Any | FailOn::Breaking if is_breaking => BREAKING.into(),
        FailOn::Any if drifted => DRIFTED.into(),
        _ => ExitCode::SUCCESS,
    }
}

pub fn drifted() -> ExitCode {
    DRIFTED.into()
}

pub fn breaking() -> ExitCode {
    BREAKING.into()
}

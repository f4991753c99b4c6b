//! Exit codes. Exit code 1 means that the command failed, so its result is unknown.

use std::process::ExitCode;

use clap::ValueEnum;

use crate::diff::model::verdict::Wire;
use crate::report::judgement::Report;

/// The document differs.
const DRIFTED: u8 = 4;
/// The document differs, and clients break.
const BREAKING: u8 = 5;
/// Operations of the document are missing in the crate.
const LEFT_OUT: u8 = 2;

/// The least change for which a command exits with 4 or 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Breaking,
    Any,
    Never,
}

/// Returns the exit code of a comparison.
pub fn of_comparison(report: &Report<'_>, drifted: bool, fail_on: FailOn) -> ExitCode {
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

/// Returns the exit code of a build with this number of operations left out.
pub fn of_build(left_out: usize) -> ExitCode {
    if left_out == 0 {
        ExitCode::SUCCESS
    } else {
        LEFT_OUT.into()
    }
}

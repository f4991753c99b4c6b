//! `spec check`: compares the vendored document with the live one.

use std::process::ExitCode;

use clap::Args;

use crate::commands::exit_code::{self, FailOn};
use crate::document::candidate;
use crate::document::fetch::FetchArguments;
use crate::document::vendored::Vendored;
use crate::report::format::Format;
use crate::report::{self, candidate_report};
use crate::result::Result;
use crate::workspace::Workspace;

/// Compares openapi.json with the live document and writes nothing.
///
/// Exit code 0: openapi.json is in step. 4: it has drifted. 5: it has drifted and clients break.
/// 1: the check failed.
#[derive(Debug, Args)]
pub struct CheckArguments {
    #[command(flatten)]
    fetch: FetchArguments,

    /// The least change for which the exit code is not 0.
    #[arg(long, value_enum, default_value = "any")]
    fail_on: FailOn,

    /// The output format.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Fetches the live document, compares it, and writes nothing.
pub fn run(workspace: &Workspace, arguments: &CheckArguments) -> Result<ExitCode> {
    let source = arguments.fetch.source();
    let name = source.name();
    let vendored = Vendored::read(workspace);
    let candidate = candidate::fetch(workspace, &vendored, &arguments.fetch, true)
        .map_err(|error| format!("{name}: {error}"))?;
    let (report, policy) = candidate_report::compare(workspace, &vendored, &candidate, &name)
        .map_err(|error| format!("{name}: {error}"))?;
    report::print(&report, &policy, arguments.format, false)?;
    let differs = candidate.document != vendored.document;
    if differs && report.changes.is_empty() {
        eprintln!("{name}: differs in parts that no operation uses");
    }
    let is_decided =
        !report.changes.is_empty() && report.changes.iter().all(|it| it.accepted.is_some());
    Ok(exit_code::of_comparison(
        &report,
        differs && !is_decided,
        arguments.fail_on,
    ))
}

//! `spec check`: whether the vendored document is still the live one, and what it breaks if not.

use std::process::ExitCode;

use crate::Result;
use crate::exit::{self, FailOn};
use crate::fetch::Fetching;
use crate::incoming;
use crate::project::Project;
use crate::render::{self, Format};

pub struct Options {
    pub fetching: Fetching,
    pub fail_on: FailOn,
    pub format: Format,
}

/// Fetches and compares; writes nothing.
pub fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let source = options.fetching.source.name();
    let found = incoming::look(project, &options.fetching, true)
        .map_err(|error| format!("{source}: {error}"))?;
    let Some(incoming) = found else {
        eprintln!("{source}: unchanged since it was fetched last");
        return Ok(ExitCode::SUCCESS);
    };
    let report = &incoming.report;
    render::print(report, &incoming.policy, options.format)?;
    if incoming.differs && report.changes.is_empty() {
        eprintln!("{source}: differs in its form, or where no operation reaches");
    }
    let is_decided =
        !report.changes.is_empty() && report.changes.iter().all(|it| it.accepted.is_some());
    let drifted = incoming.differs && !is_decided;
    Ok(exit::code(report, drifted, options.fail_on))
}

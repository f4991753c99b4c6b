//! `spec refresh`: replaces the vendored document by a newer one, if that is sound.

use std::process::ExitCode;

use crate::Result;
use crate::diff::change::Wire;
use crate::exit;
use crate::fetch::Fetching;
use crate::incoming::{self, Incoming};
use crate::project::{self, Project};
use crate::render::{self, Format};

pub struct Options {
    pub fetching: Fetching,
    /// Accept a document that has lost most of the present operations.
    pub allow_shrink: bool,
    /// Accept a document that breaks clients.
    pub allow_breaking: bool,
    /// Say all, write nothing.
    pub dry_run: bool,
    pub format: Format,
}

/// Fetches, checks, and only then writes. What is printed to stdout is the report alone.
pub fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let source = options.fetching.source.name();
    let found = incoming::look(project, &options.fetching, options.allow_shrink)
        .map_err(|error| format!("{source}: {error}; openapi.json is unchanged"))?;
    let Some(incoming) = found else {
        eprintln!("{source}: openapi.json is up to date");
        return Ok(ExitCode::SUCCESS);
    };
    render::print(&incoming.report, &incoming.policy, options.format)?;
    if incoming.report.wire == Wire::Breaking && !options.allow_breaking && !options.dry_run {
        eprintln!(
            "{source}: breaks clients; openapi.json is unchanged; if it is right, pass \
             --allow-breaking"
        );
        return Ok(exit::breaking());
    }
    let done = match (incoming.differs, options.dry_run) {
        (false, _) => "openapi.json is up to date",
        (true, true) => "openapi.json would be replaced",
        (true, false) => {
            write(project, &incoming)?;
            "openapi.json replaced"
        }
    };
    eprintln!("{source}: {done}");
    for entry in incoming.output.ledger.left_out() {
        eprintln!("warning: {entry}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the document, and what is committed of the code that it generates.
fn write(project: &Project, incoming: &Incoming) -> Result<()> {
    project::replace(&project.document(), &incoming.text)?;
    let snapshots = project.snapshots();
    if snapshots.is_dir() {
        let ledger = incoming.output.ledger.to_string();
        let surface = incoming.output.surface.join("\n") + "\n";
        project::replace(&snapshots.join("ledger.txt"), &ledger)?;
        project::replace(&snapshots.join("public-api.txt"), &surface)?;
    }
    Ok(())
}

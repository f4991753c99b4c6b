//! `spec refresh`: replaces the vendored document by a newer one.

use std::process::ExitCode;

use clap::Args;

use crate::commands::exit_code;
use crate::diff::model::verdict::Wire;
use crate::document::candidate::{self, Candidate};
use crate::document::fetch::FetchArguments;
use crate::document::vendored::Vendored;
use crate::report::format::Format;
use crate::report::{self, candidate_report};
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// Replaces openapi.json and the snapshots of generated code.
///
/// The new document must be an OpenAPI 3.x document, JSON or YAML, from which the client can be
/// generated, and must have at least half of the present operations. Prints the changes. Exit code
/// 5: clients break, and nothing is written.
#[derive(Debug, Args)]
pub struct RefreshArguments {
    #[command(flatten)]
    fetch: FetchArguments,

    /// Reports, but writes nothing.
    #[arg(long)]
    dry_run: bool,

    /// Accepts a document that breaks clients.
    #[arg(long)]
    allow_breaking: bool,

    /// Accepts a document that has lost more than half of the present operations.
    #[arg(long)]
    allow_shrink: bool,

    /// The output format.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Fetches and checks a document, and only then writes it. Stdout holds the report alone.
pub fn run(workspace: &Workspace, arguments: &RefreshArguments) -> Result<ExitCode> {
    let source = arguments.fetch.source();
    let name = source.name();
    let failed = |error| format!("{name}: {error}; openapi.json is unchanged");
    let vendored = Vendored::read(workspace);
    let candidate = candidate::fetch(
        workspace,
        &vendored,
        &arguments.fetch,
        arguments.allow_shrink,
    )
    .map_err(failed)?;
    let (report, policy) =
        candidate_report::compare(workspace, &vendored, &candidate, &name).map_err(failed)?;
    report::print(&report, &policy, arguments.format)?;
    if report.wire == Wire::Breaking && !arguments.allow_breaking && !arguments.dry_run {
        eprintln!(
            "{name}: breaks clients; openapi.json is unchanged; if it is right, pass \
             --allow-breaking"
        );
        return Ok(exit_code::breaking());
    }
    let outcome = match (candidate.text != vendored.text, arguments.dry_run) {
        (false, _) => "openapi.json is up to date",
        (true, true) => "openapi.json would be replaced",
        (true, false) => {
            write(workspace, &candidate)?;
            "openapi.json replaced"
        }
    };
    eprintln!("{name}: {outcome}");
    for entry in candidate.output.ledger.left_out() {
        eprintln!("warning: {entry}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the document and the snapshots of the code that is generated from it.
fn write(workspace: &Workspace, candidate: &Candidate) -> Result<()> {
    workspace::replace(&workspace.document(), &candidate.text)?;
    let snapshots = workspace.snapshots();
    if snapshots.is_dir() {
        let ledger = candidate.output.ledger.to_string();
        let surface = candidate.output.surface.join("\n") + "\n";
        workspace::replace(&snapshots.join("ledger.txt"), &ledger)?;
        workspace::replace(&snapshots.join("public-api.txt"), &surface)?;
    }
    Ok(())
}

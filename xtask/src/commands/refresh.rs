//! `spec refresh`: replaces the vendored document by a newer one.

use std::process::ExitCode;

use clap::Args;

use crate::commands::exit_code;
use crate::derived::{self, File};
use crate::diff::model::verdict::{Bump, Wire};
use crate::document::candidate::{self, Candidate};
use crate::document::fetch::FetchArguments;
use crate::document::vendored::Vendored;
use crate::report::format::Format;
use crate::report::{self, candidate_report};
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// Replaces openapi.json and the files that follow from it.
///
/// These are the snapshots of generated code, the Cargo features of the tags, the coverage in
/// README.md, a draft in CHANGELOG.md, and actions in overlay.json that keep published names. If
/// the document is up to date, the other files are still brought in step with overlay.json and
/// Cargo.toml: `--from openapi.json` does this without the network.
///
/// The new document must be an OpenAPI 3.x document, JSON or YAML, from which the client can be
/// generated, and must have at least half of the present operations. Prints the changes. Exit code
/// 5: clients or programs that use the crate break, and nothing is written.
#[derive(Debug, Args)]
pub struct RefreshArguments {
    #[command(flatten)]
    fetch: FetchArguments,

    /// Reports, but writes nothing.
    #[arg(long)]
    dry_run: bool,

    /// Accepts a document that breaks clients on the wire, or the Rust API.
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
    report::print(&report, &policy, arguments.format, false)?;
    let is_breaking = match (report.wire, report.rust) {
        (Wire::Breaking, _) => Some("clients"),
        (_, Some(Bump::Major)) => Some("the Rust API"),
        _ => None,
    };
    if let Some(what) = is_breaking
        && !arguments.allow_breaking
        && !arguments.dry_run
    {
        eprintln!(
            "{name}: breaks {what}; openapi.json is unchanged; if it is right, pass \
             --allow-breaking"
        );
        return Ok(exit_code::breaking());
    }
    // The overlay, the generator and Cargo.toml may have changed without the document.
    let files = derived::files(
        workspace,
        &candidate.output,
        candidate.old.as_ref(),
        &report,
    )
    .map_err(failed)?;
    let is_new = candidate.text != vendored.text;
    if is_new && !arguments.dry_run {
        write(workspace, &candidate)?;
    }
    let outcome = match (is_new, arguments.dry_run) {
        (false, _) => "openapi.json is up to date",
        (true, true) => "openapi.json would be replaced",
        (true, false) => "openapi.json replaced",
    };
    eprintln!("{name}: {outcome}");
    for File { path, text } in files {
        if !arguments.dry_run {
            workspace::replace(&path, &text)?;
        }
        if !is_new {
            let shown = path
                .strip_prefix(workspace.root())
                .unwrap_or(&path)
                .display();
            let outcome = if arguments.dry_run {
                "would be replaced"
            } else {
                "replaced"
            };
            eprintln!("{name}: {shown} {outcome}");
        }
    }
    for entry in candidate.output.ledger.left_out() {
        eprintln!("warning: {entry}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the document, and the overlay if names are kept.
fn write(workspace: &Workspace, candidate: &Candidate) -> Result<()> {
    workspace::replace(&workspace.document(), &candidate.text)?;
    if workspace::read_json(&workspace.overlay())? != candidate.overlay {
        let text = serde_json::to_string_pretty(&candidate.overlay)? + "\n";
        workspace::replace(&workspace.overlay(), &text)?;
    }
    Ok(())
}

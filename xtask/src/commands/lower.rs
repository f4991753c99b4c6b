//! `spec lower`: prints the OpenAPI 3.0 document that progenitor reads.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::document::bundled;
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// Prints the OpenAPI 3.0 document that progenitor reads, and the ledger on stderr.
#[derive(Debug, Args)]
pub struct LowerArguments {
    /// Lowers this document without an overlay, instead of openapi.json with overlay.json.
    file: Option<PathBuf>,
}

/// Prints the lowered document to stdout and the ledger to stderr.
pub fn run(workspace: &Workspace, arguments: &LowerArguments) -> Result<ExitCode> {
    let output = match &arguments.file {
        // The overlay is written for the vendored document, and does not fit another one.
        Some(file) => workspace::generate(&bundled::read(file)?, None)
            .map_err(|error| format!("{}: {error}", file.display()))?,
        None => {
            let document = workspace::read_json(&workspace.document())?;
            let overlay = workspace::read_json(&workspace.overlay())?;
            workspace::generate(&document, Some(&overlay))?
        }
    };
    eprint!("{}", output.ledger);
    workspace::print(&(serde_json::to_string_pretty(&output.lowered)? + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

//! `spec lower`: shows the document as progenitor is given it.

use std::path::Path;

use crate::{Result, project, project::Project};

/// Prints the lowered document to stdout and the ledger to stderr.
pub fn run(project: &Project, file: Option<&Path>) -> Result<()> {
    let output = match file {
        // The overlay is written for our document, and would not fit another one.
        Some(file) => project::generate(&project::read_json(file)?, None)
            .map_err(|error| format!("{}: {error}", file.display()))?,
        None => {
            let document = project::read_json(&project.document())?;
            let overlay = project::read_json(&project.overlay())?;
            project::generate(&document, Some(&overlay))?
        }
    };
    eprint!("{}", output.ledger);
    project::print(&(serde_json::to_string_pretty(&output.lowered)? + "\n"))
}

//! `spec rules`: prints the rules of code generation as Markdown.

use std::process::ExitCode;

use crate::result::Result;
use crate::workspace;

pub fn run() -> Result<ExitCode> {
    workspace::print(&neo_client_codegen::rules_as_markdown())?;
    Ok(ExitCode::SUCCESS)
}

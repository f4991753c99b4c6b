//! `spec rules`: the rules of code generation, as Markdown.

use crate::{Result, project};

pub fn run() -> Result<()> {
    project::print(&neo_client_codegen::rules_as_markdown())
}

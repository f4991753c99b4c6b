//! `spec checks`: prints the table of checks.

use std::process::ExitCode;

use crate::diff::model::checks;
use crate::result::Result;
use crate::workspace;

/// Prints the table of checks, tab-separated.
pub fn run() -> Result<ExitCode> {
    let mut table = String::from("id\tarea\trequest\tresponse\tmeaning\n");
    for check in checks::ALL {
        table += &format!(
            "{}\t{}\t{}\t{}\t{}\n",
            check.id,
            check.area.as_str(),
            check.request,
            check.response,
            check.predicate
        );
    }
    workspace::print(&table)?;
    Ok(ExitCode::SUCCESS)
}

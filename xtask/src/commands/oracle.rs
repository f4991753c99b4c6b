//! `oracle`: lets compilers judge the Rust verdict.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::oracle::{self, cases};
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// Compiles a pair of clients for each check with an effect on the Rust API, and compares the
/// judgement of the compiler with the verdict of `spec diff`.
///
/// Each witness must compile against the old client and not against the new one. If
/// cargo-semver-checks is installed, its findings are listed too, with the kinds of changes to
/// which it is blind. Exit code 1 if a judgement contradicts a verdict.
#[derive(Debug, Args)]
pub struct OracleArguments {
    /// Takes the pairs of these checks only, such as operation-removed.
    #[arg(value_name = "CHECK")]
    checks: Vec<String>,

    /// Does not run cargo-semver-checks.
    #[arg(long)]
    witnesses_only: bool,

    /// A folder with pairs, instead of xtask/tests/pairs.
    #[arg(long, value_name = "DIR")]
    pairs: Option<PathBuf>,

    /// Writes the clients and the witnesses into a folder, and keeps them.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Judges the pairs and prints the table.
pub fn run(workspace: &Workspace, arguments: &OracleArguments) -> Result<ExitCode> {
    let pairs = match &arguments.pairs {
        Some(pairs) => pairs.clone(),
        None => workspace.root().join("xtask").join("tests").join("pairs"),
    };
    let cases = cases::cases(&pairs, &arguments.checks)?;
    let temporary = tempfile::tempdir()?;
    let folder = match &arguments.out {
        Some(folder) => std::path::absolute(folder)?,
        None => temporary.path().to_owned(),
    };
    let judgement = oracle::judge(cases, &folder, !arguments.witnesses_only)?;
    workspace::print(&judgement.table())?;
    Ok(match judgement.is_wrong() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

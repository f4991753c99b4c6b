//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands::build::BuildArguments;
use crate::commands::calls::CallsArguments;
use crate::commands::changelog::ChangelogArguments;
use crate::commands::check::CheckArguments;
use crate::commands::checks::ChecksArguments;
use crate::commands::corpus::CorpusArguments;
use crate::commands::diff::DiffArguments;
use crate::commands::fidelity::FidelityArguments;
use crate::commands::lower::LowerArguments;
use crate::commands::oracle::OracleArguments;
use crate::commands::package::PackageArguments;
use crate::commands::pages::PagesArguments;
use crate::commands::refresh::RefreshArguments;

/// The maintainer's tool of neo-client.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true
)]
pub struct Arguments {
    /// Uses another directory with `openapi.json` and `overlay.json`; for tests.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    pub root: Option<PathBuf>,

    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Maintains openapi.json, compares documents, and builds crates from documents.
    #[command(subcommand, arg_required_else_help = true)]
    Spec(SpecCommand),
    Corpus(CorpusArguments),
    Oracle(OracleArguments),
    Package(PackageArguments),
    /// Runs what CI runs: `.ci/run`.
    Ci,
}

#[derive(Debug, Subcommand)]
pub enum SpecCommand {
    Refresh(RefreshArguments),
    Check(CheckArguments),
    Diff(DiffArguments),
    Checks(ChecksArguments),
    Changelog(ChangelogArguments),
    Lower(LowerArguments),
    Build(BuildArguments),
    Pages(PagesArguments),
    Fidelity(FidelityArguments),
    Calls(CallsArguments),
    /// Prints the rules by which codegen rewrites documents, as Markdown.
    Rules,
}

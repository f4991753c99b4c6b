//! `spec diff`: compares any two documents.

use std::process::ExitCode;

use clap::Args;

use crate::commands::exit_code::{self, FailOn};
use crate::diff::result::policy::Policy;
use crate::document::policy_file;
use crate::document::revision::Revision;
use crate::report::format::Format;
use crate::report::judgement::Report;
use crate::result::Result;
use crate::rust_api::api_diff::ApiDiff;
use crate::{diff, report};

/// Compares two documents, JSON or YAML.
///
/// Prints each change with its effect on the wire and on the Rust API. A document is a file, or a
/// file of a git revision, such as HEAD~3:openapi.json. Exit code 0, or with --fail-on as of `spec
/// check`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The old document.
    base: String,

    /// The new document.
    revision: String,

    /// The least change for which the exit code is not 0.
    #[arg(long, value_enum, default_value = "never")]
    fail_on: FailOn,

    /// A file with other effects of checks and with accepted changes:
    /// {"effects": {"ID": {"response": "compatible"}}, "accepted": [{"fingerprint": "…",
    /// "reason": "…", "date": "2026-01-31"}]}.
    #[arg(long, value_name = "FILE")]
    policy: Option<std::path::PathBuf>,

    /// Does not generate the two clients to compare their Rust APIs.
    #[arg(long)]
    no_rust: bool,

    /// Prints only what breaks, in the formats text and markdown.
    #[arg(long)]
    breaking_only: bool,

    /// The output format.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Prints the changes from one document to the other.
pub fn run(arguments: &DiffArguments) -> Result<ExitCode> {
    let policy = match &arguments.policy {
        Some(path) => policy_file::read(path)?,
        None => Policy::default(),
    };
    // Reading takes half of the time: both documents are read at once.
    let (base, revision) = std::thread::scope(|scope| {
        let read = |name: &str| Revision::read(name).map_err(|error| error.to_string());
        let base = scope.spawn(move || read(&arguments.base));
        let revision = read(&arguments.revision);
        let stopped = |_| Err("reading stopped".to_owned());
        (base.join().unwrap_or_else(stopped), revision)
    });
    let (base, revision) = (base?, revision?);
    let changes = diff::changes(&base.document, &revision.document);
    let rust_api = if arguments.no_rust {
        ApiDiff::Unknown("--no-rust".to_owned())
    } else {
        ApiDiff::of_documents(&base.document, &revision.document)
    };
    let names = (base.path, revision.path);
    let mut report = Report::new(names, changes, rust_api, &policy);
    report.count_operations(&base.document, &revision.document);
    report.locate(&base.text, &revision.text);
    report::print(&report, &policy, arguments.format, arguments.breaking_only)?;
    let drifted = !report.is_empty();
    Ok(exit_code::of_comparison(
        &report,
        drifted,
        arguments.fail_on,
    ))
}

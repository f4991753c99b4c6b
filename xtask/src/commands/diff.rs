//! `spec diff`: compares any two documents.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use crate::commands::exit_code::{self, FailOn};
use crate::diff::result::policy::Policy;
use crate::document::policy_file;
use crate::report::format::Format;
use crate::report::judgement::Report;
use crate::result::Result;
use crate::rust_api::api_diff::ApiDiff;
use crate::{diff, report, workspace};

/// Compares two documents, JSON or YAML.
///
/// Prints each change with its effect on the wire and on the Rust API. Exit code 0, or with
/// --fail-on as of `spec check`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The old document.
    base: PathBuf,

    /// The new document.
    revision: PathBuf,

    /// The least change for which the exit code is not 0.
    #[arg(long, value_enum, default_value = "never")]
    fail_on: FailOn,

    /// A file with other effects of checks and with accepted changes:
    /// {"effects": {"ID": {"response": "compatible"}}, "accepted": [{"fingerprint": "…",
    /// "reason": "…", "date": "2026-01-31"}]}.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,

    /// Does not generate the two clients to compare their Rust APIs.
    #[arg(long)]
    no_rust: bool,

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
        let base = scope.spawn(|| read(&arguments.base).map_err(|error| error.to_string()));
        let revision = read(&arguments.revision);
        let stopped = |_| Err("reading stopped".to_owned());
        (base.join().unwrap_or_else(stopped), revision)
    });
    let ((base, base_text), (revision, revision_text)) = (base?, revision?);
    let changes = diff::changes(&base, &revision);
    let rust_api = if arguments.no_rust {
        ApiDiff::Unknown("--no-rust".to_owned())
    } else {
        ApiDiff::of_documents(&base, &revision)
    };
    let name = |path: &Path| path.display().to_string();
    let names = (name(&arguments.base), name(&arguments.revision));
    let mut report = Report::new(names, changes, rust_api, &policy);
    report.locate(&base_text, &revision_text);
    report::print(&report, &policy, arguments.format)?;
    let drifted = !report.is_empty();
    Ok(exit_code::of_comparison(
        &report,
        drifted,
        arguments.fail_on,
    ))
}

/// Reads an OpenAPI 3.x document and its text.
fn read(path: &Path) -> Result<(Value, String)> {
    let text = workspace::read_text(path)?;
    let document = workspace::parse_json(path, &text)?;
    let is_openapi = document
        .get("openapi")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("3."));
    if is_openapi {
        Ok((document, text))
    } else {
        Err(format!("{}: is not an OpenAPI 3.x document", path.display()).into())
    }
}

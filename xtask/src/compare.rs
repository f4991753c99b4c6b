//! `spec diff`: what changed between any two documents; and `spec checks`: what can change.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;

use crate::diff::checks;
use crate::diff::policy::Policy;
use crate::diff::report::Report;
use crate::exit::{self, FailOn};
use crate::project::{self, read_json};
use crate::render::{self, Format};
use crate::{Result, diff, rust};

pub struct Options {
    pub base: PathBuf,
    pub revision: PathBuf,
    pub format: Format,
    pub fail_on: FailOn,
    pub policy: Option<PathBuf>,
    /// Generate both clients as a whole, however long it takes.
    pub exact: bool,
}

/// Prints what changed.
pub fn run(options: &Options) -> Result<ExitCode> {
    let policy = match &options.policy {
        Some(path) => read_policy(path)?,
        None => Policy::default(),
    };
    // The two are read at once: that is half of the time it takes.
    let (base, revision) = std::thread::scope(|scope| {
        let base = scope.spawn(|| document(&options.base).map_err(|error| error.to_string()));
        let revision = document(&options.revision);
        let stopped = |_| Err("reading stopped".to_owned());
        (base.join().unwrap_or_else(stopped), revision)
    });
    let ((base, base_text), (revision, revision_text)) = (base?, revision?);
    // To drop them takes as long as to read them, and the process is about to end.
    let (base, revision): (&Value, &Value) = (Box::leak(base.into()), Box::leak(revision.into()));
    let changes = diff::changes(base, revision);
    let surfaces = rust::of_changes(base, revision, &changes, options.exact);
    let names = (name(&options.base), name(&options.revision));
    let mut report = Report::new(names, changes, surfaces, &policy);
    report.locate(&base_text, &revision_text);
    render::print(&report, &policy, options.format)?;
    let drifted = !report.is_empty();
    Ok(exit::code(&report, drifted, options.fail_on))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// Reads a document, makes sure that it is one, and gives its text, too.
fn document(path: &Path) -> Result<(Value, String)> {
    let text = project::read_text(path)?;
    let document = project::parse_json(path, &text)?;
    let is_openapi = document
        .get("openapi")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("3."));
    if is_openapi {
        Ok((document, text))
    } else {
        Err(format!("{}: is no OpenAPI 3.x document", path.display()).into())
    }
}

/// Reads the decisions of a project; an error names file and field.
pub fn read_policy(path: &Path) -> Result<Policy> {
    Policy::read(read_json(path)?).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Prints the table of checks.
pub fn list() -> Result<()> {
    let mut table = String::from("id\tarea\trequest\tresponse\trust\tmeaning\n");
    for check in checks::ALL {
        table += &format!(
            "{}\t{}\t{}\t{}\t{}\t{}\n",
            check.id,
            check.area.as_str(),
            check.request,
            check.response,
            check.rust.as_str(),
            check.what
        );
    }
    project::print(&table)
}

//! `corpus`: builds a crate from each document of a directory and compiles it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use crate::commands::exit_code;
use crate::new_crate::build::{Inputs, build};
use crate::new_crate::build_report::BuildReport;
use crate::new_crate::runtime::RuntimeDependency;
use crate::report::format::{Format, text_or_json};
use crate::result::Result;
use crate::workspace;

/// Builds a crate from each document in DIR, compiles it, and prints a table.
///
/// Exit codes are those of `spec build`, for all documents together.
#[derive(Debug, Args)]
pub struct CorpusArguments {
    /// The directory of the documents.
    #[arg(value_name = "DIR")]
    documents: PathBuf,

    /// The directory that keeps the crates, instead of target/corpus.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = text_or_json())]
    format: Format,
}

/// The outcome of one document.
#[derive(Debug, Serialize)]
struct Row {
    document: String,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Built {
        #[serde(flatten)]
        report: Box<BuildReport>,
        compiled: Compiled,
    },
    /// No crate could be generated.
    Failed { error: String },
}

/// The result of `cargo check`.
#[derive(Debug, Default, Serialize)]
struct Compiled {
    /// The first error.
    error: Option<String>,
    /// The number of warnings about generated code.
    warnings: usize,
    seconds: f64,
}

/// Builds and compiles all documents. Exit code 1: one failed. 2: operations are missing.
pub fn run(arguments: &CorpusArguments) -> Result<ExitCode> {
    let documents = documents(&arguments.documents)?;
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| target().join("corpus"));
    let mut rows = Vec::new();
    for (index, path) in documents.iter().enumerate() {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        eprintln!("{}/{} {name}", index + 1, documents.len());
        rows.push(Row {
            outcome: outcome(path, &out.join(&name), &out.join("target")),
            document: name,
        });
    }
    workspace::print(&match arguments.format {
        Format::Json => serde_json::to_string_pretty(&rows)? + "\n",
        _ => table(&rows),
    })?;
    if rows.iter().any(|row| row.outcome.error().is_some()) {
        return Ok(ExitCode::FAILURE);
    }
    Ok(exit_code::of_build(
        rows.iter().map(|row| row.outcome.left_out()).sum(),
    ))
}

/// Returns the documents of a directory, by their file extensions.
fn documents(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("json" | "yaml" | "yml")) {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(format!("{}: has no .json, .yaml or .yml file", folder.display()).into());
    }
    found.sort();
    Ok(found)
}

/// Returns the target directory of this workspace.
fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace::root().join("target"), PathBuf::from)
}

fn outcome(document: &Path, out: &Path, target: &Path) -> Outcome {
    let inputs = Inputs {
        document,
        overlay: None,
        source: None,
    };
    let built = build(inputs, &RuntimeDependency::here(), out)
        .and_then(|report| Ok((report, compile(out, target)?)));
    match built {
        Ok((report, compiled)) => Outcome::Built {
            report: Box::new(report),
            compiled,
        },
        Err(error) => Outcome::Failed {
            error: error.to_string(),
        },
    }
}

/// Runs `cargo check`. All crates share one target directory, so that their dependencies compile
/// once.
fn compile(out: &Path, target: &Path) -> Result<Compiled> {
    let start = Instant::now();
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--quiet", "--message-format=json"])
        .current_dir(out)
        .env("CARGO_TARGET_DIR", std::path::absolute(target)?)
        .stdin(Stdio::null())
        .output()?;
    let mut compiled = Compiled {
        seconds: start.elapsed().as_secs_f64(),
        ..Compiled::default()
    };
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let line: Value = serde_json::from_str(line)?;
        let Some(message) = line.get("message").filter(|message| message.is_object()) else {
            continue;
        };
        match message.get("level").and_then(Value::as_str) {
            Some("error") if compiled.error.is_none() => compiled.error = Some(described(message)),
            Some("warning") if span(message).contains("generated") => compiled.warnings += 1,
            _ => {}
        }
    }
    if !output.status.success() && compiled.error.is_none() {
        let said = String::from_utf8_lossy(&output.stderr);
        compiled.error = Some(
            said.lines()
                .next()
                .unwrap_or("cargo check failed")
                .to_owned(),
        );
    }
    Ok(compiled)
}

fn described(message: &Value) -> String {
    let text = message
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or_default();
    format!(
        "{}: {}",
        span(message),
        text.lines().next().unwrap_or_default()
    )
}

/// Returns `file:line` of a compiler message.
fn span(message: &Value) -> String {
    let spans = message.get("spans").and_then(Value::as_array);
    let primary = |span: &&Value| span.get("is_primary") == Some(&Value::Bool(true));
    let Some(span) = spans.into_iter().flatten().find(primary) else {
        return String::new();
    };
    let file = span
        .get("file_name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let line = span
        .get("line_start")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    format!("{file}:{line}")
}

impl Outcome {
    fn left_out(&self) -> usize {
        match self {
            Self::Built { report, .. } => report.operations.left_out,
            Self::Failed { .. } => 0,
        }
    }

    /// Returns the reason why there is no crate, or none that compiles.
    fn error(&self) -> Option<&str> {
        match self {
            Self::Built { compiled, .. } => compiled.error.as_deref(),
            Self::Failed { error } => Some(error),
        }
    }
}

/// Returns a Markdown table with a line of sums.
fn table(rows: &[Row]) -> String {
    let mut lines = vec![
        [
            "document",
            "operations in",
            "generated",
            "left out",
            "schemas in",
            "exact",
            "widened",
            "seconds",
            "compiles",
        ]
        .map(str::to_owned),
    ];
    let mut sums = [0; 6];
    for row in rows {
        lines.push(match &row.outcome {
            Outcome::Built { report, compiled } => {
                let counts = [
                    report.operations.all,
                    report.operations.generated,
                    report.operations.left_out,
                    report.schemas.all,
                    report.schemas.exact,
                    report.schemas.widened,
                ];
                for (sum, count) in sums.iter_mut().zip(counts) {
                    *sum += count;
                }
                line(
                    &row.document,
                    counts,
                    &format!("{:.2}", report.seconds),
                    &compiled.verdict(),
                )
            }
            Outcome::Failed { error } => {
                let mut line = [(); 9].map(|()| "-".to_owned());
                let [first, .., last] = &mut line;
                first.clone_from(&row.document);
                *last = format!("not generated: {error}");
                line
            }
        });
    }
    let good = rows
        .iter()
        .filter(|row| row.outcome.error().is_none())
        .count();
    lines.push(line("all", sums, "", &format!("{good} of {}", rows.len())));
    aligned(&lines)
}

fn line(document: &str, counts: [usize; 6], seconds: &str, verdict: &str) -> [String; 9] {
    let [a, b, c, d, e, f] = counts.map(|count| count.to_string());
    [
        document.to_owned(),
        a,
        b,
        c,
        d,
        e,
        f,
        seconds.to_owned(),
        verdict.to_owned(),
    ]
}

impl Compiled {
    fn verdict(&self) -> String {
        match (&self.error, self.warnings) {
            (Some(error), _) => format!("no: {error}"),
            (None, 0) => "yes".to_owned(),
            (None, warnings) => format!("yes, {warnings} warnings"),
        }
    }
}

/// Aligns numbers to the right, the first and the last column to the left.
fn aligned(lines: &[[String; 9]]) -> String {
    let width = |column: usize| {
        let lengths = lines
            .iter()
            .filter_map(|line| line.get(column))
            .map(|cell| cell.chars().count());
        lengths.max().unwrap_or_default()
    };
    let last = 8;
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            text += &match column {
                0 => format!("| {cell:<width$} ", width = width(column)),
                column if column == last => format!("| {cell} |\n"),
                _ => format!("| {cell:>width$} ", width = width(column)),
            };
        }
        if index == 0 {
            text += "|---|--:|--:|--:|--:|--:|--:|--:|---|\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_crate::build_report::{FieldCounts, OperationCounts, SchemaCounts, UnionCounts};

    #[test]
    fn table_names_failures_and_sums_the_rest() {
        let built = |name: &str, error: Option<&str>| Row {
            document: name.to_owned(),
            outcome: Outcome::Built {
                report: Box::new(BuildReport {
                    document: name.into(),
                    package: "a".to_owned(),
                    version: "1.0.0".to_owned(),
                    operations: OperationCounts {
                        all: 3,
                        generated: 2,
                        left_out: 1,
                    },
                    schemas: SchemaCounts {
                        all: 5,
                        exact: 1,
                        widened: 4,
                    },
                    fields: FieldCounts::default(),
                    unions: UnionCounts::default(),
                    unused: Vec::new(),
                    left_out: Vec::new(),
                    ledger: 7,
                    seconds: 0.25,
                }),
                compiled: Compiled {
                    error: error.map(str::to_owned),
                    ..Compiled::default()
                },
            },
        };
        let failed = Row {
            document: "b.json".to_owned(),
            outcome: Outcome::Failed {
                error: "not JSON".to_owned(),
            },
        };
        let rows = [
            built("a.json", None),
            failed,
            built("c.yaml", Some("src/generated.rs:7: no such type")),
        ];
        let expected = "\
| document | operations in | generated | left out | schemas in | exact | widened | seconds | compiles |
|---|--:|--:|--:|--:|--:|--:|--:|---|
| a.json   |             3 |         2 |        1 |          5 |     1 |       4 |    0.25 | yes |
| b.json   |             - |         - |        - |          - |     - |       - |       - | not generated: not JSON |
| c.yaml   |             3 |         2 |        1 |          5 |     1 |       4 |    0.25 | no: src/generated.rs:7: no such type |
| all      |             6 |         4 |        2 |         10 |     2 |       8 |         | 1 of 3 |
";
        assert_eq!(table(&rows), expected);
    }
}

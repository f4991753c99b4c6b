//! `spec build`: a complete crate from any document.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::{
    Result, confined,
    package::{self, Package},
    project,
    report::Format,
};

/// What to build from, and into which directory.
pub struct Options {
    pub document: PathBuf,
    pub overlay: Option<PathBuf>,
    pub out: PathBuf,
    pub report: Format,
}

/// What was built, and what it covers.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    pub document: PathBuf,
    pub package: String,
    pub version: String,
    pub operations: Operations,
    pub schemas: Schemas,
    /// What `ledger.txt` says of operations that are missing.
    pub left_out: Vec<LeftOut>,
    /// How many lines `ledger.txt` has.
    pub ledger: usize,
    pub seconds: f64,
}

/// Operations of the document, by what became of them.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Operations {
    #[serde(rename = "in")]
    pub all: usize,
    pub generated: usize,
    pub left_out: usize,
}

/// Component schemas of the document, by what became of them.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Schemas {
    #[serde(rename = "in")]
    pub all: usize,
    pub exact: usize,
    pub widened: usize,
}

/// An operation that could not be generated.
#[derive(Debug, Serialize, Deserialize)]
pub struct LeftOut {
    pub pointer: String,
    pub rule: String,
    pub detail: String,
}

/// Builds, and prints what came of it. Exit code 2 says that operations are missing.
pub fn run(options: &Options) -> Result<ExitCode> {
    let report = build(&options.document, options.overlay.as_deref(), &options.out)?;
    match options.report {
        Format::Text => project::print(&text(&report, &options.out))?,
        Format::Json => project::print(&(serde_json::to_string_pretty(&report)? + "\n"))?,
    }
    Ok(exit_code(report.operations.left_out))
}

/// The exit code for so many operations left out.
pub fn exit_code(left_out: usize) -> ExitCode {
    ExitCode::from(if left_out == 0 { 0 } else { 2 })
}

/// Builds a crate into `out`, which holds the old crate or the new one, never a part of one; between the two, for a
/// moment, it is not there.
pub fn build(document: &Path, overlay: Option<&Path>, out: &Path) -> Result<Report> {
    package::check_replaceable(out)?;
    let out = std::path::absolute(out)?;
    let parent = out
        .parent()
        .ok_or("--out must not be the root of a file system")?;
    fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
    // Beside it, because a directory cannot be renamed into another file system.
    let fresh = TempDir::with_prefix_in(".spec-build-", parent)?;
    let report = confined::generate(document, overlay, fresh.path())?;
    replace(&out, fresh)?;
    Ok(report)
}

/// Puts the fresh directory in the place of the old one; what Cargo compiled there stays.
fn replace(out: &Path, fresh: TempDir) -> Result<()> {
    let failed = |error| format!("cannot write {}: {error}", out.display());
    if !out.exists() {
        fs::rename(fresh.path(), out).map_err(failed)?;
        let _moved = fresh.keep();
        return Ok(());
    }
    let aside = TempDir::with_prefix_in(".spec-build-", out.parent().unwrap_or(out))?;
    let old = aside.path().join("old");
    fs::rename(out, &old).map_err(failed)?;
    if let Err(error) = fs::rename(fresh.path(), out) {
        return match fs::rename(&old, out) {
            Ok(()) => Err(failed(error).into()),
            Err(_) => Err(format!(
                "{}; the crate that was there is {}",
                failed(error),
                aside.keep().join("old").display()
            )
            .into()),
        };
    }
    let _moved = fresh.keep();
    let target = old.join("target");
    if target.exists() {
        // Without it, Cargo compiles again.
        let _kept = fs::rename(target, out.join("target"));
    }
    Ok(())
}

/// The part of [`build`] that runs confined: everything that depends on what the document says.
pub fn generate(document: &Path, overlay: Option<&Path>, into: &Path) -> Result<Report> {
    let start = Instant::now();
    let value = project::read_json(document)?;
    let overlay = overlay.map(project::read_json).transpose()?;
    let output = project::generate(&value, overlay.as_ref())
        .map_err(|error| format!("{}: {error}", document.display()))?;
    let package = Package::new(&project::workspace(), &value, &output)?;
    package.write(into)?;
    let counts = output.counts;
    Ok(Report {
        document: document.to_owned(),
        operations: Operations {
            all: counts.operations,
            generated: counts.generated,
            left_out: counts.left_out(),
        },
        schemas: Schemas {
            all: counts.schemas,
            exact: counts.exact,
            widened: counts.widened(),
        },
        left_out: output
            .ledger
            .left_out()
            .map(|entry| LeftOut {
                pointer: entry.pointer.clone(),
                rule: entry.rule.to_owned(),
                detail: entry.detail.clone(),
            })
            .collect(),
        ledger: output.ledger.entries().len(),
        package: package.name,
        version: package.version,
        seconds: start.elapsed().as_secs_f64(),
    })
}

fn text(report: &Report, out: &Path) -> String {
    let Report {
        operations,
        schemas,
        ..
    } = report;
    let mut text = format!(
        "{}: {} {} in {}\n\
         operations: {} in, {} generated, {} left out\n\
         schemas: {} in, {} exact, {} widened\n\
         ledger: {} lines, in ledger.txt\n\
         time: {:.2} s\n",
        report.document.display(),
        report.package,
        report.version,
        out.display(),
        operations.all,
        operations.generated,
        operations.left_out,
        schemas.all,
        schemas.exact,
        schemas.widened,
        report.ledger,
        report.seconds,
    );
    for LeftOut {
        pointer,
        rule,
        detail,
    } in &report.left_out
    {
        text += &format!("left out: {pointer}  {rule}  {detail}\n");
    }
    text
}

//! Builds a crate into a directory, as a whole or not at all.

use std::fs;
use std::path::Path;
use std::time::Instant;

use neo_client_codegen::Settings;
use tempfile::TempDir;

use crate::document::bundled;
use crate::document::unused::unused_components;
use crate::new_crate::build_report::{
    BuildReport, FieldCounts, LeftOutOperation, OperationCounts, SchemaCounts, UnionCounts,
};
use crate::new_crate::identity::CrateIdentity;
use crate::new_crate::package::{Package, check_replaceable};
use crate::new_crate::runtime::RuntimeDependency;
use crate::result::Result;
use crate::workspace;

/// The input of the generation of a crate.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    pub document: &'a Path,
    pub overlay: Option<&'a Path>,
    /// The URL at which the document was found.
    pub source: Option<&'a str>,
}

/// Builds a crate into `out`. The directory holds the old crate or the new one, never a mixture.
pub fn build(inputs: Inputs<'_>, runtime: &RuntimeDependency, out: &Path) -> Result<BuildReport> {
    check_is_file(inputs)?;
    check_replaceable(out)?;
    let out = std::path::absolute(out)?;
    let parent = out
        .parent()
        .ok_or("--out must not be the root of a file system")?;
    fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
    // A rename works only within one file system, hence a directory beside `out`.
    let fresh = TempDir::with_prefix_in(".spec-build-", parent)?;
    let report = write(inputs, runtime, fresh.path())?;
    replace(&out, fresh)?;
    Ok(report)
}

/// Checks that no URL stands where files are expected, and a URL where one is.
fn check_is_file(inputs: Inputs<'_>) -> Result<()> {
    let is_url = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    if let Some(url) = inputs.document.to_str().filter(|path| is_url(path)) {
        return Err(format!(
            "{url}: spec build fetches nothing; save the document as a file, and pass --source {url}"
        )
        .into());
    }
    match inputs.source {
        Some(source) if !is_url(source) => {
            Err(format!("--source {source}: expected a URL that begins with https://").into())
        }
        _ => Ok(()),
    }
}

/// Replaces the old directory by the fresh one, but keeps the `target` of the old one.
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
        // If this fails, Cargo compiles again.
        let _kept = fs::rename(target, out.join("target"));
    }
    Ok(())
}

/// Generates the crate and writes its files into an empty directory.
fn write(inputs: Inputs<'_>, runtime: &RuntimeDependency, into: &Path) -> Result<BuildReport> {
    let start = Instant::now();
    let document = inputs.document;
    let value = bundled::read(document)?;
    let overlay = inputs.overlay.map(workspace::read_json).transpose()?;
    let identity = CrateIdentity::of(&value);
    // With the path, generated methods have examples in their documentation.
    let mut settings = Settings::default().crate_path(identity.identifier());
    if let Some(source) = inputs.source {
        settings = settings.source(source);
    }
    let output = neo_client_codegen::generate(&value, overlay.as_ref(), &settings)
        .map_err(|error| format!("{}: {error}", document.display()))?;
    let package = Package::new(identity, &value, &output, runtime)?;
    package.write(into)?;
    let coverage = output.coverage;
    Ok(BuildReport {
        document: document.to_owned(),
        operations: OperationCounts {
            all: coverage.operations,
            generated: coverage.generated,
            left_out: coverage.left_out(),
        },
        schemas: SchemaCounts {
            all: coverage.schemas,
            exact: coverage.exact,
            widened: coverage.widened(),
        },
        fields: FieldCounts::of(&output.type_report),
        unions: UnionCounts::of(&output.type_report),
        unused: unused_components(&value).into_iter().collect(),
        left_out: output
            .ledger
            .left_out()
            .map(|entry| LeftOutOperation {
                pointer: entry.pointer.clone(),
                rule: entry.rule.to_owned(),
                detail: entry.detail.clone(),
            })
            .collect(),
        ledger: output.ledger.entries().len(),
        package: package.identity.name,
        version: package.identity.version,
        seconds: start.elapsed().as_secs_f64(),
    })
}

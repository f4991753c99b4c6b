//! `spec changelog`: release notes of the changes between tags.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use neo_client_codegen::Output;
use semver::Version;
use serde_json::Value;

use crate::diff;
use crate::diff::model::verdict::Wire;
use crate::diff::result::policy::Policy;
use crate::document::revision::git;
use crate::report::changelog;
use crate::report::judgement::Report;
use crate::result::Result;
use crate::rust_api::api_diff::ApiDiff;
use crate::workspace::{self, Workspace};

/// Writes release notes as Markdown: what changed in openapi.json from tag to tag.
///
/// The range has the form of git: `v0.1.0..v0.3.0`, or `v0.1.0..` up to the files of the checkout.
#[derive(Debug, Args)]
pub struct ChangelogArguments {
    /// The range of tags, such as v0.1.0..
    range: String,
}

/// One state of openapi.json and overlay.json.
struct Release {
    name: String,
    document: Value,
    overlay: Option<Value>,
}

/// Prints the release notes, the newest release first.
pub fn run(workspace: &Workspace, arguments: &ChangelogArguments) -> Result<ExitCode> {
    let (from, to) = arguments.range.split_once("..").ok_or_else(|| {
        format!(
            "{}: is not a range of tags such as v0.1.0..v0.2.0",
            arguments.range
        )
    })?;
    let root = workspace.root();
    let mut releases = Vec::new();
    for tag in tags(root, from, to)? {
        releases.push(Release {
            document: neo_client_codegen::read(&show(root, &tag, "openapi.json")?)
                .map_err(|error| format!("{tag}:openapi.json: {error}"))?,
            overlay: show(root, &tag, "overlay.json")
                .ok()
                .and_then(|text| neo_client_codegen::read(&text).ok()),
            name: tag,
        });
    }
    if to.is_empty() {
        releases.push(Release {
            name: "Unreleased".to_owned(),
            document: workspace::read_json(&workspace.document())?,
            overlay: Some(workspace::read_json(&workspace.overlay())?),
        });
    }
    let mut notes = Vec::new();
    for pair in releases.windows(2) {
        if let [old, new] = pair {
            notes.push(between(old, new));
        }
    }
    notes.reverse();
    workspace::print(&notes.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the tags of releases in a range, the oldest first.
fn tags(root: &Path, from: &str, to: &str) -> Result<Vec<String>> {
    let list = git(root, &["tag", "--list", "v*"])?;
    let version = |tag: &str| Version::parse(tag.strip_prefix('v')?).ok();
    let named = |tag: &str| {
        version(tag).ok_or_else(|| format!("{tag}: is not a tag of a release such as v0.1.0"))
    };
    let first = named(from)?;
    let last = if to.is_empty() {
        None
    } else {
        Some(named(to)?)
    };
    let mut found: Vec<(Version, String)> = list
        .lines()
        .filter_map(|tag| Some((version(tag)?, tag.to_owned())))
        .filter(|(version, _)| {
            *version >= first && last.as_ref().is_none_or(|last| version <= last)
        })
        .collect();
    found.sort();
    for wanted in [Some(&first), last.as_ref()].into_iter().flatten() {
        if !found.iter().any(|(version, _)| version == wanted) {
            return Err(format!("v{wanted}: there is no such tag").into());
        }
    }
    Ok(found.into_iter().map(|(_, tag)| tag).collect())
}

fn show(root: &Path, tag: &str, file: &str) -> Result<String> {
    git(root, &["show", &format!("{tag}:./{file}")])
}

/// Returns the notes of one release.
fn between(old: &Release, new: &Release) -> String {
    let changes = diff::changes(&old.document, &new.document);
    let generate = |release: &Release| -> Result<Output> {
        workspace::generate(&release.document, release.overlay.as_ref())
    };
    let rust_api = match (generate(old), generate(new)) {
        (Ok(old_client), Ok(new_client)) => {
            ApiDiff::of_outputs(&old_client, &new_client, &old.document, &new.document)
        }
        (Err(error), _) | (_, Err(error)) => {
            ApiDiff::Unknown(format!("a document does not generate: {error}"))
        }
    };
    let names = (old.name.clone(), new.name.clone());
    let mut report = Report::new(names, changes, rust_api, &Policy::default());
    report.count_operations(&old.document, &new.document);
    if report.wire == Wire::None && report.changes.is_empty() && report.items.is_empty() {
        return format!(
            "## {}\n\nThe API did not change since {}.\n",
            new.name, old.name
        );
    }
    changelog::render(&report)
}

//! `spec refresh`: replaces the vendored document by a newer one, if that is sound.

use std::{collections::BTreeSet, fs};

use neo_client_codegen::{Effect, Ledger};
use serde_json::Value;

use crate::{
    Result,
    fetch::Source,
    operations::operations,
    project::{self, Project},
};

/// How much of an error page is shown.
const EXCERPT: usize = 80;

pub struct Options {
    pub source: Source,
    /// Accept a document that has lost most of the present operations.
    pub allow_shrink: bool,
}

/// Fetches, checks, and only then writes.
pub fn run(project: &Project, options: &Options) -> Result<()> {
    let source = options.source.name();
    let report = refresh(project, options)
        .map_err(|error| format!("{source}: {error}; openapi.json is unchanged"))?;
    project::print(&format!("{source}\n{report}"))
}

fn refresh(project: &Project, options: &Options) -> Result<String> {
    let mut document = parse(&options.source.bytes()?)?;
    check(&document)?;
    let path = project.document();
    let present = fs::read_to_string(&path).unwrap_or_default();
    // A present file that cannot be read holds nothing that could get lost.
    let before = neo_client_codegen::read(&present)
        .map(|document| operations(&document))
        .unwrap_or_default();
    let after = operations(&document);
    let remaining = before.intersection(&after).count();
    if remaining * 2 < before.len() && !options.allow_shrink {
        return Err(format!(
            "has only {remaining} of the present {} operations, so it may be another document or a \
             part of it; if it is right, pass --allow-shrink",
            before.len()
        )
        .into());
    }
    // One form whatever the server's order, so that the difference to the next document shows what
    // has changed.
    document.sort_all_objects();
    let output = project::generate(&document, Some(&project::read_json(&project.overlay())?))?;
    let text = serde_json::to_string_pretty(&document)? + "\n";
    let written = if text == present {
        "openapi.json was up to date already"
    } else {
        project::replace(&path, &text)?;
        "openapi.json replaced"
    };
    Ok(format!(
        "{written}\n{}{}",
        changes(&before, &after),
        summary(&output.ledger)
    ))
}

/// Reads the document, and says what came instead.
fn parse(bytes: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("is not UTF-8: {error}"))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Err("is empty".into());
    }
    if text.starts_with('<') {
        let excerpt: String = text.chars().take(EXCERPT).collect();
        return Err(format!(
            "is HTML or XML instead of JSON, perhaps a login or error page: {excerpt}"
        )
        .into());
    }
    serde_json::from_str(text).map_err(|error| {
        let problem = if error.is_eof() {
            "is cut off"
        } else {
            "is not JSON"
        };
        format!("{problem}: {error}").into()
    })
}

fn check(document: &Value) -> Result<()> {
    let version = document.get("openapi").and_then(Value::as_str);
    match version {
        Some(version) if version.starts_with("3.") => {}
        Some(version) => return Err(format!("is OpenAPI {version} instead of 3.x").into()),
        None if document.get("swagger").is_some() => {
            return Err("is Swagger 2.0 instead of OpenAPI 3.x".into());
        }
        None => return Err("is JSON, but no OpenAPI document: it has no `openapi`".into()),
    }
    if operations(document).is_empty() {
        return Err("has no operations in `paths`".into());
    }
    Ok(())
}

fn changes(before: &BTreeSet<String>, after: &BTreeSet<String>) -> String {
    let mut text = format!(
        "operations: {} before, {} after\n",
        before.len(),
        after.len()
    );
    for operation in before.difference(after) {
        text += &format!("  - {operation}\n");
    }
    for operation in after.difference(before) {
        text += &format!("  + {operation}\n");
    }
    text
}

fn summary(ledger: &Ledger) -> String {
    let count = |effect: Effect| {
        ledger
            .entries()
            .iter()
            .filter(|entry| entry.effect == effect)
            .count()
    };
    let mut text = format!(
        "ledger: {} lines ({} rewritten, {} widened, {} dropped, {} left out); \
         cargo xtask spec lower prints them\n",
        ledger.entries().len(),
        count(Effect::Rewritten),
        count(Effect::Widened),
        count(Effect::Dropped),
        count(Effect::LeftOut),
    );
    for entry in ledger.left_out() {
        text += &format!("  {entry}\n");
    }
    text
}

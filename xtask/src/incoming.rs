//! The document that came from the vendor: read, checked, generated from, and compared with ours.

use std::fs;

use neo_client_codegen::{Ledger, Output};
use serde_json::{Value, json};

use crate::compare::read_policy;
use crate::confined;
use crate::diff::policy::Policy;
use crate::diff::report::Report;
use crate::etag::Seen;
use crate::fetch::{Fetched, Fetching};
use crate::operations::operations;
use crate::project::{self, Project};
use crate::rust::{self, version};
use crate::{Result, diff};

/// How much of an error page is shown.
const EXCERPT: usize = 80;

/// What came, in the form in which it would be written.
pub struct Incoming {
    pub text: String,
    pub output: Output,
    pub report: Report<'static>,
    pub policy: Policy,
    /// Whether the file would be another one.
    pub differs: bool,
}

/// Fetches a document and compares it; `None` if the server says that it is the one we have.
pub fn look(
    project: &Project,
    fetching: &Fetching,
    allow_shrink: bool,
) -> Result<Option<Incoming>> {
    let path = project.document();
    let present = fs::read_to_string(&path).unwrap_or_default();
    let seen = Seen::read(project, &fetching.source, &present);
    let (bytes, etag) = match fetching.bytes(seen.as_deref())? {
        Fetched::Same => return Ok(None),
        Fetched::Came { bytes, etag } => (bytes, etag),
    };
    let mut document = parse(bytes)?;
    check(&document)?;
    // A present file that cannot be read holds nothing that could get lost.
    let ours = neo_client_codegen::read(&present)
        .ok()
        .filter(Value::is_object)
        .unwrap_or_else(|| json!({"openapi": "3.1.0", "paths": {}}));
    let (before, after) = (operations(&ours), operations(&document));
    let remaining = before.intersection(&after).count();
    if remaining * 2 < before.len() && !allow_shrink {
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
    let text = serde_json::to_string_pretty(&document)? + "\n";
    // Whatever came must not take the tool with it.
    confined::try_to_generate(&document, &project.overlay())?;
    let overlay = project::read_json(&project.overlay())?;
    let output = project::generate(&document, Some(&overlay))?;
    if text == present {
        Seen::write(project, &fetching.source, &text, etag.as_deref());
    }
    let policy = match project.policy() {
        path if path.exists() => read_policy(&path)?,
        _ => Policy::default(),
    };
    let old = project::generate(&ours, Some(&overlay)).ok();
    // The report shows what they say until the process ends.
    let documents: (&Value, &Value) = (Box::leak(ours.into()), Box::leak(document.into()));
    let mut report = compare(project, documents, (old, &output), fetching, &policy);
    report.locate(&present, &text);
    Ok(Some(Incoming {
        differs: text != present,
        text,
        output,
        report,
        policy,
    }))
}

fn compare(
    project: &Project,
    (ours, theirs): (&'static Value, &'static Value),
    (old, new): (Option<Output>, &Output),
    fetching: &Fetching,
    policy: &Policy,
) -> Report<'static> {
    let changes = diff::changes(ours, theirs);
    let surfaces = match &old {
        Some(old) => rust::of_outputs(old, new),
        None => rust::Surfaces {
            basis: rust::Basis::Estimate("no client generates from the present document".into()),
            items: Vec::new(),
        },
    };
    let names = ("openapi.json".to_owned(), fetching.source.name());
    let mut report = Report::new(names, changes, surfaces, policy);
    report.version = version::advise(project.root(), new, report.rust);
    report.ledger = old.map(|old| moved(&old.ledger, &new.ledger));
    report
}

/// The lines that a ledger gained and lost.
fn moved(old: &Ledger, new: &Ledger) -> (Vec<String>, Vec<String>) {
    let lines = |ledger: &Ledger| -> Vec<String> {
        ledger.entries().iter().map(ToString::to_string).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let without = |of: &[String], other: &[String]| -> Vec<String> {
        let other: std::collections::HashSet<&String> = other.iter().collect();
        of.iter()
            .filter(|line| !other.contains(line))
            .cloned()
            .collect()
    };
    (without(&new, &old), without(&old, &new))
}

/// Reads the document, and says what came instead.
fn parse(bytes: Vec<u8>) -> Result<Value> {
    let text = String::from_utf8(bytes).map_err(|error| format!("is not UTF-8: {error}"))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Err("is empty".into());
    }
    if text.starts_with('<') {
        let excerpt: String = text.chars().take(EXCERPT).collect();
        return Err(format!(
            "is HTML or XML instead of JSON or YAML, perhaps a login or error page: {excerpt}"
        )
        .into());
    }
    if text.starts_with('{')
        && let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text)
        && error.is_eof()
    {
        return Err(format!("is cut off: {error}").into());
    }
    neo_client_codegen::read(text).map_err(|error| format!("is no document: {error}").into())
}

fn check(document: &Value) -> Result<()> {
    let version = document.get("openapi").and_then(Value::as_str);
    match version {
        Some(version) if version.starts_with("3.") => {}
        Some(version) => return Err(format!("is OpenAPI {version} instead of 3.x").into()),
        None if document.get("swagger").is_some() => {
            return Err("is Swagger 2.0 instead of OpenAPI 3.x".into());
        }
        None => return Err("is data, but no OpenAPI document: it has no `openapi`".into()),
    }
    if operations(document).is_empty() {
        return Err("has no operations in `paths`".into());
    }
    Ok(())
}

//! The candidate document: fetched from the vendor, checked, and generated from.

use neo_client_codegen::Output;
use serde_json::Value;

use crate::document::bundled;
use crate::document::fetch::{FetchArguments, Source};
use crate::document::operations::operations;
use crate::document::published_names;
use crate::document::repeated_key;
use crate::document::vendored::Vendored;
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// The length of the excerpt that an error shows of an HTML page.
const EXCERPT: usize = 80;

/// A document that may replace the vendored one.
pub struct Candidate {
    pub document: Value,
    /// The text that `spec refresh` writes.
    pub text: String,
    pub output: Output,
    /// The overlay, with actions that keep published names.
    pub overlay: Value,
    /// The client of the vendored document, if there is one.
    pub old: Option<Output>,
    /// Names that the document would change, and actions of the overlay without effect.
    pub findings: Vec<String>,
}

/// Fetches a document and generates the client from it.
///
/// # Errors
///
/// Fails if the bytes are not an OpenAPI 3.x document, if more than half of the vendored operations
/// are missing (unless `allow_shrink`), or if no client can be generated.
pub fn fetch(
    workspace: &Workspace,
    vendored: &Vendored,
    arguments: &FetchArguments,
    allow_shrink: bool,
) -> Result<Candidate> {
    let mut document = parse(arguments.read()?)?;
    if let Source::File(path) = arguments.source() {
        document = bundled::with_files(&path, document);
    }
    check(&document)?;
    if !allow_shrink {
        check_size(vendored, &document)?;
    }
    // Sorted keys make the text independent of the server's order, so that git shows real changes.
    document.sort_all_objects();
    let mut overlay = workspace::read_json(&workspace.overlay())?;
    let mut output = workspace::generate(&document, Some(&overlay))?;
    let old = vendored.generate(&overlay).ok();
    let mut findings = Vec::new();
    if let Some(old) = &old {
        published_names::forget_idle(&mut overlay, &output);
        let kept = published_names::keep(&overlay, (&vendored.document, old), (&document, &output));
        (overlay, findings) = (kept.overlay, kept.findings);
        if !findings.is_empty() {
            output = workspace::generate(&document, Some(&overlay))?;
        }
    }
    let without_effect = output
        .idle_actions
        .iter()
        .filter(|action| !action.is_optional);
    findings.extend(without_effect.map(|action| format!("overlay.json: {action}")));
    Ok(Candidate {
        overlay,
        old,
        findings,
        text: serde_json::to_string_pretty(&document)? + "\n",
        document,
        output,
    })
}

/// Parses the document, or says what the server sent instead.
fn parse(bytes: Vec<u8>) -> Result<Value> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let named = encoded_as(error.as_bytes());
        named.map_or_else(|| format!("is not UTF-8: {error}"), str::to_owned)
    })?;
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
    if let Some(key) = repeated_key::find(text) {
        return Err(format!("repeats the key {key}, so that values would get lost").into());
    }
    neo_client_codegen::read(text)
        .map_err(|error| format!("is neither JSON nor YAML: {error}").into())
}

/// Returns the format of bytes that are not UTF-8, by their first bytes.
fn encoded_as(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 5] = [
        (
            b"\x1f\x8b",
            "is compressed with gzip; decompress the file first",
        ),
        (
            b"\x28\xb5\x2f\xfd",
            "is compressed with zstd; decompress the file first",
        ),
        (
            b"PK\x03\x04",
            "is a ZIP archive; extract the document first",
        ),
        (b"\xff\xfe", "is UTF-16 instead of UTF-8"),
        (b"\xfe\xff", "is UTF-16 instead of UTF-8"),
    ];
    let mut signatures = SIGNATURES.iter();
    let found = signatures.find(|(first, _)| bytes.starts_with(first));
    found.map(|(_, named)| *named)
}

fn check(document: &Value) -> Result<()> {
    let version = document.get("openapi").and_then(Value::as_str);
    match version {
        Some(version) if version.starts_with("3.") => {}
        Some(version) => return Err(format!("is OpenAPI {version} instead of 3.x").into()),
        None if document.get("swagger").is_some() => {
            return Err("is Swagger 2.0 instead of OpenAPI 3.x".into());
        }
        None => return Err("is not an OpenAPI document: it has no `openapi`".into()),
    }
    if operations(document).is_empty() {
        return Err("has no operations in `paths`".into());
    }
    Ok(())
}

fn check_size(vendored: &Vendored, document: &Value) -> Result<()> {
    let before = vendored.operations();
    let remaining = before.intersection(&operations(document)).count();
    if remaining * 2 >= before.len() {
        return Ok(());
    }
    Err(format!(
        "has only {remaining} of the present {} operations, so it may be another document or a \
         part of it; if it is right, pass --allow-shrink",
        before.len()
    )
    .into())
}

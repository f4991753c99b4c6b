//! `spec pages`: lists operations that look pageable and have no `x-pagination`, or a wrong one.

use std::path::PathBuf;
use std::process::ExitCode;

use neo_client_codegen::apply_overlay;
use serde_json::{Value, json};

use crate::commands::exit_code;
use crate::document::page_signs::{PageSigns, resolve};
use crate::report::format::{Format, text_or_json};
use crate::result::Result;
use crate::workspace::{self, Workspace};
use clap::Args;
use neo_client_codegen::openapi::pointer::escape;

/// Lists operations that look as if they returned a list page by page and have no x-pagination.
///
/// Also lists operations whose x-pagination is wrong, each with the reason and a suggestion. Exit
/// code 0: none found. 4: some found.
#[derive(Debug, Args)]
pub struct PagesArguments {
    /// Reads this document without an overlay, instead of openapi.json with overlay.json.
    file: Option<PathBuf>,

    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = text_or_json())]
    format: Format,
}

/// An operation without a working `x-pagination`.
struct UnpagedOperation {
    method: &'static str,
    path: String,
    operation_id: Option<String>,
    signs: PageSigns,
    /// The error in its `x-pagination`.
    flaw: Option<String>,
}

/// Prints the operations. Exit code 4: there are some.
pub fn run(workspace: &Workspace, arguments: &PagesArguments) -> Result<ExitCode> {
    let (document, overlay) = match &arguments.file {
        Some(file) => (workspace::read_json(file)?, None),
        None => (
            workspace::read_json(&workspace.document())?,
            Some(workspace::read_json(&workspace.overlay())?),
        ),
    };
    // Generation checks the pointers of a declaration.
    let output = workspace::generate(&document, overlay.as_ref())?;
    let mut corrected = document;
    if let Some(overlay) = &overlay {
        apply_overlay(&mut corrected, overlay)?;
    }
    let flaw = |pointer: &str| {
        let entries = output.ledger.entries().iter();
        let mut of_it = entries
            .filter(|entry| entry.rule == "pagination" && entry.pointer.starts_with(pointer));
        of_it.next().map(|entry| entry.detail.clone())
    };
    let found = find(&corrected, flaw);
    workspace::print(&match arguments.format {
        Format::Json => as_json(&found)?,
        _ => as_text(&found),
    })?;
    Ok(if found.is_empty() {
        ExitCode::SUCCESS
    } else {
        exit_code::drifted()
    })
}

/// Returns the operations that look pageable without a declaration, and those with a wrong one.
fn find(document: &Value, flaw: impl Fn(&str) -> Option<String>) -> Vec<UnpagedOperation> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        let item = resolve(document, item);
        for method in ["get", "post", "put", "delete", "patch"] {
            let Some(operation) = item.get(method).filter(|it| it.is_object()) else {
                continue;
            };
            let pointer = format!("/paths/{}/{method}/x-pagination", escape(path));
            let declared = operation.get("x-pagination").is_some();
            let flaw = flaw(&pointer).filter(|_| declared);
            let signs = PageSigns::of(document, item, operation);
            // Other methods can have a `limit` without returning a list.
            let looks = method == "get" && !declared && signs.any();
            if looks || flaw.is_some() {
                let id = operation.get("operationId").and_then(Value::as_str);
                found.push(UnpagedOperation {
                    method,
                    path: path.clone(),
                    operation_id: id.map(str::to_owned),
                    signs,
                    flaw,
                });
            }
        }
    }
    found
}

fn as_text(found: &[UnpagedOperation]) -> String {
    let mut text = String::new();
    for one in found {
        let method = one.method.to_uppercase();
        text += &format!("{method} {}", one.path);
        if let Some(id) = &one.operation_id {
            text += &format!("  {id}");
        }
        text += "\n";
        if let Some(flaw) = &one.flaw {
            text += &format!("    wrong `x-pagination`: {flaw}\n");
        }
        if one.signs.any() {
            text += &format!("    looks pageable: {}\n", one.signs.why().join(", "));
        }
        let (suggestion, lacks) = one.signs.suggestion();
        text += &format!("    \"x-pagination\": {suggestion}\n");
        if !lacks.is_empty() {
            text += &format!("    missing: {}\n", lacks.join(", "));
        }
    }
    text + &match found.len() {
        0 => "every operation that looks pageable has an `x-pagination`\n".to_owned(),
        1 => "1 operation is not paged\n".to_owned(),
        number => format!("{number} operations are not paged\n"),
    }
}

fn as_json(found: &[UnpagedOperation]) -> Result<String> {
    let operations: Vec<Value> = found
        .iter()
        .map(|one| {
            let (suggestion, lacks) = one.signs.suggestion();
            json!({
                "method": one.method.to_uppercase(),
                "path": one.path,
                "operation_id": one.operation_id,
                "flaw": one.flaw,
                "why": one.signs.why(),
                "suggestion": suggestion,
                "lacks": lacks,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&json!({ "operations": operations }))? + "\n")
}

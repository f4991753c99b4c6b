//! `spec fidelity`: how faithfully generated types keep the values of a document.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::commands::each_document;
use crate::fidelity::counts::{Counts, Problem};
use crate::fidelity::measure::measure;
use crate::report::format::{Format, text_or_json};
use crate::result::Result;
use crate::workspace;

/// Sends valid instances of every schema through the generated types and back.
///
/// Compiles the types of each document, makes instances of each schema, and counts the values that
/// are lost, invented or changed, and the unions that decode a wrong variant. Each instance is sent
/// a second time with unknown properties and enumeration values. Exit code 0: nothing was found.
/// 4: something was found.
#[derive(Debug, Args)]
pub struct FidelityArguments {
    /// The OpenAPI documents.
    #[arg(required = true, value_name = "FILE")]
    documents: Vec<PathBuf>,

    /// The number of instances of each schema.
    #[arg(long, value_name = "COUNT", default_value_t = 40)]
    instances: u64,

    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = text_or_json())]
    format: Format,
}

/// Measures the documents one after another.
pub fn run(arguments: &FidelityArguments) -> Result<ExitCode> {
    let rows = each_document::measured(
        &arguments.documents,
        "fidelity",
        workspace::read_json,
        |document, folder, target| measure(document, arguments.instances, folder, target),
    )?;
    workspace::print(&match arguments.format {
        Format::Json => each_document::as_json(&rows)?,
        _ => text(&rows),
    })?;
    let is_clean = rows.iter().all(|(_, counts)| counts.is_clean());
    Ok(if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(4)
    })
}

fn text(rows: &[(String, Counts)]) -> String {
    let headings: Vec<&str> = Problem::ALL.iter().map(|it| it.heading()).collect();
    let mut text = format!(
        "| document | schemas | without instances | instances | unions | {} |\n|---|{}\n",
        headings.join(" | "),
        "--:|".repeat(4 + headings.len())
    );
    for (name, counts) in rows {
        let numbers: Vec<String> = Problem::ALL
            .iter()
            .map(|problem| counts.of(*problem).to_string())
            .collect();
        text += &format!(
            "| {name} | {} | {} | {} | {} | {} |\n",
            counts.schemas,
            counts.without_instances,
            counts.instances,
            counts.unions,
            numbers.join(" | ")
        );
    }
    for (name, counts) in rows {
        for example in &counts.examples {
            text += &format!("{name}: {example}\n");
        }
    }
    text
}

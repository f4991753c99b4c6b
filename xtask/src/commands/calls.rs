//! `spec calls`: whether the requests of generated clients are those of their documents.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use neo_client_codegen::instances::Generator;
use serde_json::Value;

use crate::calls::check::Checked;
use crate::calls::counts::Counts;
use crate::calls::operation;
use crate::calls::program::Program;
use crate::calls::received::Received;
use crate::calls::server::Server;
use crate::commands::each_document;
use crate::document::bundled;
use crate::report::format::{Format, text_or_json};
use crate::result::Result;
use crate::workspace;

/// Calls every operation of generated clients, and checks the bytes of the requests.
///
/// Compiles the client of each document, calls each method once with sample values against a server
/// on the loopback interface, and compares each request with the document: path, query, headers,
/// media types, body and credentials. Exit code 0: every request is as documented. 4: some differ.
#[derive(Debug, Args)]
pub struct CallsArguments {
    /// The OpenAPI documents.
    #[arg(required = true, value_name = "FILE")]
    documents: Vec<PathBuf>,

    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = text_or_json())]
    format: Format,
}

/// Calls the clients one after another.
pub fn run(arguments: &CallsArguments) -> Result<ExitCode> {
    let documents = &arguments.documents;
    let rows = each_document::measured(documents, "calls", bundled::read, call)?;
    workspace::print(&match arguments.format {
        Format::Json => each_document::as_json(&rows)?,
        _ => rows
            .iter()
            .map(|(name, counts)| text(name, counts))
            .collect(),
    })?;
    let is_clean = rows.iter().all(|(_, counts)| counts.faults.is_empty());
    Ok(if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(4)
    })
}

/// Calls the client of one document.
fn call(document: &Value, folder: &Path, target: &Path) -> Result<Counts> {
    let program = Program::build(document, folder, target)?;
    let server = Server::start()?;
    let url = format!("http://{}", server.address);
    let said = program.run(&url, None)?;
    let mut counts = Counts {
        calls: said.calls.len(),
        without_call: said.without_call,
        ..Counts::default()
    };
    let generator = Generator::new(document);
    let checked = Checked {
        document,
        generator: &generator,
    };
    let operations = operation::all(document);
    let mut silent = said.calls;
    for bytes in server.requests() {
        let received = match Received::parse(&bytes) {
            Ok(received) => received,
            Err(why) => {
                counts.faults.push(why);
                continue;
            }
        };
        silent.remove(received.header("x-call").unwrap_or_default());
        let found = operations
            .iter()
            .find(|operation| operation.matches(&received.method, &received.path));
        match found {
            Some(operation) => checked.request(operation, &received, &mut counts),
            None => counts.faults.push(format!(
                "{} {} is no operation",
                received.method, received.path
            )),
        }
    }
    for (name, problem) in silent {
        counts.faults.push(format!("{name}: no request: {problem}"));
    }
    // With one credential at a time, operations that need another are not called.
    for scheme in program.schemes.iter().filter(|_| program.schemes.len() > 1) {
        let before = server.requests().len();
        program.run(&url, Some(scheme))?;
        for bytes in server.requests().iter().skip(before) {
            if let Ok(received) = Received::parse(bytes)
                && let Some(operation) = operations
                    .iter()
                    .find(|operation| operation.matches(&received.method, &received.path))
            {
                checked.credentials(operation, &received, &mut counts);
            }
        }
    }
    Ok(counts)
}

fn text(name: &str, counts: &Counts) -> String {
    let listed = |all: &std::collections::BTreeMap<String, usize>| -> String {
        let all: Vec<String> = all
            .iter()
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        match all.is_empty() {
            true => "none".to_owned(),
            false => all.join(", "),
        }
    };
    let mut text = format!(
        "{name}: {} methods called, {} without samples, {} requests as bytes\n\
         queries: {}\nstreams: {}\nbodies: {}\ncredentials: {}\n\
         samples that the schema refuses: {}\ndifferences: {}\n",
        counts.calls,
        counts.without_call,
        counts.requests,
        counts.queries,
        counts.streams,
        listed(&counts.bodies),
        listed(&counts.credentials),
        counts.invalid_samples.len(),
        counts.faults.len(),
    );
    for fault in &counts.faults {
        text += &format!("difference: {fault}\n");
    }
    for sample in &counts.invalid_samples {
        text += &format!("refused: {sample}\n");
    }
    text
}

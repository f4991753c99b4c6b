//! The maintainer's tool of neo-client: `cargo xtask spec refresh | lower`.
//!
//! Each subcommand is one file. What goes wrong is one line on stderr and exit code 1.

mod fetch;
mod lower;
mod operations;
mod project;
mod refresh;

use std::{error::Error, path::PathBuf, process::ExitCode};

use lexopt::{Arg, Parser, ValueExt};

use project::Project;

const USAGE: &str = "\
The maintainer's tool of neo-client.

Usage:
  cargo xtask spec refresh [--from URL|FILE] [--allow-shrink]
      Replaces openapi.json by the live document, or by the one named, after it has been checked:
      it must be an OpenAPI 3.x document from which the client can be generated, and at least half
      of the present operations must still be there (--allow-shrink: however few).
  cargo xtask spec lower [FILE]
      Prints the OpenAPI 3.0 document that progenitor is given, and on stderr what that lost.
      Without FILE: of openapi.json with overlay.json applied. With FILE: of that file alone.
";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

enum Command {
    Help,
    Refresh(refresh::Options),
    Lower(Option<PathBuf>),
}

fn main() -> ExitCode {
    let done = parse(Parser::from_env()).and_then(|(command, project)| match command {
        Command::Help => project::print(USAGE),
        Command::Refresh(options) => refresh::run(&project, &options),
        Command::Lower(file) => lower::run(&project, file.as_deref()),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!(
                "error: {}",
                error
                    .to_string()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            );
            ExitCode::FAILURE
        }
    }
}

fn parse(mut arguments: Parser) -> Result<(Command, Project)> {
    let mut words = Vec::new();
    let mut from = None;
    let mut allow_shrink = false;
    let mut project = Project::here();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok((Command::Help, project)),
            Arg::Long("from") => from = Some(arguments.value()?.string()?),
            Arg::Long("allow-shrink") => allow_shrink = true,
            // For tests: another directory with openapi.json and overlay.json.
            Arg::Long("root") => project = Project::at(arguments.value()?),
            Arg::Value(word) => words.push(word),
            other => return Err(format!("{}; see cargo xtask --help", other.unexpected()).into()),
        }
    }
    let texts: Vec<String> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let refreshes = from.is_some() || allow_shrink;
    let command = match (texts.as_slice(), refreshes) {
        (["spec", "refresh"], _) => Command::Refresh(refresh::Options {
            source: from.map_or_else(fetch::Source::live, fetch::Source::named),
            allow_shrink,
        }),
        (["spec", "lower"], false) => Command::Lower(None),
        (["spec", "lower", _], false) => Command::Lower(words.pop().map(PathBuf::from)),
        (["spec", "lower", ..], true) => {
            return Err("--from and --allow-shrink belong to spec refresh".into());
        }
        ([], _) | (["help"], _) => Command::Help,
        _ => {
            return Err(format!(
                "no such command: {}; see cargo xtask --help",
                texts.join(" ")
            )
            .into());
        }
    };
    Ok((command, project))
}

//! The maintainer's tool of neo-client: `cargo xtask spec refresh | lower | build`.
//!
//! Each subcommand is one file. What goes wrong is one line on stderr and exit code 1.

mod build;
mod confined;
mod corpus;
mod fetch;
mod lower;
mod operations;
mod package;
mod project;
mod refresh;
mod report;
mod rules;

use std::{error::Error, ffi::OsString, path::PathBuf, process::ExitCode};

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
  cargo xtask spec build FILE --out DIR [--overlay FILE] [--report text|json]
      Writes a complete crate into DIR, generated from any OpenAPI 3.x document, JSON or YAML, and says
      what it covers. DIR is empty or of an earlier build, which is replaced as a whole. Exit code 0: every
      operation is in; 2: some were left out; 1: nothing could be generated, and DIR is as it was.
  cargo xtask spec rules
      Prints the rules by which documents are changed for generation, as Markdown.
  cargo xtask corpus DIR [--out DIR] [--report text|json]
      Builds a crate from each document in DIR and has the compiler check it; prints a table. The crates
      are kept in --out, or else in target/corpus. Exit codes as of spec build, for all together.
";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

enum Command {
    Help,
    Refresh(refresh::Options),
    Lower(Option<PathBuf>),
    Build(build::Options),
    Rules,
    Corpus(corpus::Options),
    Confined(Vec<OsString>),
}

fn main() -> ExitCode {
    let done = parse(Parser::from_env()).and_then(|(command, project)| match command {
        Command::Help => project::print(USAGE).map(succeed),
        Command::Refresh(options) => refresh::run(&project, &options).map(succeed),
        Command::Lower(file) => lower::run(&project, file.as_deref()).map(succeed),
        Command::Build(options) => build::run(&options),
        Command::Rules => rules::run().map(succeed),
        Command::Corpus(options) => corpus::run(&options),
        Command::Confined(arguments) => confined::run(&arguments).map(succeed),
    });
    match done {
        Ok(code) => code,
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

fn succeed((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

fn parse(mut arguments: Parser) -> Result<(Command, Project)> {
    let mut words = Vec::new();
    let mut from = None;
    let mut allow_shrink = false;
    let (mut out, mut overlay, mut report) = (None, None, report::Format::Text);
    let mut project = Project::here();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok((Command::Help, project)),
            Arg::Long("from") => from = Some(arguments.value()?.string()?),
            Arg::Long("allow-shrink") => allow_shrink = true,
            Arg::Long("out") => out = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("overlay") => overlay = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("report") => report = report::Format::named(&arguments.value()?.string()?)?,
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
        (["spec", "build", _], false) => Command::Build(build::Options {
            document: words.pop().map(PathBuf::from).unwrap_or_default(),
            overlay,
            out: out.ok_or("spec build needs --out DIR")?,
            report,
        }),
        (["spec", "rules"], false) => Command::Rules,
        (["corpus", _], false) => Command::Corpus(corpus::Options {
            documents: words.pop().map(PathBuf::from).unwrap_or_default(),
            out,
            report,
        }),
        ([confined::COMMAND, ..], false) => Command::Confined(words.split_off(1)),
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

//! The maintainer's tool of neo-client: `cargo xtask spec …`.
//!
//! Each subcommand is one file. What goes wrong is one line on stderr and exit code 1.

mod arguments;
mod build;
mod check;
mod compare;
mod confined;
mod corpus;
mod diff;
mod etag;
mod exit;
mod fetch;
mod incoming;
mod lower;
mod manifest;
mod operations;
mod package;
mod pages;
mod pointer;
mod positions;
mod project;
mod refresh;
mod render;
mod report;
mod rules;
mod rust;

use std::{error::Error, process::ExitCode};

use arguments::Command;
use lexopt::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // What panics while code is generated is isolated, and told in the ledger.
        if std::thread::current().name() != Some(neo_client_codegen::THREAD) {
            hook(panic);
        }
    }));
    let done = arguments::parse(Parser::from_env()).and_then(|(command, project)| match command {
        Command::Help => project::print(arguments::USAGE).map(succeed),
        Command::Refresh(options) => refresh::run(&project, &options),
        Command::Check(options) => check::run(&project, &options),
        Command::Diff(options) => compare::run(&options),
        Command::Checks => compare::list().map(succeed),
        Command::Lower(file) => lower::run(&project, file.as_deref()).map(succeed),
        Command::Build(options) => build::run(&options),
        Command::Pages(options) => pages::run(&project, &options),
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

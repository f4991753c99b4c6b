//! The maintainer's tool of neo-client: documents (`cargo xtask spec …`), packages, checks.
//!
//! A failure is one line on stderr and exit code 1.

mod args;
mod calls;
mod commands;
mod derived;
mod diff;
mod document;
mod fidelity;
mod new_crate;
mod oracle;
mod package;
mod report;
mod result;
mod rust_api;
mod workspace;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use args::{Arguments, Command, SpecCommand};
use commands::{
    build, calls as calls_command, changelog, check, checks, ci, corpus, diff as diff_command,
    fidelity as fidelity_command, lower, oracle as oracle_command, package as package_command,
    pages, refresh, rules,
};
use result::Result;
use workspace::Workspace;

/// Code generation allocates many small syntax trees: with the allocator of glibc it takes twice as
/// long.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    silence_generator_panics();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(message) => return explain(&message),
    };
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", workspace::in_one_line(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

/// Keeps panics of the generator off stderr: codegen catches them and reports them in the ledger.
fn silence_generator_panics() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(neo_client_codegen::THREAD) {
            hook(panic);
        }
    }));
}

/// Prints help to stdout, and an error in the arguments to stderr.
///
/// Clap's exit code for an error is 2, which here says that operations are left out.
fn explain(message: &clap::Error) -> ExitCode {
    let is_help = matches!(
        message.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if is_help && workspace::print(&message.render().to_string()).is_ok() {
        ExitCode::SUCCESS
    } else {
        eprint!("{}", message.render());
        ExitCode::FAILURE
    }
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let workspace = arguments.root.map_or_else(Workspace::here, Workspace::at);
    match arguments.command {
        Command::Spec(command) => match command {
            SpecCommand::Refresh(arguments) => refresh::run(&workspace, &arguments),
            SpecCommand::Check(arguments) => check::run(&workspace, &arguments),
            SpecCommand::Diff(arguments) => diff_command::run(&arguments),
            SpecCommand::Checks(arguments) => checks::run(&arguments),
            SpecCommand::Changelog(arguments) => changelog::run(&workspace, &arguments),
            SpecCommand::Lower(arguments) => lower::run(&workspace, &arguments),
            SpecCommand::Build(arguments) => build::run(&arguments),
            SpecCommand::Fidelity(arguments) => fidelity_command::run(&arguments),
            SpecCommand::Calls(arguments) => calls_command::run(&arguments),
            SpecCommand::Pages(arguments) => pages::run(&workspace, &arguments),
            SpecCommand::Rules => rules::run(),
        },
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::Oracle(arguments) => oracle_command::run(&workspace, &arguments),
        Command::Package(arguments) => package_command::run(&workspace, &arguments),
        Command::Ci => ci::run(),
    }
}

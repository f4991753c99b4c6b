//! `package`: writes the crates as they are published.

use std::process::ExitCode;

use clap::Args;

use crate::package::{ORDER, sources, verify};
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// Writes the publishable crates into target/package-src and verifies them with `cargo package`.
///
/// neo-client there has the generated code as source files, and neither a build script nor build
/// dependencies.
#[derive(Debug, Args)]
pub struct PackageArguments {
    /// Prints the commands that publish the crates, in order.
    #[arg(long)]
    publish_order: bool,

    /// Writes the crates without compiling them.
    #[arg(long)]
    no_verify: bool,
}

/// Writes, verifies, and prints where the crates are.
pub fn run(workspace: &Workspace, arguments: &PackageArguments) -> Result<ExitCode> {
    let folder = sources::write(workspace)?;
    if !arguments.no_verify {
        verify::verify(workspace, &folder)?;
    }
    let lines = ORDER.map(|name| {
        let manifest = folder.join(name).join("Cargo.toml");
        match arguments.publish_order {
            true => format!("cargo publish --manifest-path {}\n", manifest.display()),
            false => format!("{}\n", folder.join(name).display()),
        }
    });
    workspace::print(&lines.concat())?;
    Ok(ExitCode::SUCCESS)
}

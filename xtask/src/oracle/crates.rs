//! Writes two packages for a side of all cases: the clients, each in a module of its own, and the
//! witnesses, each in a file of its own.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::json;
use toml::Table;

use crate::new_crate::identity::CrateIdentity;
use crate::new_crate::library::exports;
use crate::new_crate::manifest::manifest;
use crate::new_crate::runtime::RuntimeDependency;
use crate::oracle::cases::Case;
use crate::result::Result;
use crate::workspace;

/// The folder of the package with the clients.
pub const CLIENTS: &str = "clients";
/// The folder of the package with the witnesses.
pub const WITNESSES: &str = "witnesses";

/// A side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Old,
    New,
}

/// Writes the packages of a side.
pub fn write(folder: &Path, cases: &[Case], side: Side) -> Result<()> {
    let identity = identity();
    let clients = folder.join(CLIENTS);
    let runtime = RuntimeDependency::here();
    let mut library = String::new();
    let mut needed = BTreeSet::new();
    for case in cases {
        let output = match side {
            Side::Old => &case.old,
            Side::New => &case.new,
        };
        let Some(output) = output else { continue };
        needed.extend(&output.runtime_features.all);
        let module = case.module();
        for (path, text) in &output.files {
            write_file(
                &clients
                    .join("src")
                    .join(&module)
                    .join("generated")
                    .join(path),
                text,
            )?;
        }
        let _ = write!(
            library,
            "pub mod {module} {{\n    mod generated;\n{}}}\n",
            exports(output)
        );
    }
    write_file(&clients.join("src/lib.rs"), &library)?;
    let manifest = manifest(&identity, &runtime, &needed)?;
    write_file(&clients.join("Cargo.toml"), &manifest)?;

    let witnesses = folder.join(WITNESSES);
    write_file(
        &witnesses.join("Cargo.toml"),
        &manifest_of_witnesses(&identity)?,
    )?;
    if let Some(lock) = runtime.lock_file()? {
        write_file(&clients.join("Cargo.lock"), &lock)?;
        write_file(&witnesses.join("Cargo.lock"), &lock)?;
    }
    for (index, (case, code)) in all_witnesses(cases).enumerate() {
        let module = case.module();
        let text = format!(
            "use {}::{module}::*;\n\npub {code}\n",
            identity.identifier()
        );
        write_file(&witnesses.join("src").join(file(index)), &text)?;
    }
    Ok(())
}

/// Iterates over the witnesses of all cases.
pub fn all_witnesses(cases: &[Case]) -> impl Iterator<Item = (&Case, &str)> {
    cases
        .iter()
        .flat_map(|case| case.witnesses().map(move |(_, code)| (case, code)))
}

/// Writes the root of the package with the witnesses, which compiles some of them.
pub fn write_root(folder: &Path, witnesses: impl IntoIterator<Item = usize>) -> Result<()> {
    let mut text = String::from(
        "#![allow(async_fn_in_trait, dead_code, deprecated, private_interfaces, unused)]\n\n",
    );
    for index in witnesses {
        let _ = writeln!(text, "mod {};", file(index).trim_end_matches(".rs"));
    }
    write_file(&folder.join(WITNESSES).join("src/lib.rs"), &text)
}

/// Returns the name of the file of a witness.
fn file(index: usize) -> String {
    format!("witness_{index}.rs")
}

/// Returns the index of the witness in a file.
pub fn index_of(file: &str) -> Option<usize> {
    let name = file.rsplit(['/', '\\']).next()?;
    let index = name.strip_prefix("witness_")?.strip_suffix(".rs")?;
    index.parse().ok()
}

/// Returns the identity of the package with the clients.
pub fn identity() -> CrateIdentity {
    CrateIdentity::of(&json!({ "info": { "title": "Oracle", "version": "1.0.0" } }))
}

fn manifest_of_witnesses(clients: &CrateIdentity) -> Result<String> {
    let manifest: Table = format!(
        "package = {{ name = \"witnesses\", version = \"1.0.0\", edition = \"2024\" }}\n\
         workspace = {{}}\n\
         dependencies.{} = {{ path = \"../{CLIENTS}\", default-features = false }}\n",
        clients.name
    )
    .parse()?;
    Ok(toml::to_string(&manifest)?)
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    let failed = |error| format!("cannot write {}: {error}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    // An equal file keeps its date, so that cargo does not compile it again.
    if workspace::read_text(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    Ok(fs::write(path, text).map_err(failed)?)
}

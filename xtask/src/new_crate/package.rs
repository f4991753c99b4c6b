//! The files of a new crate.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use neo_client_codegen::Output;
use serde_json::Value;

use crate::new_crate::identity::CrateIdentity;
use crate::new_crate::library::{MOCK, library};
use crate::new_crate::manifest::{MARK, manifest};
use crate::new_crate::readme::readme;
use crate::new_crate::runtime::RuntimeDependency;
use crate::result::Result;

/// A crate, as the text of each of its files.
pub struct Package {
    pub identity: CrateIdentity,
    files: BTreeMap<String, String>,
}

impl Package {
    /// Assembles the crate that is generated from a document.
    pub fn new(
        identity: CrateIdentity,
        document: &Value,
        output: &Output,
        runtime: &RuntimeDependency,
    ) -> Result<Self> {
        let needed = &output.runtime_features.all;
        let mut files = BTreeMap::from(
            [
                ("Cargo.toml", manifest(&identity, runtime, needed)?),
                ("README.md", readme(&identity, document, output)),
                (
                    "openapi.json",
                    serde_json::to_string_pretty(document)? + "\n",
                ),
                ("ledger.txt", output.ledger.to_string()),
                ("public-api.txt", output.surface.join("\n") + "\n"),
                ("src/lib.rs", library(output)),
                ("src/mock.rs", MOCK.to_owned()),
            ]
            .map(|(path, text)| (path.to_owned(), text)),
        );
        for (path, text) in &output.files {
            files.insert(format!("src/generated/{path}"), text.clone());
        }
        if let Some(lock) = runtime.lock_file()? {
            files.insert("Cargo.lock".to_owned(), lock);
        }
        Ok(Self { identity, files })
    }

    /// Writes every file into an empty directory.
    pub fn write(&self, directory: &Path) -> Result<()> {
        for (path, text) in &self.files {
            let path = directory.join(path);
            let failed = |error| format!("cannot write {}: {error}", path.display());
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(failed)?;
            }
            fs::write(&path, text).map_err(failed)?;
        }
        Ok(())
    }
}

/// Fails if a directory holds files that `spec build` did not write.
pub fn check_replaceable(directory: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(format!("{}: {error}", directory.display()).into()),
    };
    let is_ours =
        fs::read_to_string(directory.join("Cargo.toml")).is_ok_and(|text| text.starts_with(MARK));
    if is_ours || entries.next().is_none() {
        return Ok(());
    }
    Err(format!(
        "{}: is not empty and was not written by spec build; name another directory",
        directory.display()
    )
    .into())
}

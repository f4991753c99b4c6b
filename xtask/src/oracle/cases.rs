//! The cases of the oracle: one committed pair of documents for each check that has an effect on
//! the Rust API.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use neo_client_codegen::Output;
use serde_json::Value;

use crate::diff::model::verdict::Bump;
use crate::result::Result;
use crate::rust_api::item::ApiItem;
use crate::rust_api::surface;
use crate::rust_api::witness::Witness;
use crate::workspace;

/// The prefix of pairs that are about the Rust API alone.
const RUST: &str = "rust.";

/// A pair of documents with the clients that are generated from them.
pub struct Case {
    /// The name of the pair's file.
    pub name: String,
    pub old: Option<Output>,
    pub new: Option<Output>,
    pub items: Vec<ApiItem>,
}

impl Case {
    /// Reads a pair and generates its clients.
    fn read(path: &Path) -> Result<Self> {
        let pair = workspace::read_json(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let side = |name: &str| pair.get(name).and_then(generate);
        let (old, new) = (side("base"), side("revision"));
        Ok(Self {
            items: surface::compare(old.as_ref(), new.as_ref()),
            name: name.into_owned(),
            old,
            new,
        })
    }

    /// Returns the name of the module that holds the client.
    pub fn module(&self) -> String {
        format!("pair_{}", self.name.replace(['.', '-'], "_"))
    }

    pub fn bump(&self) -> Bump {
        let bumps = self.items.iter().map(|item| item.bump);
        bumps.max().unwrap_or(Bump::None)
    }

    pub fn is_major(&self) -> bool {
        self.bump() == Bump::Major
    }

    /// Returns the functions that must stop compiling, each with the name of its item.
    pub fn witnesses(&self) -> impl Iterator<Item = (&str, &str)> {
        self.items.iter().filter_map(|item| match &item.witness {
            Some(Witness::Stops(code)) => Some((item.name.as_str(), code.as_str())),
            Some(Witness::Misleads(_)) | None => None,
        })
    }
}

/// Returns the cases of some checks, or of all: for each check the first pair with the largest
/// effect on the Rust API, and all pairs about the Rust API alone.
pub fn cases(pairs: &Path, checks: &[String]) -> Result<Vec<Case>> {
    let mut files: BTreeMap<String, BTreeSet<std::path::PathBuf>> = BTreeMap::new();
    for entry in fs::read_dir(pairs).map_err(|error| format!("{}: {error}", pairs.display()))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let key = match name.starts_with(RUST) {
            true => name.clone(),
            false => name.split('.').next().unwrap_or_default().into(),
        };
        if checks.is_empty() || checks.iter().any(|check| *check == key) {
            files.entry(key.into_owned()).or_default().insert(path);
        }
    }
    for check in checks {
        if !files.contains_key(check) {
            return Err(format!("{check}: there is no pair of this name in tests/pairs").into());
        }
    }
    eprintln!("generating the clients of {} pairs", files.len());
    let mut cases = Vec::new();
    for paths in files.into_values() {
        let mut best: Option<Case> = None;
        for path in paths {
            let case = Case::read(&path)?;
            let bump = case.bump();
            if best.as_ref().is_none_or(|best| bump > best.bump()) {
                best = Some(case);
            }
            if bump == Bump::Major {
                break;
            }
        }
        cases.extend(best.filter(|case| case.bump() >= Bump::Minor));
    }
    Ok(cases)
}

fn generate(document: &Value) -> Option<Output> {
    // A document without operations and schemas has no client.
    workspace::generate(document, None).ok()
}

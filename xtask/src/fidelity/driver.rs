//! A program with the types of one document: it decodes and encodes every line of its input.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use neo_client_codegen::Output;
use serde::Deserialize;
use serde_json::Value;

use crate::new_crate::identity::CrateIdentity;
use crate::new_crate::manifest::manifest;
use crate::new_crate::runtime::RuntimeDependency;
use crate::result::Result;

/// The program around its types.
const MAIN: &str = include_str!("driver.rs.txt");

/// The compiled program.
pub struct Driver {
    program: PathBuf,
}

/// The result for one instance.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trip {
    /// The value as encoded, and what `Debug` prints of the decoded value.
    Back(Value, String),
    /// The error of decoding.
    Error(String),
}

impl Driver {
    /// Writes and compiles the program for the types of a document.
    pub fn build(
        document: &Value,
        output: &Output,
        types: &BTreeMap<String, String>,
        folder: &Path,
        target: &Path,
    ) -> Result<Self> {
        let mut identity = CrateIdentity::of(document);
        identity.name = format!("fidelity-of-{}", identity.name);
        let runtime = RuntimeDependency::here();
        let arms: String = types
            .keys()
            .map(|name| format!("        {name:?} => trip::<types::{name}>(json),\n"))
            .collect();
        let needed = &output.runtime_features.all;
        let mut files = vec![
            ("Cargo.toml", manifest(&identity, &runtime, needed)?),
            ("src/main.rs", MAIN.replace("        // ARMS\n", &arms)),
        ];
        for (file, path) in [
            ("types.rs", "src/types.rs"),
            ("deserialize.rs", "src/deserialize.rs"),
            ("serialize.rs", "src/serialize.rs"),
        ] {
            let text = output.files.get(file).cloned().unwrap_or_default();
            files.push((path, text));
        }
        if let Some(lock) = runtime.lock_file()? {
            files.push(("Cargo.lock", lock));
        }
        fs::create_dir_all(folder.join("src"))?;
        for (path, text) in files {
            fs::write(folder.join(path), text)?;
        }
        let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--no-default-features"])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", std::path::absolute(target)?)
            .stdin(Stdio::null())
            .status()?;
        if !status.success() {
            return Err(format!("{}: the types do not compile", folder.display()).into());
        }
        let program = target.join("debug").join(&identity.name);
        Ok(Self { program })
    }

    /// Decodes and encodes each instance as a value of the type with this name.
    pub fn trips(&self, instances: &[(&str, Value)]) -> Result<Vec<Trip>> {
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut input = String::new();
        for (name, value) in instances {
            input.extend([name, "\t", &value.to_string(), "\n"]);
        }
        let mut stdin = child.stdin.take().ok_or("the program has no input")?;
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output()?;
        writer
            .join()
            .map_err(|_| "the instances could not be written")??;
        let text = String::from_utf8(output.stdout)?;
        let trips = text
            .lines()
            .map(serde_json::from_str)
            .collect::<std::result::Result<Vec<Trip>, _>>()?;
        if trips.len() != instances.len() {
            let missing = instances.get(trips.len()).map(|(name, _)| *name);
            return Err(format!("the program stopped at {}", missing.unwrap_or_default()).into());
        }
        Ok(trips)
    }
}

//! The manifests of the publishable crates.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::package::ORDER;
use crate::result::Result;

/// The manifest of the workspace.
pub struct Root {
    root: PathBuf,
    manifest: Table,
}

impl Root {
    pub fn read(root: &Path) -> Result<Self> {
        Ok(Self {
            root: root.to_owned(),
            manifest: fs::read_to_string(root.join("Cargo.toml"))?.parse()?,
        })
    }

    /// Returns the folder of a crate in the repository.
    pub fn folder(&self, name: &str) -> Result<String> {
        let dependency = self
            .dependencies()
            .and_then(|all| all.get(name)?.get("path"));
        let path = dependency.and_then(Value::as_str);
        Ok(path
            .ok_or_else(|| format!("{name}: no path in workspace.dependencies"))?
            .to_owned())
    }

    fn dependencies(&self) -> Option<&Table> {
        self.manifest
            .get("workspace")?
            .get("dependencies")?
            .as_table()
    }

    /// Returns the manifest of the workspace of the publishable crates.
    pub fn of_workspace(&self) -> Result<String> {
        let mut workspace = self
            .manifest
            .get("workspace")
            .cloned()
            .ok_or("no workspace")?;
        let table = workspace.as_table_mut().ok_or("workspace is not a table")?;
        let members = ORDER.map(Value::from).to_vec();
        table.insert("members".to_owned(), Value::Array(members));
        let dependencies = table.get_mut("dependencies").and_then(Value::as_table_mut);
        for (name, dependency) in dependencies.into_iter().flatten() {
            if let Some(path) = dependency.get_mut("path") {
                *path = Value::from(name.as_str());
            }
        }
        let manifest = Table::from_iter([("workspace".to_owned(), workspace)]);
        Ok(toml::to_string(&manifest)?)
    }

    /// Returns the manifest of a crate: without the parts that only the repository needs.
    pub fn of_package(&self, name: &str) -> Result<String> {
        let mut manifest: Table =
            fs::read_to_string(self.root.join(self.folder(name)?).join("Cargo.toml"))?.parse()?;
        if name == "neo-client" {
            for part in ["workspace", "build-dependencies", "bench"] {
                manifest.remove(part);
            }
        }
        if let Some(Value::Table(package)) = manifest.get_mut("package") {
            // The folder holds nothing else.
            package.remove("include");
            package.remove("exclude");
        }
        // Test helpers of the repository.
        if let Some(Value::Table(dependencies)) = manifest.get_mut("dev-dependencies") {
            dependencies.retain(|_, dependency| {
                let path = dependency.get("path").and_then(Value::as_str);
                path.is_none_or(|path| path == ".")
            });
        }
        Ok(toml::to_string(&manifest)?)
    }
}

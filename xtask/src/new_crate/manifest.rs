//! The manifest of a crate that `spec build` writes, derived from the project's own.

use std::{fs, path::Path};

use toml::Table;

use crate::result::Result;

/// The first line of the manifest, by which a crate of ours is known.
pub const MARK: &str =
    "# Written by `cargo xtask spec build`, which overwrites what is changed here.\n";

/// The project's manifest, from which that of the crate is derived.
pub struct Manifest {
    table: Table,
}

impl Manifest {
    pub fn read(project: &Path) -> Result<Self> {
        let path = project.join("Cargo.toml");
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self {
            table: text
                .parse()
                .map_err(|error| format!("{}: {error}", path.display()))?,
        })
    }

    pub fn name(&self) -> Result<&str> {
        let name = self
            .table
            .get("package")
            .and_then(|package| package.get("name"));
        Ok(name
            .and_then(toml::Value::as_str)
            .ok_or("Cargo.toml has no package.name")?)
    }

    fn workspace(&self, key: &str, name: &str) -> Option<&toml::Value> {
        self.table.get("workspace")?.get(key)?.get(name)
    }

    /// A manifest that stands alone, with the same dependencies and features.
    pub fn of(&self, name: &str, version: &str, title: &str) -> Result<String> {
        let mut own = Table::new();
        for (key, value) in [
            ("name", name.to_owned()),
            ("version", version.to_owned()),
            ("description", format!("Client for {}", in_one_line(title))),
        ] {
            own.insert(key.to_owned(), value.into());
        }
        own.insert("publish".to_owned(), false.into());
        for key in ["edition", "rust-version", "license"] {
            if let Some(value) = self.workspace("package", key) {
                own.insert(key.to_owned(), value.clone());
            }
        }
        let mut dependencies = Table::new();
        let all = self
            .table
            .get("dependencies")
            .and_then(toml::Value::as_table);
        for (name, value) in all.into_iter().flatten() {
            dependencies.insert(name.clone(), self.resolved(name, value)?);
        }
        // They are tests of the layer against its own API.
        let library =
            Table::from_iter(["test", "doctest"].map(|key| (key.to_owned(), false.into())));
        // The layer serves every document, and this one needs a part of it; the layer's fuzz targets are not copied.
        let moot = [
            "dead_code",
            "unexpected_cfgs",
            "unused_imports",
            "unused_macros",
        ];
        let lints = Table::from_iter(moot.map(|key| (key.to_owned(), "allow".into())));

        let mut manifest = Table::new();
        manifest.insert("package".to_owned(), own.into());
        manifest.insert("workspace".to_owned(), Table::new().into());
        manifest.insert("lib".to_owned(), library.into());
        manifest.insert(
            "lints".to_owned(),
            Table::from_iter([("rust".to_owned(), lints.into())]).into(),
        );
        if let Some(features) = self.table.get("features") {
            manifest.insert("features".to_owned(), features.clone());
        }
        manifest.insert("dependencies".to_owned(), dependencies.into());
        Ok(MARK.to_owned() + &toml::to_string(&manifest)?)
    }

    /// A dependency without `workspace = true`.
    fn resolved(&self, name: &str, value: &toml::Value) -> Result<toml::Value> {
        let Some(own) = value.as_table().filter(|own| own.contains_key("workspace")) else {
            return Ok(value.clone());
        };
        let shared = self
            .workspace("dependencies", name)
            .ok_or_else(|| format!("the workspace has no dependency {name}"))?;
        let mut resolved = match shared {
            toml::Value::Table(shared) => shared.clone(),
            version => Table::from_iter([("version".to_owned(), version.clone())]),
        };
        for (key, value) in own.iter().filter(|(key, _)| *key != "workspace") {
            let mut value = value.clone();
            if let (toml::Value::Array(own), Some(toml::Value::Array(shared))) =
                (&mut value, resolved.get(key))
            {
                own.extend(shared.clone());
            }
            resolved.insert(key.clone(), value);
        }
        Ok(resolved.into())
    }
}

pub fn in_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(['`', '<', '>', '[', ']'], "")
}

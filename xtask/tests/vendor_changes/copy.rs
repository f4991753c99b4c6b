//! A copy of the repository, with a target folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

pub struct Copy {
    root: PathBuf,
}

fn repository() -> PathBuf {
    fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap()
}

impl Copy {
    /// Copies the files that git knows, without the test documents of other vendors.
    pub fn create(name: &str) -> Self {
        let root = repository().join("target/vendor-changes").join(name);
        let copy = Self { root };
        if copy.root.exists() {
            fs::remove_dir_all(&copy.root).unwrap();
        }
        copy.restored()
    }

    /// Writes all files anew. Unchanged ones keep their time, so that cargo does not compile them.
    pub fn restored(&self) -> Self {
        let list = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(repository())
            .output()
            .unwrap();
        for file in String::from_utf8(list.stdout).unwrap().lines() {
            let (from, into) = (repository().join(file), self.root.join(file));
            if file.starts_with("codegen/tests/samples/") || !from.is_file() {
                continue;
            }
            let bytes = fs::read(&from).unwrap();
            if fs::read(&into).is_ok_and(|present| present == bytes) {
                continue;
            }
            fs::create_dir_all(into.parent().unwrap()).unwrap();
            fs::write(&into, bytes).unwrap();
        }
        Self {
            root: self.root.clone(),
        }
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap()
    }

    pub fn document(&self) -> Value {
        serde_json::from_str(&self.read("openapi.json")).unwrap()
    }

    /// Refreshes from a document, and returns the report.
    pub fn refresh(&self, document: &Value) -> String {
        let output = self
            .xtask("refresh", document)
            .arg("--allow-breaking")
            .output()
            .unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Returns the exit code of `spec check`.
    pub fn check(&self, document: &Value) -> Option<i32> {
        self.xtask("check", document)
            .output()
            .unwrap()
            .status
            .code()
    }

    fn xtask(&self, command: &str, document: &Value) -> Command {
        let file = self.root.join("vendor.json");
        fs::write(&file, document.to_string()).unwrap();
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask
            .arg("--root")
            .arg(&self.root)
            .args(["spec", command, "--from"])
            .arg(Path::new(&file));
        xtask
    }

    /// Compiles the crate and its generated tests. Returns the errors of the compiler.
    pub fn compile(&self) -> Result<(), String> {
        let output = Command::new(env!("CARGO"))
            .args([
                "check",
                "--offline",
                "-p",
                "neo-client",
                "--all-features",
                "--lib",
            ])
            .args(["--test", "operations"])
            .current_dir(&self.root)
            .env(
                "CARGO_TARGET_DIR",
                repository().join("target/vendor-changes/target"),
            )
            .output()
            .unwrap();
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8(output.stderr).unwrap()),
        }
    }
}

//! A document to compare: a file, or a file of a git revision.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::result::Result;
use crate::workspace;

/// A document with its text.
pub struct Revision {
    /// The name in reports: the argument.
    pub path: String,
    pub document: Value,
    pub text: String,
}

impl Revision {
    /// Reads an OpenAPI 3.x document from a file, or from git if the name is `REVISION:PATH` and no
    /// such file exists.
    pub fn read(name: &str) -> Result<Self> {
        let path = Path::new(name);
        let text = match name.split_once(':') {
            Some((revision, _)) if !revision.is_empty() && !path.exists() => {
                git(Path::new("."), &["show", name])
                    .map_err(|error| format!("{name}: {}", error.to_string().trim()))?
            }
            _ => workspace::read_text(path)?,
        };
        let document = workspace::parse_json(path, &text)?;
        let is_openapi = document
            .get("openapi")
            .and_then(Value::as_str)
            .is_some_and(|version| version.starts_with("3."));
        if !is_openapi {
            return Err(format!("{name}: is not an OpenAPI 3.x document").into());
        }
        Ok(Self {
            path: name.to_owned(),
            document,
            text,
        })
    }
}

/// Returns the output of a git command in a directory.
pub fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .output()?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
    }
}

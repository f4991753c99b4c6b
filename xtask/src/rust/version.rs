//! Whether the crate's version has moved as far as the changes since its release ask.

use std::path::Path;
use std::process::Command;

use neo_client_codegen::Output;
use semver::Version;
use serde_json::Value;

use super::{Bump, of_outputs};
use crate::{Result, project};

/// The version that the changes since the last release ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The tag of the last release; without one nothing is promised yet.
    pub released: Option<String>,
    pub present: Version,
    /// The least version that will do.
    pub needed: Version,
    pub bump: Bump,
}

impl Advice {
    pub fn is_enough(&self) -> bool {
        self.present >= self.needed
    }

    /// One sentence.
    pub fn sentence(&self) -> String {
        let (present, needed) = (&self.present, &self.needed);
        let bump = self.bump.as_str();
        match &self.released {
            None => format!("no release is tagged yet, so {present} may hold a {bump} change"),
            Some(tag) if self.is_enough() => {
                format!("a {bump} change since {tag} needs {needed}, and Cargo.toml has {present}")
            }
            Some(tag) => format!(
                "a {bump} change since {tag} needs {needed}, but Cargo.toml has {present}: move it"
            ),
        }
    }
}

/// What the version must be once `document` has been taken over, of which `output` was generated.
pub fn advise(root: &Path, output: &Output, since_vendored: Bump) -> Option<Advice> {
    let present = present(root).ok()?;
    let Some((tag, released)) = last_release(root) else {
        return Some(Advice {
            released: None,
            needed: present.clone(),
            present,
            bump: since_vendored,
        });
    };
    let bump = match at_release(root, &tag) {
        Ok(old) => of_outputs(&old, output)
            .items
            .iter()
            .map(super::Item::bump)
            .max()
            .unwrap_or(since_vendored.min(Bump::Patch)),
        Err(_) => since_vendored,
    };
    Some(Advice {
        released: Some(tag),
        needed: next(&released, bump),
        present,
        bump,
    })
}

/// Before 1.0.0 the minor number is what users hold on to.
pub fn next(version: &Version, bump: Bump) -> Version {
    let Version {
        major,
        minor,
        patch,
        ..
    } = *version;
    match (bump, major) {
        (Bump::None, _) => version.clone(),
        (Bump::Major, 1..) => Version::new(major + 1, 0, 0),
        (Bump::Major, 0) | (Bump::Minor, 1..) => Version::new(major, minor + 1, 0),
        (Bump::Minor, 0) | (Bump::Patch, _) => Version::new(major, minor, patch + 1),
    }
}

fn present(root: &Path) -> Result<Version> {
    let manifest: toml::Table = std::fs::read_to_string(root.join("Cargo.toml"))?.parse()?;
    let version = |table: Option<&toml::Value>| {
        let version = table?.get("version")?.as_str()?;
        Version::parse(version).ok()
    };
    let workspace = manifest.get("workspace").and_then(|it| it.get("package"));
    version(manifest.get("package"))
        .or_else(|| version(workspace))
        .ok_or_else(|| "Cargo.toml has no version".into())
}

fn last_release(root: &Path) -> Option<(String, Version)> {
    let tags = git(root, &["tag", "--list", "v*", "--merged", "HEAD"]).ok()?;
    tags.lines()
        .filter_map(|tag| Some((tag.to_owned(), Version::parse(tag.strip_prefix('v')?).ok()?)))
        .max_by(|a, b| a.1.cmp(&b.1))
}

/// The document of a release, generated as it would be now.
fn at_release(root: &Path, tag: &str) -> Result<Output> {
    let read = |file: &str| -> Result<Value> {
        Ok(neo_client_codegen::read(&git(
            root,
            &["show", &format!("{tag}:./{file}")],
        )?)?)
    };
    project::generate(&read("openapi.json")?, Some(&read("overlay.json")?))
}

fn git(root: &Path, arguments: &[&str]) -> Result<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_move_as_cargo_understands_them() {
        for (from, bump, to) in [
            ("0.1.2", Bump::Major, "0.2.0"),
            ("0.1.2", Bump::Minor, "0.1.3"),
            ("1.4.2", Bump::Major, "2.0.0"),
            ("1.4.2", Bump::Minor, "1.5.0"),
            ("1.4.2", Bump::Patch, "1.4.3"),
            ("1.4.2", Bump::None, "1.4.2"),
        ] {
            assert_eq!(next(&Version::parse(from).unwrap(), bump).to_string(), to);
        }
    }
}

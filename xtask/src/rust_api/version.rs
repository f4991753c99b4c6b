//! Checks the crate's version against the changes since its last release.

use std::path::Path;

use neo_client_codegen::Output;
use semver::Version;
use serde_json::Value;

use crate::diff::model::verdict::Bump;
use crate::document::revision::git;
use crate::result::Result;
use crate::rust_api::surface;
use crate::workspace;

/// The version that the changes since the last release need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionAdvice {
    /// The tag of the last release, if there is one.
    pub released: Option<String>,
    pub present: Version,
    /// The least sufficient version.
    pub needed: Version,
    pub bump: Bump,
}

impl VersionAdvice {
    pub fn is_enough(&self) -> bool {
        self.present >= self.needed
    }

    /// Returns the advice as a sentence.
    pub fn sentence(&self) -> String {
        let (present, needed) = (&self.present, &self.needed);
        let bump = self.bump.as_str();
        match &self.released {
            None => format!("no release is tagged yet, so {present} may contain any change"),
            Some(tag) if self.is_enough() => {
                format!("a {bump} change since {tag} needs {needed}, and Cargo.toml has {present}")
            }
            Some(tag) => format!(
                "a {bump} change since {tag} needs {needed}, but Cargo.toml has {present}: raise it"
            ),
        }
    }
}

/// Returns the version that the crate needs once it is generated as `output`.
pub fn advise(root: &Path, output: &Output, since_vendored: Bump) -> Option<VersionAdvice> {
    let present = present(root).ok()?;
    let Some((tag, released)) = last_release(root) else {
        return Some(VersionAdvice {
            released: None,
            needed: present.clone(),
            present,
            bump: since_vendored,
        });
    };
    let bump = match at_release(root, &tag) {
        Ok(old) => surface::compare(Some(&old), Some(output))
            .iter()
            .map(|item| item.bump)
            .max()
            .unwrap_or(since_vendored.min(Bump::Patch)),
        Err(_) => since_vendored,
    };
    Some(VersionAdvice {
        released: Some(tag),
        needed: next(&released, bump),
        present,
        bump,
    })
}

/// Returns the next version. Before 1.0.0, the minor number marks breaking changes.
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

/// Generates the client from the document of a release.
fn at_release(root: &Path, tag: &str) -> Result<Output> {
    let read = |file: &str| -> Result<Value> {
        Ok(neo_client_codegen::read(&git(
            root,
            &["show", &format!("{tag}:./{file}")],
        )?)?)
    };
    workspace::generate(&read("openapi.json")?, Some(&read("overlay.json")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_version_follows_cargo_semver() {
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

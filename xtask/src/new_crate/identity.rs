//! The name, version, title and description of a new crate, from the `info` of the document.

use serde_json::Value;

/// The identity of a new crate.
pub struct CrateIdentity {
    /// The package name, such as `museum-api-client`.
    pub name: String,
    pub version: String,
    /// The title of the API, on one line and without Markdown.
    pub title: String,
    /// The version of the API as the document spells it.
    pub api_version: String,
}

impl CrateIdentity {
    pub fn of(document: &Value) -> Self {
        let info = |key: &str| document.get("info").and_then(|info| info.get(key));
        let title = info("title").and_then(Value::as_str).unwrap_or("API");
        let api_version = match info("version") {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        Self {
            name: package_name(title),
            version: package_version(&api_version),
            title: plain_line(title),
            api_version: plain_line(&api_version),
        }
    }

    /// Returns the name of the crate in code.
    pub fn identifier(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// Makes a package name of the words of a title: `Museum API!` becomes `museum-api-client`.
fn package_name(title: &str) -> String {
    let mut name = String::new();
    for character in title.chars().take(48) {
        if character.is_ascii_alphanumeric() {
            name.push(character.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_matches('-');
    let name = name
        .strip_suffix("client")
        .unwrap_or(name)
        .trim_end_matches('-');
    match name.chars().next() {
        None => "api-client".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{name}-client"),
        Some(_) => format!("{name}-client"),
    }
}

/// Makes a version for Cargo of the first numbers of a text: `v2`, `1.0`, `2024-01-31`.
fn package_version(text: &str) -> String {
    if let Ok(version) = semver::Version::parse(text.trim_start_matches('v')) {
        return version.to_string();
    }
    let numbers: Vec<u64> = text
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .take(3)
        .collect();
    match *numbers.as_slice() {
        [major, minor, patch] => format!("{major}.{minor}.{patch}"),
        [major, minor] => format!("{major}.{minor}.0"),
        [major] => format!("{major}.0.0"),
        _ => "0.1.0".to_owned(),
    }
}

/// Joins the lines of a text and removes the characters that Markdown or HTML would interpret.
pub fn plain_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .replace(['`', '<', '>', '[', ']', '|', '*', '_', '#', '\\'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_name_is_valid_for_cargo() {
        for (title, expected) in [
            ("Redocly Museum API", "redocly-museum-api-client"),
            ("fn", "fn-client"),
            ("  Ünï -- Client ", "n-client"),
            ("3D", "api-3d-client"),
            ("💥", "api-client"),
            ("", "api-client"),
        ] {
            assert_eq!(package_name(title), expected, "{title}");
        }
        assert!(package_name(&"a".repeat(1000)).len() < 64);
    }

    #[test]
    fn package_version_has_three_numbers() {
        for (text, expected) in [
            ("1.2.3-rc.1", "1.2.3-rc.1"),
            ("v2", "2.0.0"),
            ("1.0", "1.0.0"),
            ("2024-01-31", "2024.1.31"),
            ("latest", "0.1.0"),
            ("99999999999999999999999", "0.1.0"),
        ] {
            assert_eq!(package_version(text), expected, "{text}");
        }
    }
}

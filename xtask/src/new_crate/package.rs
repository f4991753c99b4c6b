//! The crate that `spec build` writes: the hand-written layer, and beside it what was generated.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use neo_client_codegen::Output;
use serde_json::Value;

use crate::new_crate::manifest::{MARK, Manifest, in_one_line};
use crate::result::Result;

/// Where a document names no server: a name that never resolves (RFC 6761).
const NO_SERVER: &str = "https://api.invalid";

/// A crate, as the text of each of its files.
pub struct Package {
    pub name: String,
    pub version: String,
    files: BTreeMap<PathBuf, String>,
}

impl Package {
    /// Puts the crate together from the layer in `project` and what was generated from `document`.
    pub fn new(project: &Path, document: &Value, output: &Output) -> Result<Self> {
        let manifest = Manifest::read(project)?;
        let info = |key: &str| document.get("info").and_then(|info| info.get(key));
        let title = info("title").and_then(Value::as_str).unwrap_or("API");
        let name = name(title);
        let version = info("version").map_or_else(
            || version(""),
            |value| match value {
                Value::String(text) => version(text),
                other => version(&other.to_string()),
            },
        );
        let mut package = Self {
            files: BTreeMap::new(),
            name,
            version,
        };
        let renames = package.renames(&manifest, project, document)?;
        package.copy(&project.join("src"), Path::new("src"), &renames)?;
        package.add(
            "Cargo.toml",
            manifest.of(&package.name, &package.version, title)?,
        );
        for file in ["Cargo.lock", "LICENSE"] {
            let path = project.join(file);
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            package.add(file, text);
        }
        package.add("README.md", package.readme(title, output));
        package.add(
            "openapi.json",
            serde_json::to_string_pretty(document)? + "\n",
        );
        package.add("ledger.txt", output.ledger.to_string());
        package.add("public-api.txt", output.surface.join("\n") + "\n");
        package.files.remove(Path::new("src/generated.rs"));
        for (path, text) in &output.files {
            package.add(&format!("src/generated/{path}"), text.clone());
        }
        Ok(package)
    }

    fn add(&mut self, path: &str, text: String) {
        self.files.insert(PathBuf::from(path), text);
    }

    /// The crate as other code names it.
    fn identifier(&self) -> String {
        self.name.replace('-', "_")
    }

    /// What the layer says of its own API, and what is said instead: its names, the variables it reads credentials from,
    /// and the server that it would send them to.
    fn renames(
        &self,
        manifest: &Manifest,
        project: &Path,
        document: &Value,
    ) -> Result<Vec<(String, String)>> {
        let prefix = |identifier: &str| {
            let words = identifier.trim_end_matches("_client");
            format!("{}_", words.to_uppercase())
        };
        let old = manifest.name()?.to_owned();
        let identifier = old.replace('-', "_");
        Ok(vec![
            (production(project)?, server(document)),
            (prefix(&identifier), prefix(&self.identifier())),
            (identifier, self.identifier()),
            (old, self.name.clone()),
        ])
    }

    fn copy(&mut self, from: &Path, to: &Path, renames: &[(String, String)]) -> Result<()> {
        let failed = |error| format!("{}: {error}", from.display());
        for entry in fs::read_dir(from).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if from.is_dir() {
                self.copy(&from, &to, renames)?;
            } else {
                let text = fs::read_to_string(&from)
                    .map_err(|error| format!("{}: {error}", from.display()))?;
                self.files.insert(to, renamed(&text, renames));
            }
        }
        Ok(())
    }

    fn readme(&self, title: &str, output: &Output) -> String {
        let title = in_one_line(title);
        let (name, identifier) = (&self.name, self.identifier());
        let counts = output.counts;
        format!(
            "# {name}\n\n\
             A Rust client for {title}, generated from its OpenAPI document.\n\n\
             ```rust,ignore\n\
             let client = {identifier}::Client::builder().bearer_token(token).build()?;\n\
             ```\n\n\
             `OPERATIONS` lists what it can call: {} of {} operations. `public-api.txt` has a line for each public item, and\n\
             `ledger.txt` one for each place where the types say less than `openapi.json`.\n\n\
             All but `src/generated.rs` is the layer of another API's client: how credentials look and how errors are told\n\
             apart is as that API has it. See `src/credentials.rs` and `src/api_error.rs`.\n",
            counts.generated, counts.operations,
        )
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

/// Says why a directory must not be replaced, if it must not.
pub fn check_replaceable(directory: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
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

/// A package name of a title's words: `Museum API!` gives `museum-api-client`.
fn name(title: &str) -> String {
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

/// A version that Cargo takes, made of the first numbers of the document's: `v2`, `1.0`, `2024-01-31`.
fn version(text: &str) -> String {
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

/// The server that the layer sends to, as its source has it: what is written here must be in it, and be replaced.
fn production(project: &Path) -> Result<String> {
    const DECLARATION: &str = "const PRODUCTION: &str = \"";
    let path = project.join("src/base_url.rs");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let url = text
        .split_once(DECLARATION)
        .and_then(|(_, rest)| rest.split_once('"'))
        .ok_or_else(|| format!("{}: has no `{DECLARATION}`", path.display()))?;
    Ok(url.0.to_owned())
}

/// A text with each of the first replaced by its second, whatever the second hold.
fn renamed(text: &str, renames: &[(String, String)]) -> String {
    let (mut done, mut rest) = (String::with_capacity(text.len()), text);
    loop {
        // Of two at one place, the one that comes first in the list.
        let next = renames
            .iter()
            .filter_map(|(old, new)| Some((rest.find(old.as_str())?, old, new)))
            .min_by_key(|(at, ..)| *at);
        let Some((at, old, new)) = next else {
            return done + rest;
        };
        let (before, found) = rest.split_at(at);
        done.push_str(before);
        done.push_str(new);
        rest = found.get(old.len()..).unwrap_or_default();
    }
}

/// The first server that a document names by a whole URL, with the defaults of its variables.
fn server(document: &Value) -> String {
    let servers = document.get("servers").and_then(Value::as_array);
    let urls = servers.into_iter().flatten().filter_map(|server| {
        let mut url = server.get("url")?.as_str()?.to_owned();
        let variables = server.get("variables").and_then(Value::as_object);
        for (name, variable) in variables.into_iter().flatten() {
            if let Some(default) = variable.get("default").and_then(Value::as_str) {
                url = url.replace(&format!("{{{name}}}"), default);
            }
        }
        let parsed = reqwest::Url::parse(&url).ok()?;
        // What is written into the source is what was parsed: the parser passes over the ends of lines.
        let text = parsed.as_str();
        let is_usable = matches!(parsed.scheme(), "https" | "http")
            && !url.contains('{')
            && !text.contains(['"', '\\', '`']);
        is_usable.then(|| text.trim_end_matches('/').to_owned())
    });
    urls.into_iter()
        .next()
        .unwrap_or_else(|| NO_SERVER.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
            assert_eq!(name(title), expected, "{title}");
        }
        assert!(name(&"a".repeat(1000)).len() < 64);
    }

    #[test]
    fn what_is_put_in_is_not_replaced_again() {
        let renames = [
            ("https://a", "https://neo"),
            ("neo-client", "x"),
            ("neo", "cat"),
        ]
        .map(|(old, new)| (old.to_owned(), new.to_owned()));
        assert_eq!(
            renamed("neo neo-client https://a/neo", &renames),
            "cat x https://neo/cat"
        );
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert!(production(&project).unwrap().starts_with("https://"));
    }

    #[test]
    fn a_server_is_written_as_it_was_parsed() {
        for (url, expected) in [
            ("https://cats.example/v1/", "https://cats.example/v1"),
            (
                "https://cats.example/x\nconst A: u8 = 1;//",
                "https://cats.example/xconst%20A:%20u8%20=%201;",
            ),
            ("https://cats.example/\"x", "https://cats.example/%22x"),
            ("https://cats.example/{x}", NO_SERVER),
            ("/v1", NO_SERVER),
        ] {
            let document = json!({ "servers": [{ "url": url }] });
            assert_eq!(server(&document), expected);
        }
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
            assert_eq!(version(text), expected, "{text}");
        }
    }

    #[test]
    fn requests_go_to_the_documents_own_server() {
        let of = |servers: Value| server(&json!({ "servers": servers }));
        assert_eq!(
            of(json!([{ "url": "/v1" }, { "url": "https://a.example/v1/" }])),
            "https://a.example/v1"
        );
        let variable =
            json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "eu" } } }]);
        assert_eq!(of(variable), "https://eu.example");
        for servers in [
            json!([]),
            json!(null),
            json!([{ "url": "https://{gone}.example" }]),
            json!([{ "url": "ftp://x" }]),
        ] {
            assert_eq!(of(servers), NO_SERVER);
        }
    }
}

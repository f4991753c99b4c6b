//! The manifest of a new crate.

use toml::{Table, Value};

use crate::new_crate::identity::CrateIdentity;
use crate::new_crate::runtime::RuntimeDependency;
use crate::result::Result;

/// The first line of a manifest that `spec build` wrote.
pub const MARK: &str = "# Written by `cargo xtask spec build`, which overwrites changes.\n";

const RUNTIME: &str = "neo-client-runtime";

/// The crates that generated code names, besides the runtime. Code that is generic over the generated
/// types also needs serde. The workspace's manifest has the same entries.
const DEPENDENCIES: &str = r#"
chrono = { version = "0.4", default-features = false, features = ["now", "serde"] }
reqwest = { version = "0.13", default-features = false }
schemars = { version = "1", features = ["chrono04", "uuid1"], optional = true }
serde = "1"
serde_json = "1"
uuid = { version = "1", features = ["serde", "v4"] }
"#;

/// Features of the runtime that a new crate passes on.
const FEATURES: [&str; 9] = [
    "rustls",
    "rustls-no-provider",
    "native-tls",
    "charset",
    "gzip",
    "brotli",
    "zstd",
    "opentelemetry",
    "mock",
];

/// Features of the runtime that the code of a new crate needs.
const RUNTIME_FEATURES: [&str; 5] = ["chrono", "uuid", "event-streams", "poll", "multipart"];

/// Returns the text of the manifest.
pub fn manifest(identity: &CrateIdentity, runtime: &RuntimeDependency) -> Result<String> {
    let mut package = Table::new();
    for (key, value) in [
        ("name", identity.name.clone()),
        ("version", identity.version.clone()),
        ("description", format!("Client for {}", identity.title)),
        ("edition", "2024".to_owned()),
        ("rust-version", "1.88".to_owned()),
    ] {
        package.insert(key.to_owned(), value.into());
    }
    package.insert("publish".to_owned(), false.into());

    let mut features = Table::new();
    features.insert("default".to_owned(), vec!["rustls"].into());
    for feature in FEATURES {
        let enables = format!("{RUNTIME}/{feature}");
        features.insert(feature.to_owned(), vec![enables].into());
    }
    let schemars = vec!["dep:schemars".to_owned(), format!("{RUNTIME}/schemars")];
    features.insert("schemars".to_owned(), schemars.into());

    let mut dependency = Table::new();
    match runtime {
        RuntimeDependency::Path(path) => {
            let path = path
                .to_str()
                .ok_or("the path of the runtime is not UTF-8")?;
            dependency.insert("path".to_owned(), path.into());
        }
        RuntimeDependency::Version(version) => {
            dependency.insert("version".to_owned(), version.clone().into());
        }
    }
    dependency.insert("default-features".to_owned(), false.into());
    dependency.insert("features".to_owned(), RUNTIME_FEATURES.to_vec().into());
    let mut dependencies: Table = DEPENDENCIES.parse()?;
    dependencies.insert(RUNTIME.to_owned(), dependency.into());

    // README.md has an example that awaits a call.
    let mut for_doctests = Table::new();
    let tokio = Table::from_iter([
        ("version".to_owned(), Value::from("1")),
        ("features".to_owned(), vec!["macros", "rt"].into()),
    ]);
    for_doctests.insert("tokio".to_owned(), tokio.into());

    let mut manifest = Table::new();
    for (key, table) in [
        ("package", package),
        // The crate is not part of a workspace around its directory.
        ("workspace", Table::new()),
        ("features", features),
        ("dependencies", dependencies),
        ("dev-dependencies", for_doctests),
    ] {
        manifest.insert(key.to_owned(), table.into());
    }
    Ok(MARK.to_owned() + &toml::to_string(&manifest)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn dependencies_equal_those_of_the_workspace() {
        let text = std::fs::read_to_string(workspace::root().join("Cargo.toml")).unwrap();
        let root: Table = text.parse().unwrap();
        let shared = &root["workspace"]["dependencies"];
        let own: Table = DEPENDENCIES.parse().unwrap();
        for (name, entry) in root["dependencies"].as_table().unwrap() {
            let is_shared = entry.get("workspace").is_some();
            let expected = if is_shared { &shared[name] } else { entry };
            if name != RUNTIME {
                assert_eq!(own.get(name), Some(expected), "{name}");
            }
        }
    }
}

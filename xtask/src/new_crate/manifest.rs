//! The manifest of a new crate.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::new_crate::identity::CrateIdentity;
use crate::new_crate::runtime::RuntimeDependency;
use crate::result::Result;

/// The first line of a manifest that `spec build` wrote.
pub const MARK: &str = "# Written by `cargo xtask spec build`, which overwrites changes.\n";

const RUNTIME: &str = "neo-client-runtime";

/// The crates that generated code names, besides the runtime. Code that is generic over the
/// generated types also needs serde. The workspace's manifest has the same entries.
const DEPENDENCIES: &str = r#"
reqwest = { version = "0.13", default-features = false }
schemars = { version = "1", optional = true }
serde = "1"
serde_json = "1"
"#;

/// The crates that generated code names if it needs the feature of this name. They are optional in
/// the workspace's manifest.
const DEPENDENCIES_BY_FEATURE: &str = r#"
chrono = { version = "0.4", default-features = false, features = ["now", "serde"] }
uuid = { version = "1", features = ["serde", "v4"] }
"#;

/// Features of the runtime that a new crate passes on.
const FEATURES: [&str; 15] = [
    "rustls",
    "rustls-no-provider",
    "native-tls",
    "charset",
    "gzip",
    "brotli",
    "zstd",
    "opentelemetry",
    "mock",
    "chrono",
    "downloads",
    "event-streams",
    "multipart",
    "poll",
    "uuid",
];

/// The defaults of a new crate. The subjects of the runtime are for paths that the document lacks.
const DEFAULT: [&str; 5] = ["rustls", "downloads", "event-streams", "multipart", "poll"];

/// Returns the text of the manifest. The crate always has the features `needed` of the runtime, and
/// the crates that these name; its users can enable the other features.
pub fn manifest(
    identity: &CrateIdentity,
    runtime: &RuntimeDependency,
    needed: &BTreeSet<&str>,
) -> Result<String> {
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
    features.insert("default".to_owned(), DEFAULT.to_vec().into());
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
    if !needed.is_empty() {
        let needed: Vec<&str> = needed.iter().copied().collect();
        dependency.insert("features".to_owned(), needed.into());
    }
    let mut dependencies: Table = DEPENDENCIES.parse()?;
    let by_feature: Table = DEPENDENCIES_BY_FEATURE.parse()?;
    let by_feature = by_feature.into_iter();
    dependencies.extend(by_feature.filter(|(name, _)| needed.contains(name.as_str())));
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

    fn of_workspace() -> Table {
        let text = std::fs::read_to_string(workspace::root().join("Cargo.toml")).unwrap();
        text.parse().unwrap()
    }

    #[test]
    fn dependencies_equal_those_of_the_workspace() {
        let root = of_workspace();
        let shared = &root["workspace"]["dependencies"];
        let own: Table = DEPENDENCIES.parse().unwrap();
        let by_feature: Table = DEPENDENCIES_BY_FEATURE.parse().unwrap();
        for (name, entry) in root["dependencies"].as_table().unwrap() {
            let is_shared = entry.get("workspace").is_some();
            let mut expected = if is_shared { &shared[name] } else { entry }.clone();
            if by_feature.contains_key(name) {
                let optional = expected.as_table_mut().unwrap().remove("optional");
                assert_eq!(optional, Some(true.into()), "{name}");
            }
            if name != RUNTIME {
                let found = own.get(name).or(by_feature.get(name));
                assert_eq!(found, Some(&expected), "{name}");
            }
        }
    }

    #[test]
    fn features_equal_those_of_the_workspace() {
        let root = of_workspace();
        for feature in FEATURES {
            let enabled = root["features"][feature].as_array().unwrap();
            let passed_on = format!("{RUNTIME}/{feature}").into();
            assert!(enabled.contains(&passed_on), "{feature}");
        }
        assert!(DEFAULT.iter().all(|it| FEATURES.contains(it)));
    }

    #[test]
    fn crate_depends_on_what_its_code_needs() {
        let identity = CrateIdentity::of(&serde_json::json!({ "info": { "title": "Cats" } }));
        let runtime = RuntimeDependency::Version("0.1".to_owned());
        let made = |needed: &[&str]| -> Table {
            let needed = needed.iter().copied().collect();
            let text = manifest(&identity, &runtime, &needed).unwrap();
            text.parse().unwrap()
        };
        let without = made(&[]);
        let all = without["dependencies"].as_table().unwrap();
        let names: BTreeSet<&str> = all.keys().map(String::as_str).collect();
        let expected = [RUNTIME, "reqwest", "schemars", "serde", "serde_json"];
        assert_eq!(names, expected.into());
        assert!(all[RUNTIME].get("features").is_none());
        let with = made(&["multipart", "uuid"]);
        let all = with["dependencies"].as_table().unwrap();
        assert!(all.contains_key("uuid") && !all.contains_key("chrono"));
        let features = all[RUNTIME]["features"].as_array();
        assert_eq!(features, Some(&vec!["multipart".into(), "uuid".into()]));
    }
}

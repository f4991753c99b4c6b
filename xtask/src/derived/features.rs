//! The Cargo features of the tags, in Cargo.toml.

use std::collections::{BTreeMap, BTreeSet};

use neo_client_codegen::Output;
use serde::Deserialize;
use toml::Table;

use crate::result::Result;

/// The lines around the features.
const BEGIN: &str = "# Tags: begin. Written by `cargo xtask spec refresh`.\n";
const END: &str = "# Tags: end.\n";

/// Features that hand-written code needs, by the feature of the tag.
type ByHand = BTreeMap<String, BTreeSet<String>>;

/// Returns the manifest with a feature for each tag, or `None` if it has no place for them.
///
/// # Errors
///
/// Fails if the manifest is not TOML, or if `package.metadata.tag-features` names something else
/// than features.
pub fn edited(text: &str, output: &Output) -> Result<Option<String>> {
    let Some((before, after)) = around(text) else {
        return Ok(None);
    };
    let by_hand = by_hand(before, after)?;
    let features = features(output, &by_hand);
    Ok(Some(format!("{before}{BEGIN}{features}{END}{after}")))
}

/// Returns a finding for each feature in `package.metadata.tag-features` that is not of a tag: the
/// vendor may have removed the tag.
///
/// # Errors
///
/// Fails as [`edited`] does.
pub fn findings(text: &str, output: &Output) -> Result<Vec<String>> {
    let Some((before, after)) = around(text) else {
        return Ok(Vec::new());
    };
    let of_tags: BTreeSet<&String> = output.features.values().collect();
    let named = by_hand(before, after)?.into_keys();
    let without_tag = named.filter(|feature| !of_tags.contains(feature));
    let finding = |feature| {
        format!(
            "Cargo.toml: package.metadata.tag-features: no tag has the feature `{feature}`; \
             remove it with its hand-written code"
        )
    };
    Ok(without_tag.map(finding).collect())
}

/// Returns the text before the features of tags, and the text behind them.
fn around(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some((before, after))
}

/// Returns the features that hand-written code needs: the table `package.metadata.tag-features`.
fn by_hand(before: &str, after: &str) -> Result<ByHand> {
    let manifest = toml::from_str(&format!("{before}{after}"));
    let manifest: Manifest =
        manifest.map_err(|error| format!("Cargo.toml: {}", error.message()))?;
    let by_hand = manifest.package.metadata.tag_features;
    for (tag, needed) in &by_hand {
        let is_feature = |name: &&String| manifest.features.contains_key(*name);
        if let Some(unknown) = needed.iter().find(|name| !is_feature(name)) {
            return Err(format!(
                "Cargo.toml: package.metadata.tag-features: `{tag}` needs `{unknown}`, which is \
                 not a feature"
            )
            .into());
        }
    }
    Ok(by_hand)
}

/// The entries of a manifest that count here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    package: Package,
    features: Table,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Package {
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Metadata {
    tag_features: ByHand,
}

fn features(output: &Output, by_hand: &ByHand) -> String {
    let by_tag = &output.runtime_features.by_tag;
    // Types that no operation needs are compiled with all tags.
    let mut all = output.runtime_features.all.clone();
    all.retain(|needed| !by_tag.values().any(|of_tag| of_tag.contains(needed)));
    let mut text = "all-tags = [\n".to_owned();
    for feature in output.features.values().map(String::as_str).chain(all) {
        text += &format!("    \"{feature}\",\n");
    }
    text += "]\n";
    for feature in output.features.values() {
        let by_hand = by_hand.get(feature).into_iter().flatten();
        let mut needed: BTreeSet<&str> = by_hand.map(String::as_str).collect();
        needed.extend(by_tag.get(feature).into_iter().flatten());
        let needed: Vec<&str> = needed.into_iter().collect();
        text += &format!("{feature} = {needed:?}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::workspace;

    /// Returns a document with an operation for each tag, and the schema of its response.
    fn document(tags: &[(&str, Value)]) -> Value {
        let paths = tags.iter().map(|(tag, schema)| {
            let content = json!({ "application/json": { "schema": schema } });
            let responses = json!({ "200": { "description": "", "content": content } });
            let get = json!({ "tags": [tag], "summary": "Get it", "responses": responses });
            (format!("/{tag}"), json!({ "get": get }))
        });
        let paths: serde_json::Map<String, Value> = paths.collect();
        json!({ "openapi": "3.1.0", "paths": paths, "components": { "schemas": {
            "Dog": { "type": "object", "properties": {
                "birth": { "type": "string", "format": "date" },
            } },
            "Unused": { "type": "object", "properties": {
                "id": { "type": "string", "format": "uuid" },
            } },
        } } })
    }

    #[test]
    fn tags_enable_what_their_code_needs() {
        let dog = json!({ "$ref": "#/components/schemas/Dog" });
        let document = document(&[("cats", json!({ "type": "string" })), ("dogs", dog)]);
        let manifest = "\
            [package.metadata.tag-features]\n\
            cats = [\"poll\"]\n\
            dogs = [\"chrono\", \"event-streams\"]\n\
            [features]\n\
            chrono = []\n\
            event-streams = []\n\
            poll = []\n\
            # Tags: begin. Written by `cargo xtask spec refresh`.\n\
            cats = []\n\
            # Tags: end.\n";
        let output = workspace::generate(&document, None).unwrap();
        let edited = edited(manifest, &output).unwrap().unwrap();
        let (_, features) = edited.split_once(BEGIN).unwrap();
        let expected = "\
            all-tags = [\n    \"cats\",\n    \"dogs\",\n    \"uuid\",\n]\n\
            cats = [\"poll\"]\n\
            dogs = [\"chrono\", \"event-streams\"]\n\
            # Tags: end.\n";
        assert_eq!(features, expected);
    }

    fn with_needs(needs: &str) -> String {
        format!(
            "[package.metadata.tag-features]\n{needs}\n[features]\npoll = []\n\
             {BEGIN}dogs = []\npole = []\n{END}"
        )
    }

    #[test]
    fn needs_that_are_no_features_fail() {
        let document = document(&[("cats", json!({ "type": "string" }))]);
        let output = workspace::generate(&document, None).unwrap();
        for (needs, reason) in [
            (
                "cats = [\"pole\"]",
                "`cats` needs `pole`, which is not a feature",
            ),
            ("cats = \"poll\"", "invalid type: string"),
            ("cats = [1]", "invalid type: integer"),
        ] {
            let error = edited(&with_needs(needs), &output).unwrap_err().to_string();
            assert!(error.starts_with("Cargo.toml: "), "{error}");
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn needs_of_a_removed_tag_are_findings() {
        let document = document(&[("cats", json!({ "type": "string" }))]);
        let output = workspace::generate(&document, None).unwrap();
        let manifest = with_needs("cats = [\"poll\"]\ndogs = [\"poll\"]");
        assert_eq!(
            findings(&manifest, &output).unwrap(),
            [
                "Cargo.toml: package.metadata.tag-features: no tag has the feature `dogs`; remove \
              it with its hand-written code"
            ]
        );
        let edited = edited(&manifest, &output).unwrap().unwrap();
        let (_, rest) = edited.split_once(BEGIN).unwrap();
        assert!(
            rest.ends_with(&format!("]\ncats = [\"poll\"]\n{END}")),
            "{rest}"
        );
    }

    #[test]
    fn features_follow_from_the_document() {
        let root = workspace::root();
        let read = |file: &str| workspace::read_json(&root.join(file)).unwrap();
        let output = workspace::generate(&read("openapi.json"), Some(&read("overlay.json")));
        let output = output.unwrap();
        let text = workspace::read_text(&root.join("Cargo.toml")).unwrap();
        assert_eq!(findings(&text, &output).unwrap(), [""; 0]);
        let expected = edited(&text, &output).unwrap().unwrap();
        let of_tags = |text: &str| -> Vec<String> {
            let (_, rest) = text.split_once(BEGIN).unwrap();
            let (features, _) = rest.split_once(END).unwrap();
            features.lines().map(str::to_owned).collect()
        };
        assert_eq!(
            of_tags(&text),
            of_tags(&expected),
            "Cargo.toml is behind; run `cargo xtask spec refresh --from openapi.json`"
        );
    }
}

//! The Cargo features of the tags, in Cargo.toml.

use std::collections::BTreeSet;

use neo_client_codegen::Output;
use toml::{Table, Value};

/// The lines around the features.
const BEGIN: &str = "# Tags: begin. Written by `cargo xtask spec refresh`.\n";
const END: &str = "# Tags: end.\n";

/// Returns the manifest with a feature for each tag, or `None` if it has no place for them.
pub fn edited(text: &str, output: &Output) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    let features = features(output, &by_hand(text));
    Some(format!("{before}{BEGIN}{features}{END}{after}"))
}

/// Returns the features that hand-written code needs, by the feature of the tag: the table
/// `package.metadata.tag-features`.
fn by_hand(text: &str) -> Table {
    let table = text.parse::<Table>().ok().and_then(|manifest| {
        let metadata = manifest.get("package")?.get("metadata")?;
        metadata.get("tag-features")?.as_table().cloned()
    });
    table.unwrap_or_default()
}

fn features(output: &Output, by_hand: &Table) -> String {
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
        let by_hand = by_hand.get(feature).and_then(Value::as_array);
        let by_hand = by_hand.into_iter().flatten().filter_map(Value::as_str);
        let mut needed: BTreeSet<&str> = by_hand.collect();
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
            # Tags: begin. Written by `cargo xtask spec refresh`.\n\
            cats = []\n\
            # Tags: end.\n";
        let output = workspace::generate(&document, None).unwrap();
        let edited = edited(manifest, &output).unwrap();
        let (_, features) = edited.split_once(BEGIN).unwrap();
        let expected = "\
            all-tags = [\n    \"cats\",\n    \"dogs\",\n    \"uuid\",\n]\n\
            cats = [\"poll\"]\n\
            dogs = [\"chrono\", \"event-streams\"]\n\
            # Tags: end.\n";
        assert_eq!(features, expected);
    }

    #[test]
    fn features_follow_from_the_document() {
        let root = workspace::root();
        let read = |file: &str| workspace::read_json(&root.join(file)).unwrap();
        let output = workspace::generate(&read("openapi.json"), Some(&read("overlay.json")));
        let output = output.unwrap();
        let text = workspace::read_text(&root.join("Cargo.toml")).unwrap();
        let (_, found) = text.split_once(BEGIN).unwrap();
        let expected = features(&output, &by_hand(&text));
        assert!(found.starts_with(&expected), "refresh writes {expected}");
    }
}

//! Redacts properties whose names look like secrets, in place of an overlay action that marks
//! secrets and selects nothing any more.

use heck::ToSnakeCase;
use serde_json::Value;

use super::path::{NodePath, PathStep};

/// The extension of a schema whose values are secret.
const SECRET: &str = "x-secret";

/// Words that name a secret, alone or in a longer name.
const WORDS: &[&str] = &[
    "apikey",
    "authorization",
    "credential",
    "credentials",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "secrets",
    "token",
    "tokens",
];

/// Words before `key` that make it a secret.
const KEYS: &[&str] = &[
    "access",
    "api",
    "encryption",
    "license",
    "master",
    "private",
    "shared",
    "signing",
];

/// Returns whether an action marks secrets.
pub(super) fn marks_secrets(update: &Value) -> bool {
    match update {
        Value::Object(object) => object
            .iter()
            .any(|(name, value)| (name == SECRET && *value == true) || marks_secrets(value)),
        Value::Array(items) => items.iter().any(marks_secrets),
        _ => false,
    }
}

/// Marks every property that the action meant, by the names in its target, or whose name looks like
/// a secret. Returns the locations in the document.
pub(super) fn redact_by_name(document: &mut Value, target: &str) -> Vec<String> {
    let meant = names(target);
    let mut redacted = Vec::new();
    walk(document, &mut Vec::new(), &meant, &mut redacted);
    redacted
}

/// Returns the names of properties in a JSONPath: `key` for `$..[?@.properties.id].properties.key`.
fn names(target: &str) -> Vec<&str> {
    let Some((_, last)) = target.rsplit_once("properties") else {
        return Vec::new();
    };
    let is_part = |it: char| it.is_alphanumeric() || "_-".contains(it);
    last.split(|it: char| !is_part(it))
        .filter(|name| !name.is_empty())
        .collect()
}

fn walk(value: &mut Value, path: &mut Vec<PathStep>, meant: &[&str], redacted: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for (name, schema) in properties {
                    let Some(schema) = schema.as_object_mut() else {
                        continue;
                    };
                    let is_number = schema.get("type").is_some_and(|kind| {
                        matches!(kind.as_str(), Some("integer" | "number" | "boolean"))
                    });
                    let is_secret = meant.contains(&name.as_str()) || looks_secret(name);
                    if is_secret && !is_number && schema.get(SECRET).is_none() {
                        schema.insert(SECRET.to_owned(), Value::Bool(true));
                        let steps = [
                            PathStep::Name("properties".to_owned()),
                            PathStep::Name(name.clone()),
                        ];
                        let place = path.iter().cloned().chain(steps).collect();
                        redacted.push(NodePath(place).to_string());
                    }
                }
            }
            for (name, value) in object {
                // Values of a schema, which look like a schema at most by chance.
                if !matches!(
                    name.as_str(),
                    "example" | "examples" | "default" | "enum" | "const"
                ) {
                    path.push(PathStep::Name(name.clone()));
                    walk(value, path, meant, redacted);
                    path.pop();
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter_mut().enumerate() {
                path.push(PathStep::Index(index));
                walk(value, path, meant, redacted);
                path.pop();
            }
        }
        _ => {}
    }
}

fn looks_secret(name: &str) -> bool {
    let name = name.to_snake_case();
    let words: Vec<&str> = name.split('_').collect();
    let is_key = |pair: &[&str]| matches!(pair, [kind, "key" | "keys"] if KEYS.contains(kind));
    words.iter().any(|word| WORDS.contains(word)) || words.windows(2).any(is_key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secret_names_are_recognized() {
        for name in [
            "apiKey",
            "API-Key",
            "webhook_secret",
            "idToken",
            "passwordHash",
            "privateKeyPem",
        ] {
            assert!(looks_secret(name), "{name}");
        }
        for name in [
            "key",
            "keyboard",
            "secretary",
            "monkey",
            "public_key",
            "name",
        ] {
            assert!(!looks_secret(name), "{name}");
        }
    }

    #[test]
    fn names_of_target_are_redacted() {
        let text = json!({ "type": "string" });
        let mut document = json!({ "components": { "schemas": { "A": { "properties": {
            "key": text, "max_tokens": { "type": "integer" }, "token": text, "id": text,
            "list": { "type": "array", "items": { "properties": { "password": text } } },
        }, "example": { "properties": { "token": {} } } } } } });
        let target = "$..[?@.properties.key && @.properties.gone].properties.key";
        assert_eq!(
            redact_by_name(&mut document, target),
            [
                "/components/schemas/A/properties/key",
                "/components/schemas/A/properties/token",
                "/components/schemas/A/properties/list/items/properties/password",
            ]
        );
        let schema = &document["components"]["schemas"]["A"];
        assert_eq!(schema["properties"]["key"]["x-secret"], true);
        assert!(schema["properties"]["max_tokens"].get("x-secret").is_none());
    }
}

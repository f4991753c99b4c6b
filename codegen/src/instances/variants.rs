//! Finds the variants that a type decoded, and judges whether they are the right ones.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::instances::debug_text::{Node, read};
use crate::instances::generator::{Generator, Instance};
use crate::instances::making::Choice;

/// The judgement about one value of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A variant that accepts the value, or one that cannot be told from it.
    Right,
    /// The value fits a variant, and was kept as JSON.
    Json {
        /// The location of the value.
        at: String,
    },
    /// A variant that does not accept the value.
    Wrong {
        /// The location of the value.
        at: String,
        /// The type that was decoded.
        taken: String,
        /// The schema of the variant.
        expected: String,
    },
}

/// Judges every union of an instance by what `Debug` of the decoded value printed. `types` holds
/// the name of the Rust type of each schema.
pub fn verdicts(
    instance: &Instance,
    debug: &str,
    types: &BTreeMap<String, String>,
    generator: &Generator,
) -> Vec<Verdict> {
    let mut names = BTreeMap::new();
    walk(&read(debug), &instance.value, "", &mut names);
    let judge = |choice: &Choice| {
        let value = instance.value.pointer(&choice.at)?;
        let found = names.get(&choice.at)?;
        let is_right = |branch: &String| {
            *branch == choice.chosen
                || (!choice.by_discriminator && generator.accepts(branch, value))
        };
        let (right, wrong): (Vec<&String>, Vec<&String>) =
            choice.branches.iter().partition(|branch| is_right(branch));
        let taken = |branches: &[&String]| {
            branches
                .iter()
                .filter_map(|branch| types.get(*branch))
                .find(|name| found.contains(name))
                .cloned()
        };
        let at = choice.at.clone();
        Some(if taken(&right).is_some() {
            Verdict::Right
        } else if let Some(taken) = taken(&wrong) {
            let expected = choice.chosen.clone();
            Verdict::Wrong {
                at,
                taken,
                expected,
            }
        } else if found.iter().any(|name| name == "Unknown") {
            Verdict::Json { at }
        } else {
            Verdict::Right
        })
    };
    instance.choices.iter().filter_map(judge).collect()
}

/// Notes the names of the variants and types at each location.
fn walk(node: &Node, value: &Value, at: &str, names: &mut BTreeMap<String, Vec<String>>) {
    let mut note = |name: &str| {
        let all = names.entry(at.to_owned()).or_default();
        all.push(name.to_owned());
    };
    match (node, value) {
        (Node::Tuple(name, inner), _) => {
            // An enumeration shows the text that it does not know; a union does not show its JSON.
            let is_text = name == "Unknown" && matches!(inner.as_slice(), [Node::Quoted(_)]);
            if name != "Some" && !is_text {
                note(name);
            }
            if let [inner] = inner.as_slice()
                && name != "Unknown"
            {
                walk(inner, value, at, names);
            }
        }
        (Node::List(nodes), Value::Array(values)) => {
            for (index, (node, value)) in nodes.iter().zip(values).enumerate() {
                walk(node, value, &format!("{at}/{index}"), names);
            }
        }
        (Node::Fields(name, fields), Value::Object(object)) => {
            if !name.is_empty() {
                note(name);
            }
            for (field, node) in fields {
                if let Some((name, value)) = property(object, field) {
                    let token = name.replace('~', "~0").replace('/', "~1");
                    walk(node, value, &format!("{at}/{token}"), names);
                } else if let (true, Node::Fields(..)) = (field.starts_with("extra"), node) {
                    // The properties beside the described ones.
                    walk(node, value, at, names);
                }
            }
        }
        (Node::Text(text), _) if !text.is_empty() => note(text),
        _ => {}
    }
}

/// Returns the property of a field, whose name may be spelled in another way.
fn property<'v>(
    object: &'v serde_json::Map<String, Value>,
    field: &str,
) -> Option<(&'v String, &'v Value)> {
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let field = field.trim_start_matches("r#");
    object
        .get_key_value(field)
        .or_else(|| object.iter().find(|(name, _)| bare(name) == bare(field)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        let kind = |name: &str| {
            json!({
                "type": "object",
                "required": ["is"],
                "properties": { "is": { "const": name }, "size": { "type": "integer" } },
            })
        };
        json!({ "openapi": "3.1.0", "components": { "schemas": {
            "Cat": kind("cat"),
            "Dog": kind("dog"),
            "Zoo": { "type": "object", "required": ["pets"], "properties": { "pets": {
                "type": "array",
                "minItems": 1,
                "items": { "oneOf": [
                    { "$ref": "#/components/schemas/Cat" },
                    { "$ref": "#/components/schemas/Dog" },
                ] },
            } } },
        } } })
    }

    #[test]
    fn instances_are_valid_and_the_same_in_every_run() {
        let document = document();
        let pointer = "/components/schemas/Zoo";
        let (one, other) = (Generator::new(&document), Generator::new(&document));
        for number in 0..20 {
            let instance = one.instance(pointer, number).unwrap();
            assert!(one.accepts(pointer, &instance.value));
            assert_eq!(
                instance.value,
                other.instance(pointer, number).unwrap().value
            );
            assert!(!instance.choices.is_empty());
        }
    }

    #[test]
    fn wrong_variant_is_found_in_debug_text() {
        let generator = Generator::new(&document());
        let types =
            ["Cat", "Dog"].map(|name| (format!("/components/schemas/{name}"), name.to_owned()));
        let types = BTreeMap::from(types);
        let instance = generator.instance("/components/schemas/Zoo", 1).unwrap();
        let first = instance.value.pointer("/pets/0/is").unwrap() == "cat";
        let (right, wrong) = if first {
            ("Cat", "Dog")
        } else {
            ("Dog", "Cat")
        };
        let judged = |variant: &str| {
            let debug = format!("Zoo {{ pets: [{variant}({variant} {{ is: X }})] }}");
            verdicts(&instance, &debug, &types, &generator).swap_remove(0)
        };
        assert_eq!(judged(right), Verdict::Right);
        assert!(matches!(judged(wrong), Verdict::Wrong { taken, .. } if taken == wrong));
        let debug = r#"Zoo { pets: [Unknown({"is"})] }"#;
        let verdict = verdicts(&instance, debug, &types, &generator).swap_remove(0);
        assert!(matches!(verdict, Verdict::Json { .. }));
    }
}

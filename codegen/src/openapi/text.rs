//! Reads a document from its text: JSON, and YAML with the feature `yaml`.

use serde_json::Value;

use crate::error::Error;

/// Reads a document or an overlay from its text: JSON, or with the feature `yaml` also YAML.
///
/// YAML follows the JSON schema of YAML 1.2: `yes`, `on` and dates are strings, all keys are
/// strings (`200:`), and anchors and merge keys are resolved. A repeated key is an error in YAML;
/// in JSON, the last value counts.
///
/// # Errors
///
/// If the text is neither. The error names line and column.
///
/// ```
/// let document = neo_client_codegen::openapi::text::read(r#"{ "openapi": "3.1.0" }"#)?;
/// assert_eq!(document["openapi"], "3.1.0");
/// # Ok::<(), neo_client_codegen::Error>(())
/// ```
pub fn read(text: &str) -> Result<Value, Error> {
    let text = text.trim_start_matches('\u{feff}');
    let error = match serde_json::from_str(text) {
        Ok(document) => return Ok(document),
        Err(error) => error,
    };
    #[cfg(feature = "yaml")]
    if !looks_like_json(text) {
        // The parser recurses, and its frames are large.
        return crate::threads::with_room(|| yaml::read(text));
    }
    Err(Error::Syntax(format!("not JSON: {error}")))
}

/// Returns whether the error of the JSON parser is more helpful than that of the YAML parser.
/// Flow-style YAML that is not JSON exists, but no OpenAPI document in that style is known.
#[cfg(feature = "yaml")]
fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '<', '"']) || text.trim().is_empty()
}

#[cfg(feature = "yaml")]
mod yaml {
    use serde_json::Value;
    use serde_saphyr::{alias_limits, budget, options};

    use crate::error::Error;

    /// The depth limit, which is that of the JSON parser.
    const DEPTH: usize = 128;

    /// The number of nodes that a text may hold or expand to. Each takes up to 100 bytes of memory.
    const NODES: usize = 10_000_000;

    pub(super) fn read(text: &str) -> Result<Value, Error> {
        let options = options! {
            budget: budget! {
                max_depth: DEPTH,
                max_nodes: NODES,
                max_events: 2 * NODES,
                // `alias_limits` limits what anchors expand to.
                max_anchors: NODES,
                max_aliases: NODES,
                max_merge_keys: NODES,
                enforce_alias_anchor_ratio: false,
                max_total_scalar_bytes: 1 << 30,
            },
            alias_limits: alias_limits! { max_total_replayed_events: NODES / 20 },
            strict_booleans: true,
            with_snippet: false,
        };
        let value: Value = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| Error::Syntax(format!("not YAML: {error}")))?;
        if value.is_object() {
            return Ok(value);
        }
        // Any text is a YAML scalar.
        Err(Error::Syntax(
            "neither a JSON object nor a YAML mapping".to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problem(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn json_errors_have_a_position() {
        assert_eq!(read("\u{feff}{\"a\": 1}").unwrap(), json!({ "a": 1 }));
        assert_eq!(
            problem("{\n\"a\": }"),
            "not JSON: expected value at line 2 column 6"
        );
        let page = problem("<html></html>");
        assert_eq!(page, "not JSON: expected value at line 1 column 1");
        assert!(problem("").starts_with("not JSON: EOF"));
    }

    #[test]
    fn deep_json_is_rejected() {
        let deep = "[".repeat(100_000);
        let expected = "not JSON: recursion limit exceeded at line 1 column 128";
        assert_eq!(problem(&deep), expected);
    }

    #[cfg(feature = "yaml")]
    mod yaml {
        use super::*;

        #[test]
        fn yaml_values_follow_version_1_2() {
            let text = "openapi: 3.1.0\nversion: 1.0\non: yes\n200: {off: 2020-01-01}\n\"7\": \"7\"\nno: ~\n";
            assert_eq!(
                read(text).unwrap(),
                json!({
                    "openapi": "3.1.0", "version": 1.0, "on": "yes",
                    "200": { "off": "2020-01-01" }, "7": "7", "no": null,
                })
            );
        }

        #[test]
        fn anchors_and_merge_keys_are_resolved() {
            let text = "base: &base {a: 1, b: 2}\nmore:\n  <<: *base\n  b: 3\nsame: *base\n";
            assert_eq!(
                read(text).unwrap(),
                json!({ "base": { "a": 1, "b": 2 }, "more": { "b": 3, "a": 1 }, "same": { "a": 1, "b": 2 } })
            );
        }

        #[test]
        fn yaml_errors_have_a_position() {
            for (text, expected) in [
                ("a: 1\nb: 2\na: 3\n", "line 3, column 1"),
                ("a: [1\nb: 2\n", "line 2"),
                ("a: 1\n---\nb: 2\n", "line 3"),
                ("a: &x [*x]\n", "line 1, column 8"),
            ] {
                let problem = problem(text);
                assert!(problem.starts_with("not YAML: "), "{problem}");
                assert!(problem.contains(expected), "{problem}");
            }
            assert_eq!(
                problem("a text"),
                "neither a JSON object nor a YAML mapping"
            );
        }

        #[test]
        fn multiplying_anchors_are_rejected() {
            let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
            for level in 1..20 {
                let nine = vec![format!("*a{}", level - 1); 9].join(", ");
                text += &format!("a{level}: &a{level} [{nine}]\n");
            }
            assert!(
                problem(&text).contains("limit exceeded"),
                "{}",
                problem(&text)
            );
        }

        #[test]
        fn deep_yaml_is_rejected() {
            let flow = format!("a: {}", "[".repeat(100_000));
            let block: String = (0..1_000)
                .map(|level| format!("{}a:\n", " ".repeat(level)))
                .collect();
            for text in [flow, block] {
                assert!(
                    problem(&text).starts_with("not YAML: "),
                    "{}",
                    problem(&text)
                );
            }
        }
    }
}

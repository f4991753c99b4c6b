//! The schemas that a document names by `$anchor`.

use std::collections::HashMap;

use neo_client_codegen::openapi::keyword::holds_data;
use neo_client_codegen::openapi::pointer::escape;
use serde_json::Value;

/// Returns the references to the named schemas by pointer, without those of embedded resources: an
/// `$id` is another base of references.
pub fn of(root: &Value) -> HashMap<&str, String> {
    let mut found = HashMap::new();
    let mut pending = vec![("#".to_owned(), root)];
    while let Some((at, value)) = pending.pop() {
        match value {
            Value::Object(object) if object.get("$id").is_some_and(Value::is_string) => {}
            Value::Object(object) => {
                if let Some(name) = object.get("$anchor").and_then(Value::as_str) {
                    found.entry(name).or_insert_with(|| at.clone());
                }
                let children = object.iter().filter(|(key, _)| !holds_data(key));
                pending
                    .extend(children.map(|(key, child)| (format!("{at}/{}", escape(key)), child)));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                pending.extend(items.map(|(index, child)| (format!("{at}/{index}"), child)));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn anchors_name_schemas_outside_of_embedded_resources() {
        let document = json!({"components": {"schemas": {
            "A": {"$anchor": "a", "example": {"$anchor": "data"}},
            "B": {"$id": "https://example.com/b", "$anchor": "b"},
            "C/D": {"allOf": [true, {"$anchor": "c"}]},
        }}});
        let found = of(&document);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found["a"], "#/components/schemas/A");
        assert_eq!(found["c"], "#/components/schemas/C~1D/allOf/1");
    }
}

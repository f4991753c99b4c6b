//! Finds recursive types and decides which fields to `Box`.
//!
//! typify finds such fields only if it sees the complete document.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::lower::component_ref::target;
use crate::lower::model::WHOLE;

/// Returns the fields, by component, that close a cycle of types. Lists and maps store their items
/// on the heap and end a cycle.
pub(super) fn find(schemas: &Map<String, Value>) -> BTreeMap<String, BTreeSet<String>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        OnTheWay,
        Done,
    }
    let mut states: HashMap<&str, State> = HashMap::new();
    let mut boxed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for start in schemas.keys() {
        // An explicit stack, because a path may be as long as the document.
        let mut way = Vec::new();
        let mut next = Some(start.as_str());
        loop {
            if let Some(name) = next.take()
                && let Some((name, schema)) = schemas.get_key_value(name)
            {
                states.insert(name, State::OnTheWay);
                way.push((name.as_str(), held(schema).into_iter()));
            }
            let Some((name, fields)) = way.last_mut() else {
                break;
            };
            let Some((field, target)) = fields.next() else {
                states.insert(name, State::Done);
                way.pop();
                continue;
            };
            match states.get(target).copied().unwrap_or(State::New) {
                State::New => next = Some(target),
                State::OnTheWay => {
                    let fields = boxed.entry((*name).to_owned()).or_default();
                    fields.insert(field.to_owned());
                }
                State::Done => {}
            }
        }
    }
    boxed
}

/// Returns the components that a value of a schema contains, by field.
fn held(schema: &Value) -> Vec<(&str, &str)> {
    let whole = target(schema).map(|target| (WHOLE, target));
    let properties = schema.get("properties").and_then(Value::as_object);
    let fields = properties.into_iter().flatten();
    fields
        .filter_map(|(name, schema)| Some((name.as_str(), target(schema)?)))
        .chain(whole)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::lower::component_ref::refer;

    #[test]
    fn each_cycle_has_one_box() {
        let schemas = json!({
            "Tree": { "properties": { "left": refer("Tree"), "right": { "allOf": [refer("Tree")], "nullable": true } } },
            "Egg": { "properties": { "hen": refer("Bird"), "shell": refer("Shell"), "gone": refer("Gone") } },
            "Bird": refer("Hen"),
            "Hen": { "properties": { "egg": refer("Egg"), "shell": refer("Shell") } },
            "Shell": { "properties": { "pieces": { "type": "array", "items": refer("Shell") } } },
            "Self": refer("Self"),
        });
        let found = find(schemas.as_object().unwrap());
        let expected = [
            ("Hen", vec!["egg"]),
            ("Self", vec![WHOLE]),
            ("Tree", vec!["left", "right"]),
        ];
        let expected = expected.map(|(name, fields)| {
            (
                name.to_owned(),
                fields.into_iter().map(str::to_owned).collect(),
            )
        });
        assert_eq!(found, BTreeMap::from(expected));
    }

    #[test]
    fn long_chain_does_not_overflow_stack() {
        let mut schemas: Map<String, Value> = (0..100_000)
            .map(|index| {
                (
                    index.to_string(),
                    json!({ "properties": { "next": refer(&(index + 1).to_string()) } }),
                )
            })
            .collect();
        assert_eq!(find(&schemas), BTreeMap::new());
        schemas.insert(
            "100000".to_owned(),
            json!({ "properties": { "first": refer("0") } }),
        );
        assert_eq!(find(&schemas).into_keys().collect::<Vec<_>>(), ["100000"]);
    }
}

//! Describes types that the OpenAPI document does not describe: by the operations that send and
//! return them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::lower::{Lowered, references};

/// The most operations that a description names.
const MAX_NAMED: usize = 3;

/// The descriptions of components, by name.
pub(super) struct Purposes(BTreeMap<String, String>);

impl Purposes {
    pub(super) fn of(lowered: &Lowered) -> Self {
        let paths = lowered.document.get("paths").unwrap_or(&Value::Null);
        let mut uses: BTreeMap<&str, [BTreeSet<String>; 2]> = BTreeMap::new();
        for operation in &lowered.model.operations {
            let name = format!("`{}.{}`", operation.accessor, operation.method);
            let parts = operation.lowered(paths);
            for (index, part) in ["requestBody", "responses"].into_iter().enumerate() {
                let part = parts.and_then(|parts| parts.get(part));
                for component in part.into_iter().flat_map(references) {
                    if let Some(users) = uses.entry(component).or_default().get_mut(index) {
                        users.insert(name.clone());
                    }
                }
            }
        }
        let described = uses.into_iter().map(|(component, [senders, receivers])| {
            let sent = sentence("Sent by", &senders);
            let returned = sentence("Returned by", &receivers);
            let sentences: Vec<String> = sent.into_iter().chain(returned).collect();
            (component.to_owned(), sentences.join(" "))
        });
        Self(described.collect())
    }

    pub(super) fn of_component(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Adds descriptions to components that are objects.
    pub(super) fn describe(&self, components: &mut Map<String, Value>) {
        for (name, schema) in components {
            let Some((schema, purpose)) = schema.as_object_mut().zip(self.0.get(name)) else {
                continue;
            };
            if schema.contains_key("properties") {
                let described = schema.entry("description");
                described.or_insert_with(|| purpose.clone().into());
            }
        }
    }
}

/// Returns a sentence that names the first operations; `None` without operations.
fn sentence(verb: &str, operations: &BTreeSet<String>) -> Option<String> {
    let named: Vec<&str> = operations
        .iter()
        .map(String::as_str)
        .take(MAX_NAMED)
        .collect();
    if named.is_empty() {
        return None;
    }
    let named = named.join(", ");
    Some(match operations.len().saturating_sub(MAX_NAMED) {
        0 => format!("{verb} {named}."),
        more => format!("{verb} {named} and {more} more."),
    })
}

//! Samples what an operation is called with.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::parts::resolve;
use super::sampler::Sampler;
use crate::openapi::media_type::{essence, is_json, is_json_sequence};
use crate::openapi::pointer;

/// A value for each argument of an operation.
#[derive(Debug, Default, Clone)]
pub(crate) struct Arguments {
    /// By location and name.
    parameters: BTreeMap<(String, String), Value>,
    /// By media type, as the document spells it.
    bodies: Vec<(String, Value)>,
}

impl Arguments {
    /// Samples the arguments of the operation at a JSON pointer.
    pub(crate) fn of(document: &Value, operation: &str) -> Self {
        let item = pointer::parent(operation).and_then(|item| document.pointer(item));
        let Some(operation) = document.pointer(operation) else {
            return Self::default();
        };
        let sampler = Sampler::new(document).for_requests();
        let mut arguments = Self::default();
        // A parameter of the operation replaces one of the path item.
        for owner in item.into_iter().chain([operation]) {
            let parameters = owner.get("parameters").and_then(Value::as_array);
            for parameter in parameters.into_iter().flatten() {
                let described = resolve(document, parameter);
                let text = |name: &str| described.get(name).and_then(Value::as_str);
                if let Some((location, name)) = text("in").zip(text("name")) {
                    let key = (location.to_owned(), name.to_owned());
                    arguments
                        .parameters
                        .insert(key, sampler.parameter(parameter));
                }
            }
        }
        let body = operation
            .get("requestBody")
            .map(|body| resolve(document, body));
        let content = body
            .and_then(|body| body.get("content"))
            .and_then(Value::as_object);
        for (media_type, described) in content.into_iter().flat_map(Map::iter) {
            let described = resolve(document, described);
            let sample = match described.get("itemSchema") {
                Some(item) if is_json_sequence(&essence(media_type)) => {
                    Value::Array(vec![sampler.value(item)])
                }
                _ => sampler.body(described),
            };
            // The schema of a line may stand for that of the whole body.
            let sample = match sample {
                line if is_json_sequence(&essence(media_type)) && !line.is_array() => {
                    Value::Array(vec![line])
                }
                whole => whole,
            };
            arguments.bodies.push((media_type.clone(), sample));
        }
        arguments
    }

    pub(crate) fn parameter(&self, location: &str, name: &str) -> Option<&Value> {
        self.parameters.get(&(location.to_owned(), name.to_owned()))
    }

    /// Returns the sample of the body with a media type, or else of a JSON body.
    pub(crate) fn body(&self, media_type: Option<&str>) -> Option<&Value> {
        let wanted = media_type.map(essence);
        let find = |is_it: &dyn Fn(&str) -> bool| {
            let found = self.bodies.iter().find(|(name, _)| is_it(name));
            found.map(|(_, value)| value)
        };
        find(&|name| wanted.as_deref() == Some(essence(name).as_str()))
            .or_else(|| find(&is_json))
            .or_else(|| find(&|_| true))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn body_of_lines_is_a_list() {
        let line =
            json!({ "type": "object", "required": ["a"], "properties": { "a": { "const": 1 } } });
        let post = json!({ "requestBody": { "content": {
            "application/jsonl": { "itemSchema": line },
            "application/x-ndjson": { "$ref": "#/components/mediaTypes/Lines" },
            "application/json-seq": { "schema": { "type": "array", "items": line } },
        } } });
        let document = json!({
            "paths": { "/a": { "post": post } },
            "components": { "mediaTypes": { "Lines": { "schema": line } } },
        });
        let arguments = Arguments::of(&document, "/paths/~1a/post");
        for media_type in [
            "application/jsonl",
            "application/x-ndjson",
            "application/json-seq",
        ] {
            let body = arguments.body(Some(media_type)).unwrap();
            assert_eq!(body, &json!([{ "a": 1 }]), "{media_type}");
        }
    }
}

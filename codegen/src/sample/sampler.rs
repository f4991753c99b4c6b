//! The sampler: entry points for schemas, media types and parameters.

use std::slice;

use serde_json::{Map, Value};

use super::check;
use super::fuel::Fuel;
use super::parts::resolve;
use super::sampling::{Direction, Sampling};

/// Builds samples for the schemas of one document.
#[derive(Clone, Copy)]
pub(crate) struct Sampler<'d> {
    document: &'d Value,
    direction: Direction,
    required_only: bool,
}

impl<'d> Sampler<'d> {
    /// Returns a sampler of responses, which shows optional properties.
    pub(crate) fn new(document: &'d Value) -> Self {
        Self {
            document,
            direction: Direction::Response,
            required_only: false,
        }
    }

    /// Samples requests: optional `readOnly` properties are left out instead of `writeOnly` ones.
    pub(crate) fn for_requests(self) -> Self {
        Self {
            direction: Direction::Request,
            ..self
        }
    }

    /// Leaves out optional properties and array items. Examples of the document stay whole.
    pub(crate) fn required_only(self) -> Self {
        Self {
            required_only: true,
            ..self
        }
    }

    /// Returns a value that a schema accepts, or `null` if the schema has no finite value.
    pub(crate) fn value(&self, schema: &'d Value) -> Value {
        self.named_value(schema, "")
    }

    /// Returns the sample of a media type object: its `example`, its first `examples` entry that
    /// fits, or else a sample of its schema.
    pub(crate) fn body(&self, media_type: &'d Value) -> Value {
        self.described(resolve(self.document, media_type), "")
    }

    /// Returns the sample of a parameter or header object, which may hold a `schema` or `content`.
    pub(crate) fn parameter(&self, parameter: &'d Value) -> Value {
        let parameter = resolve(self.document, parameter);
        let name = parameter.get("name").and_then(Value::as_str);
        let content = parameter.get("content").and_then(Value::as_object);
        match content.and_then(|content| content.values().next()) {
            Some(media_type) => self.described(media_type, name.unwrap_or_default()),
            None => self.described(parameter, name.unwrap_or_default()),
        }
    }

    /// Returns the sample of an object with `schema`, `example` and `examples`.
    fn described(&self, described: &'d Value, name: &str) -> Value {
        let schema = described.get("schema").unwrap_or(&Value::Bool(true));
        let named = described
            .get("examples")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::values);
        let named = named.filter_map(|entry| example_value(resolve(self.document, entry)));
        let fuel = Fuel::full();
        let fits =
            |value: &&Value| check::fits(self.document, &fuel, slice::from_ref(&schema), value);
        match described.get("example").into_iter().chain(named).find(fits) {
            Some(value) => value.clone(),
            None => self.named_value(schema, name),
        }
    }

    fn named_value(&self, schema: &'d Value, name: &str) -> Value {
        let build = |fuel: Fuel| {
            let sampling = Sampling::new(self.document, self.direction, fuel);
            sampling.value(vec![schema], name, &[])
        };
        let full = if self.required_only {
            None
        } else {
            build(Fuel::full())
        };
        // A sample that became too expensive may still be had without optional values.
        full.or_else(|| build(Fuel::required_only()))
            .unwrap_or(Value::Null)
    }
}

/// The value of an Example Object: `value`, or `dataValue` of OpenAPI 3.2.
fn example_value(example: &Value) -> Option<&Value> {
    example.get("value").or_else(|| example.get("dataValue"))
}

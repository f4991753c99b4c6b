//! Builds a value that a JSON Schema accepts: the document's own examples first, else from the
//! keywords.
//!
//! It reads JSON Schema 2020-12 as OpenAPI 3.1 uses it, and the few 3.0 spellings that linger in
//! 3.1 documents (`nullable`, boolean `exclusiveMinimum`). An object shows all its properties,
//! optional ones too.
//!
//! What it does not consider: `not`, `if`/`then`/`else`, `dependentSchemas`, `unevaluatedItems` and
//! `unevaluatedProperties`, `$dynamicRef`, references into other documents, patterns with
//! look-around or back-references (the string is then built without the pattern), and the names
//! that `patternProperties` stands for.

mod check;
mod container;
mod hints;
mod parts;
mod pattern;
mod scalar;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::slice;

use serde_json::{Map, Value};

use parts::Parts;
pub(super) use parts::resolve;

/// How many values one sample may hold before optional properties and array items are left out.
/// Schemas that refer to each other densely would otherwise grow without a practical end, although
/// each single path ends.
const MOST_VALUES: usize = 10_000;

/// Makes samples for the schemas of one document.
pub(super) struct Sampler<'d> {
    document: &'d Value,
    values_left: Cell<usize>,
}

/// What is known about one place before its value is built.
#[derive(Clone, Default)]
struct Place<'d> {
    /// The schema objects that all apply here.
    parts: Parts<'d>,
    /// `oneOf` and `anyOf` that still wait for a decision.
    choices: Vec<Choice<'d>>,
    /// The references that were followed to get here.
    references: Vec<&'d str>,
}

/// One `oneOf` or `anyOf`.
#[derive(Clone, Copy)]
struct Choice<'d> {
    branches: &'d [Value],
    /// `oneOf`: exactly one branch may accept the value.
    exclusive: bool,
    discriminator: Option<&'d Value>,
}

impl<'d> Sampler<'d> {
    /// A sampler for schemas and media types that stand in `document`.
    pub(super) fn new(document: &'d Value) -> Self {
        Self {
            document,
            values_left: Cell::new(MOST_VALUES),
        }
    }

    /// The sample of a media type object: its `example`, its first fitting `examples` entry, else
    /// one of its schema.
    pub(super) fn media_type(&self, media_type: &'d Value) -> Value {
        let schema = media_type.get("schema").unwrap_or(&Value::Bool(true));
        let example = media_type.get("example");
        let named = media_type
            .get("examples")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::values);
        let named = named.filter_map(|entry| resolve(self.document, entry).get("value"));
        match example
            .into_iter()
            .chain(named)
            .find(|value| self.fits(schema, value))
        {
            Some(value) => value.clone(),
            None => self.schema(schema),
        }
    }

    /// The sample of a schema; `null` where nothing finite satisfies it.
    pub(super) fn schema(&self, schema: &'d Value) -> Value {
        self.values_left.set(MOST_VALUES);
        self.value(vec![schema], "", &[]).unwrap_or(Value::Null)
    }

    /// A value for the property `name` that satisfies all of `schemas`. None when there is no
    /// finite one: the schemas come back to one of the `open` references, which are being built
    /// further out.
    fn value(&self, schemas: Vec<&'d Value>, name: &str, open: &[&'d str]) -> Option<Value> {
        self.values_left
            .set(self.values_left.get().saturating_sub(1));
        self.decide(schemas, Place::default(), name, open)
    }

    /// Adds `pending` schemas to the place, then takes its choices one by one, going back where one
    /// leads nowhere.
    fn decide(
        &self,
        mut pending: Vec<&'d Value>,
        mut place: Place<'d>,
        name: &str,
        open: &[&'d str],
    ) -> Option<Value> {
        pending.reverse();
        while let Some(schema) = pending.pop() {
            let schema = match schema {
                Value::Bool(false) => return None,
                Value::Object(schema) => schema,
                _ => continue,
            };
            place.parts.push(schema);
            if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                if open.contains(&reference) {
                    return None;
                }
                // The same reference twice at one place asks for nothing new.
                if !place.references.contains(&reference) {
                    place.references.push(reference);
                    pending.extend(parts::referred(self.document, reference));
                }
            }
            pending.extend(parts::list(schema, "allOf").iter().rev());
            for keyword in ["anyOf", "oneOf"] {
                let branches = parts::list(schema, keyword);
                if !branches.is_empty() {
                    let discriminator = schema.get("discriminator");
                    place.choices.push(Choice {
                        branches,
                        exclusive: keyword == "oneOf",
                        discriminator,
                    });
                }
            }
        }
        let Some(choice) = place.choices.pop() else {
            return self.build(&place, name, open);
        };
        // The schema's own example decides between the branches, if there is one.
        if let Some(example) = self.example(&place.parts) {
            return Some(example);
        }
        let mut fallback = None;
        let (nulls, others): (Vec<_>, Vec<_>) = choice
            .branches
            .iter()
            .partition(|branch| parts::is_null(self.document, branch));
        for branch in others.into_iter().chain(nulls) {
            let Some(mut value) = self.decide(vec![branch], place.clone(), name, open) else {
                continue;
            };
            self.tag(choice, branch, &mut value);
            let accepting = choice
                .branches
                .iter()
                .filter(|branch| self.fits(branch, &value))
                .count();
            if !choice.exclusive || accepting == 1 {
                return Some(value);
            }
            fallback.get_or_insert(value);
        }
        fallback
    }

    /// Writes the discriminator's value for `branch` into the object, where the branch leaves it
    /// free.
    fn tag(&self, choice: Choice<'d>, branch: &'d Value, value: &mut Value) {
        let Some(discriminator) = choice.discriminator else {
            return;
        };
        let property = discriminator.get("propertyName").and_then(Value::as_str);
        let reference = branch.get("$ref").and_then(Value::as_str);
        let (Some(property), Some(reference)) = (property, reference) else {
            return;
        };
        let component = reference.rsplit('/').next().unwrap_or(reference);
        let mapped = discriminator
            .get("mapping")
            .and_then(Value::as_object)
            .and_then(|mapping| {
                let target = |value: &Value| {
                    value
                        .as_str()
                        .is_some_and(|to| to == reference || to == component)
                };
                mapping
                    .iter()
                    .find(|(_, to)| target(to))
                    .map(|(key, _)| key.as_str())
            });
        let mut tagged = value.clone();
        if let Some(object) = tagged.as_object_mut() {
            object.insert(
                property.to_owned(),
                Value::from(mapped.unwrap_or(component)),
            );
            if self.fits(branch, &tagged) {
                *value = tagged;
            }
        }
    }

    /// The value of a place without open choices.
    fn build(&self, place: &Place<'d>, name: &str, open: &[&'d str]) -> Option<Value> {
        let parts = &place.parts;
        if let Some(example) = self.example(parts) {
            return Some(example);
        }
        if parts.has("const") || parts.has("enum") {
            return None; // what they allow contradicts another keyword
        }
        let open: Vec<_> = open.iter().chain(&place.references).copied().collect();
        match parts.json_type()? {
            "object" => self.object(parts, &open).map(Value::Object),
            "array" => self.array(parts, name, &open).map(Value::Array),
            "string" => Some(Value::from(scalar::string(parts, name))),
            "integer" => scalar::number(parts, name, true),
            "number" => scalar::number(parts, name, false),
            "boolean" => Some(Value::from(hints::boolean(name))),
            _ => Some(Value::Null),
        }
    }

    /// The first of what the schemas name themselves: `example`, `examples`, `default`, `const`,
    /// `enum`. A value that the schemas do not accept is passed over, and so is a default that
    /// shows nothing (`null`, an empty list).
    fn example(&self, parts: &Parts<'d>) -> Option<Value> {
        let shows = |value: &&Value| match value {
            Value::Null => false,
            Value::Array(list) => !list.is_empty(),
            Value::Object(object) => !object.is_empty(),
            _ => true,
        };
        let (example, examples) = (parts.all("example"), parts.lists("examples"));
        let (default, constant) = (parts.all("default").filter(shows), parts.all("const"));
        let (nulls, values): (Vec<_>, Vec<_>) =
            parts.lists("enum").partition(|value| value.is_null());
        let named = example
            .chain(examples)
            .chain(default)
            .chain(constant)
            .chain(values)
            .chain(nulls);
        named
            .into_iter()
            .find(|value| self.all_fit(parts, value))
            .cloned()
    }

    /// Whether the schema accepts the value; see [`check::fits`] for what is looked at.
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        check::fits(self.document, slice::from_ref(&schema), value)
    }

    fn all_fit(&self, parts: &Parts<'d>, value: &Value) -> bool {
        parts
            .objects()
            .all(|schema| check::fits_object(self.document, schema, value))
    }
}

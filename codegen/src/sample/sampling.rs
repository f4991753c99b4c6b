//! Builds one value: collects the schemas that apply, chooses variants, then builds by type.

use std::slice;

use serde_json::{Map, Value};

use super::fuel::Fuel;
use super::parts::{self, Parts};
use super::{check, name_hints, scalar};

/// How many references may be open at once. Deeper chains count as endless.
const MAX_OPEN_REFERENCES: usize = 100;

/// Which way a value travels. Decides whether optional `readOnly` or `writeOnly` properties show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// One sample in the making.
pub(super) struct Sampling<'d> {
    pub(super) document: &'d Value,
    pub(super) direction: Direction,
    pub(super) fuel: Fuel,
}

/// The schemas that apply at one location, before its value is built.
#[derive(Clone, Default)]
struct Conjunction<'d> {
    /// The schema objects that all apply here.
    parts: Parts<'d>,
    /// `oneOf` and `anyOf` keywords without a chosen variant.
    choices: Vec<Choice<'d>>,
    /// The references that were followed to get here.
    references: Vec<&'d str>,
}

/// One `oneOf` or `anyOf`.
#[derive(Clone, Copy)]
struct Choice<'d> {
    variants: &'d [Value],
    /// `oneOf`: exactly one variant may accept the value.
    exclusive: bool,
    discriminator: Option<&'d Value>,
}

impl<'d> Sampling<'d> {
    pub(super) fn new(document: &'d Value, direction: Direction, fuel: Fuel) -> Self {
        Self {
            document,
            direction,
            fuel,
        }
    }

    /// Returns a value for the property `name` that satisfies all of `schemas`.
    ///
    /// Returns `None` if there is no finite value: the schemas lead back to one of the `open`
    /// references, which are being built further out. Also if the fuel is spent.
    pub(super) fn value(
        &self,
        schemas: Vec<&'d Value>,
        name: &str,
        open: &[&'d str],
    ) -> Option<Value> {
        self.fuel.count_value();
        if open.len() > MAX_OPEN_REFERENCES {
            return None;
        }
        self.decide(schemas, Conjunction::default(), name, open)
    }

    /// Returns whether the schema accepts the value.
    pub(super) fn fits(&self, schema: &Value, value: &Value) -> bool {
        check::fits(self.document, &self.fuel, slice::from_ref(&schema), value)
    }

    /// Adds `pending` schemas to the conjunction, then tries the variants of its choices in turn.
    fn decide(
        &self,
        mut pending: Vec<&'d Value>,
        mut conjunction: Conjunction<'d>,
        name: &str,
        open: &[&'d str],
    ) -> Option<Value> {
        pending.reverse();
        while let Some(schema) = pending.pop() {
            if !self.fuel.spend(1 + conjunction.references.len()) {
                return None;
            }
            let schema = match schema {
                Value::Bool(false) => return None,
                Value::Object(schema) => schema,
                _ => continue,
            };
            conjunction.parts.push(schema);
            if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                if open.contains(&reference) {
                    return None;
                }
                // A reference that was followed already adds nothing.
                if !conjunction.references.contains(&reference) {
                    conjunction.references.push(reference);
                    pending.extend(parts::referred(self.document, reference));
                }
            }
            pending.extend(parts::list(schema, "allOf").iter().rev());
            for keyword in ["anyOf", "oneOf"] {
                let variants = parts::list(schema, keyword);
                if !variants.is_empty() {
                    conjunction.choices.push(Choice {
                        variants,
                        exclusive: keyword == "oneOf",
                        discriminator: schema.get("discriminator"),
                    });
                }
            }
        }
        match conjunction.choices.pop() {
            Some(choice) => self.choose(choice, &conjunction, name, open),
            None => self.build(&conjunction, name, open),
        }
    }

    /// Builds the first variant that leads to a value, `null` variants last.
    fn choose(
        &self,
        choice: Choice<'d>,
        conjunction: &Conjunction<'d>,
        name: &str,
        open: &[&'d str],
    ) -> Option<Value> {
        // An example of the schema around the choice decides between the variants.
        if let Some(example) = self.example(&conjunction.parts) {
            return Some(example);
        }
        let (nulls, others): (Vec<_>, Vec<_>) = choice
            .variants
            .iter()
            .partition(|variant| parts::is_null(self.document, variant));
        let mut fallback = None;
        for variant in others.into_iter().chain(nulls) {
            if !self.fuel.spend(conjunction.parts.len()) {
                return fallback;
            }
            let Some(mut value) = self.decide(vec![variant], conjunction.clone(), name, open)
            else {
                continue;
            };
            self.set_discriminator(choice, variant, &mut value);
            let accepts = |variant: &&Value| self.fits(variant, &value);
            if !choice.exclusive || choice.variants.iter().filter(accepts).count() == 1 {
                return Some(value);
            }
            fallback.get_or_insert(value);
        }
        fallback
    }

    /// Writes the discriminator value of `variant` into the object, if the variant accepts it.
    fn set_discriminator(&self, choice: Choice<'d>, variant: &'d Value, value: &mut Value) {
        let Some(discriminator) = choice.discriminator else {
            return;
        };
        let property = discriminator.get("propertyName").and_then(Value::as_str);
        let reference = variant.get("$ref").and_then(Value::as_str);
        let (Some(property), Some(reference)) = (property, reference) else {
            return;
        };
        let component = reference.rsplit('/').next().unwrap_or(reference);
        let is_variant = |to: &Value| {
            let to = to.as_str();
            to == Some(reference) || to == Some(component)
        };
        let mapped = discriminator
            .get("mapping")
            .and_then(Value::as_object)
            .and_then(|mapping| mapping.iter().find(|(_, to)| is_variant(to)))
            .map(|(key, _)| key.as_str());
        let mut changed = value.clone();
        if let Some(object) = changed.as_object_mut() {
            let text = mapped.unwrap_or(component);
            object.insert(property.to_owned(), Value::from(text));
            if self.fits(variant, &changed) {
                *value = changed;
            }
        }
    }

    /// Builds the value of a conjunction without open choices.
    fn build(&self, conjunction: &Conjunction<'d>, name: &str, open: &[&'d str]) -> Option<Value> {
        let parts = &conjunction.parts;
        if let Some(example) = self.example(parts) {
            return Some(example);
        }
        if parts.has("const") || parts.has("enum") {
            return None; // Their values contradict another keyword.
        }
        let open: Vec<_> = open
            .iter()
            .chain(&conjunction.references)
            .copied()
            .collect();
        match parts.json_type()? {
            "object" => self.object(parts, &open).map(Value::Object),
            "array" => self.array(parts, name, &open).map(Value::Array),
            "string" => Some(Value::from(scalar::string(parts, name))),
            "integer" => scalar::number(parts, name, true),
            "number" => scalar::number(parts, name, false),
            "boolean" => Some(Value::from(name_hints::boolean(name))),
            _ => Some(Value::Null),
        }
    }

    /// Returns the first value that the schemas state and accept: `example`, `examples`, `default`,
    /// `const`, `enum`. A default that shows nothing (`null`, an empty list) does not count.
    fn example(&self, parts: &Parts<'d>) -> Option<Value> {
        let shows = |value: &&Value| match value {
            Value::Null => false,
            Value::Array(items) => !items.is_empty(),
            Value::Object(object) => !object.is_empty(),
            _ => true,
        };
        let (nulls, values): (Vec<_>, Vec<_>) =
            parts.lists("enum").partition(|value| value.is_null());
        let mut stated = parts
            .all("example")
            .chain(parts.lists("examples"))
            .chain(parts.all("default").filter(shows))
            .chain(parts.all("const"))
            .chain(values)
            .chain(nulls);
        stated.find(|value| self.all_fit(parts, value)).cloned()
    }

    fn all_fit(&self, parts: &Parts<'d>, value: &Value) -> bool {
        let fits = |schema: &Map<String, Value>| {
            check::fits_object(self.document, &self.fuel, schema, value)
        };
        parts.objects().all(fits)
    }
}

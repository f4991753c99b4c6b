//! The law, executed: which values a schema admits before and after an edit, found by validating
//! sampled values.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::references::{changed, renamed, with_references};
use crate::diff::model::types::Types;
use crate::diff::model::value::declared;

/// The depth of arrays and objects within each other in samples.
pub const DEPTH: u8 = 3;

/// The effect of an edit on the set of valid values, as far as samples show it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SetEffect {
    /// A value was valid and is not.
    pub narrows: bool,
    /// A value was not valid and is.
    pub widens: bool,
}

/// Validators and sampled values, each made once for equal schemas.
#[derive(Default)]
pub struct Oracle {
    validators: HashMap<String, Rc<Validator>>,
    pub(super) samples: HashMap<String, Rc<Vec<Value>>>,
}

/// A schema with the components that it references.
#[derive(Clone, Copy)]
pub struct Whole<'s> {
    pub components: &'s Value,
    pub schema: &'s Value,
}

impl Oracle {
    /// Returns the effect of an edit, and values that show it.
    ///
    /// The samples are values at the boundaries of both schemas, so that a difference between the
    /// two is not lost on the way to it.
    pub fn effect(&mut self, old: Whole<'_>, new: Whole<'_>) -> (SetEffect, Vec<Value>) {
        let mut components = old.components.clone();
        let changed = changed(old.components, new.components);
        for name in &changed {
            let renamed = renamed(&new.components[name], &changed);
            components[format!("{name}New")] = renamed;
        }
        let schemas = [old.schema.clone(), renamed(new.schema, &changed)];
        let samples = self.samples(&components, &schemas, DEPTH);
        let [was, is] = schemas.map(|schema| self.validator(&components, &schema));
        let mut effect = SetEffect::default();
        let mut witnesses = Vec::new();
        for value in samples.iter() {
            let (was, is) = (was.is_valid(value), is.is_valid(value));
            effect.narrows |= was && !is;
            effect.widens |= !was && is;
            if was != is {
                witnesses.push(value.clone());
            }
        }
        (effect, witnesses)
    }

    /// Returns the validator of a schema.
    pub fn validator(&mut self, components: &Value, schema: &Value) -> Rc<Validator> {
        let whole = with_references(components, schema);
        let key = whole.to_string();
        let made = self.validators.entry(key).or_insert_with(|| {
            let validator = jsonschema::options()
                .should_validate_formats(true)
                .build(&whole);
            Rc::new(validator.unwrap())
        });
        Rc::clone(made)
    }

    /// Keeps a few values of each type that are valid in the same schemas.
    pub fn few<'v>(
        &mut self,
        components: &Value,
        schemas: &[Value],
        values: impl IntoIterator<Item = &'v Value>,
    ) -> Vec<Value> {
        const EACH: usize = 2;
        let validators: Vec<Rc<Validator>> = schemas
            .iter()
            .map(|schema| self.validator(components, schema))
            .collect();
        let mut counts: HashMap<(Types, Vec<bool>), usize> = HashMap::new();
        let mut seen = HashSet::new();
        values
            .into_iter()
            .filter(|value| {
                let valid = validators.iter().map(|it| it.is_valid(value)).collect();
                let count = counts.entry((Types::of(value), valid)).or_default();
                *count < EACH && seen.insert(*value) && {
                    *count += 1;
                    true
                }
            })
            .cloned()
            .collect()
    }
}

/// Returns a schema whose `oneOf` admit objects that match several variants.
pub fn inclusive(schema: &Value) -> Value {
    let may_be_object = |variant: &&Value| {
        declared(variant).is_none_or(|types| types.meets(Types::OBJECT))
            && variant.get("const").is_none()
            && variant.get("enum").is_none()
    };
    match schema {
        Value::Array(items) => items.iter().map(inclusive).collect(),
        Value::Object(object) => {
            let mut read: Map<String, Value> = object
                .iter()
                .map(|(key, value)| (key.clone(), inclusive(value)))
                .collect();
            let list = read.get("oneOf").and_then(Value::as_array);
            let are_objects =
                list.is_some_and(|list| list.iter().filter(may_be_object).nth(1).is_some());
            if let Some(list) = are_objects.then(|| read.remove("oneOf")).flatten() {
                if read.contains_key("anyOf") {
                    let part = json!({"anyOf": list});
                    let parts = read.entry("allOf").or_insert_with(|| json!([]));
                    parts.as_array_mut().unwrap().push(part);
                } else {
                    read.insert("anyOf".to_owned(), list);
                }
            }
            Value::Object(read)
        }
        other => other.clone(),
    }
}

//! Builds objects and arrays.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::parts::{Parts, nonempty_schema};
use super::sampling::{Direction, Sampling};

/// The most items or entries that one array or object gets, whatever `minItems` asks for.
const MAX_ITEMS: usize = 1_000;

impl<'d> Sampling<'d> {
    /// Builds an object with all its properties. Returns `None` if a required property has no
    /// finite value.
    pub(super) fn object(&self, parts: &Parts<'d>, open: &[&'d str]) -> Option<Map<String, Value>> {
        let required: BTreeSet<&str> = parts.lists("required").filter_map(Value::as_str).collect();
        let mut names: Vec<&str> = parts.property_names().collect();
        names.extend(&required);
        let mut object = Map::new();
        for name in names {
            if object.contains_key(name) {
                continue;
            }
            if !self.fuel.spend(parts.len()) {
                return None;
            }
            let schemas = parts.property(name);
            let needed = required.contains(name);
            if !needed && (self.is_hidden(&schemas) || !self.fuel.allows_optional()) {
                continue;
            }
            match self.value(schemas, name, open) {
                Some(value) => {
                    object.insert(name.to_owned(), value);
                }
                None if needed => return None,
                None => {}
            }
        }
        self.add_entries(parts, open, &mut object);
        while object.len() > parts.most("maxProperties") {
            let optional = |name: &&String| !required.contains(name.as_str());
            let optional = object.keys().find(optional)?.clone();
            object.remove(&optional);
        }
        Some(object)
    }

    /// Returns whether a property is not sent in this direction.
    fn is_hidden(&self, schemas: &[&Value]) -> bool {
        let keyword = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let hides = |schema: &&Value| schema.get(keyword) == Some(&Value::Bool(true));
        schemas.iter().any(hides)
    }

    /// Adds entries under free names: one if `additionalProperties` describes them, and as many as
    /// `minProperties` asks for.
    fn add_entries(&self, parts: &Parts<'d>, open: &[&'d str], object: &mut Map<String, Value>) {
        let described = parts.all("additionalProperties").any(nonempty_schema);
        let shown = if described { object.len() + 1 } else { 0 };
        let least = parts.least("minProperties").unwrap_or(0);
        let wanted = shown.max(least).min(MAX_ITEMS);
        if object.len() >= wanted {
            return;
        }
        let schemas: Vec<_> = parts.all("propertyNames").collect();
        let base = if schemas.is_empty() {
            None
        } else {
            self.value(schemas, "key", open)
        };
        let base = base.as_ref().and_then(Value::as_str).unwrap_or("key");
        let names = (2..).map(|number| format!("{base}{number}"));
        for name in std::iter::once(base.to_owned()).chain(names) {
            if object.len() >= wanted || (!self.fuel.allows_optional() && object.len() >= least) {
                return;
            }
            if object.contains_key(&name) {
                continue;
            }
            let Some(value) = self.value(parts.property(&name), &name, open) else {
                return;
            };
            object.insert(name, value);
        }
    }

    /// Builds an array of one item, or of as many as the schemas ask for. Returns `None` if a
    /// needed item has no finite value.
    pub(super) fn array(
        &self,
        parts: &Parts<'d>,
        name: &str,
        open: &[&'d str],
    ) -> Option<Vec<Value>> {
        let contains: Vec<_> = parts.all("contains").collect();
        let contained = if contains.is_empty() {
            0
        } else {
            parts.least("minContains").unwrap_or(1)
        };
        let tuple = parts
            .all("prefixItems")
            .filter_map(Value::as_array)
            .map(Vec::len)
            .max();
        let shown = tuple
            .unwrap_or(0)
            .max(contained)
            .max(usize::from(parts.has("items")));
        let least = parts.least("minItems").unwrap_or(0);
        let wanted = shown.max(least).min(parts.most("maxItems")).min(MAX_ITEMS);
        let unique = parts
            .all("uniqueItems")
            .any(|unique| unique == &Value::Bool(true));
        let mut items = Vec::new();
        for index in 0..wanted {
            if !self.fuel.allows_optional() && index >= least {
                break;
            }
            let mut schemas = parts.item(index);
            if index < contained {
                schemas.extend(&contains);
            }
            let item = match self.value(schemas.clone(), name, open) {
                Some(item) if unique && items.contains(&item) => {
                    self.another(&schemas, &items, &item)
                }
                item => item,
            };
            match item {
                Some(item) => items.push(item),
                None if index >= least => break,
                None => return None,
            }
        }
        Some(items)
    }

    /// Returns a value like `model` that is not in `taken`.
    fn another(&self, schemas: &[&'d Value], taken: &[Value], model: &Value) -> Option<Value> {
        let parts = Parts::of(self.document, schemas);
        let named = parts.lists("enum").cloned();
        let numbered = (1..=taken.len()).filter_map(|number| match model {
            Value::String(text) => Some(Value::from(format!("{text}{number}"))),
            Value::Bool(value) => Some(Value::from(!value)),
            Value::Number(value) if value.is_f64() => {
                Some(Value::from(value.as_f64()? + number as f64))
            }
            Value::Number(value) => {
                let step = parts.largest("multipleOf").unwrap_or(1.0) as i64;
                Some(Value::from(
                    value
                        .as_i64()?
                        .checked_add(step.checked_mul(number as i64)?)?,
                ))
            }
            _ => None,
        });
        let mut candidates = named.chain(numbered);
        candidates.find(|value| {
            !taken.contains(value) && schemas.iter().all(|schema| self.fits(schema, value))
        })
    }
}

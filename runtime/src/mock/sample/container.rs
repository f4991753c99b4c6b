//! Objects and arrays of a sample.

use serde_json::{Map, Value};

use super::parts::{Parts, nonempty_schema};
use super::{MOST_VALUES, Sampler};

impl<'d> Sampler<'d> {
    /// An object with all its properties; None when a required one has no finite value.
    pub(super) fn object(&self, parts: &Parts<'d>, open: &[&'d str]) -> Option<Map<String, Value>> {
        let required: Vec<&str> = parts.lists("required").filter_map(Value::as_str).collect();
        let mut names: Vec<&str> = parts.property_names().collect();
        names.extend(&required);
        let mut object = Map::new();
        for name in names {
            if object.contains_key(name) {
                continue;
            }
            let schemas = parts.property(name);
            let needed = required.contains(&name);
            let write_only = schemas
                .iter()
                .any(|schema| schema.get("writeOnly") == Some(&Value::Bool(true)));
            if !needed && (write_only || self.values_left.get() == 0) {
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
            let optional = |name: &&String| !required.contains(&name.as_str());
            let optional = object.keys().find(optional)?.clone();
            object.remove(&optional);
        }
        Some(object)
    }

    /// Entries under names that the schema leaves open: one where it says what they hold, and as
    /// many as it asks for.
    fn add_entries(&self, parts: &Parts<'d>, open: &[&'d str], object: &mut Map<String, Value>) {
        let described = parts.all("additionalProperties").any(nonempty_schema);
        let shown = if described { object.len() + 1 } else { 0 };
        let least = parts.least("minProperties").unwrap_or(0);
        let wanted = shown.max(least).min(MOST_VALUES);
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
            if object.len() >= wanted || (self.values_left.get() == 0 && object.len() >= least) {
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

    /// An array of one element, or as many as are asked for; None when those have no finite value.
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
        let wanted = shown
            .max(least)
            .min(parts.most("maxItems"))
            .min(MOST_VALUES);
        let unique = parts
            .all("uniqueItems")
            .any(|unique| unique == &Value::Bool(true));
        let mut items = Vec::new();
        for index in 0..wanted {
            if self.values_left.get() == 0 && index >= least {
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

    /// A value like `model` that is not in `taken`.
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

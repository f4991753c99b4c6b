//! Everything that applies to one value: the schema, its references, `allOf`, and one variant of
//! each union.

use serde_json::{Map, Value};

use crate::instances::making::{Choice, Making};

/// The schema objects that apply to one value, and discriminator values that a union demands.
#[derive(Debug, Default)]
pub(crate) struct Flat<'d> {
    pub(crate) schemas: Vec<(&'d Map<String, Value>, String)>,
    pub(crate) tags: Vec<(String, Vec<String>)>,
    /// No value is valid.
    pub(crate) impossible: bool,
}

/// How deep references, `allOf` and unions may nest in one place.
const HOPS: usize = 40;

impl<'d> Flat<'d> {
    /// Demands discriminator values. Those of an inner union count instead of those around it.
    fn demand(&mut self, property: &str, tags: Vec<String>) {
        self.tags.retain(|(name, _)| name != property);
        self.tags.push((property.to_owned(), tags));
    }

    /// Returns the values of a keyword in all schemas.
    pub(crate) fn all<'f>(&'f self, keyword: &'f str) -> impl Iterator<Item = &'d Value> + 'f {
        self.schemas
            .iter()
            .filter_map(move |(schema, _)| schema.get(keyword))
    }

    pub(crate) fn numbers(&self, keyword: &str) -> Vec<f64> {
        self.all(keyword).filter_map(Value::as_f64).collect()
    }

    /// Returns the types that all schemas allow; `None` if no schema names a type.
    pub(crate) fn types(&self) -> Option<Vec<&'d str>> {
        let mut common: Option<Vec<&str>> = None;
        for of in self.all("type") {
            let names: Vec<&str> = match of {
                Value::String(name) => vec![name],
                Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            common = Some(match common {
                None => names,
                Some(held) => {
                    let allows = |all: &[&str], name: &str| {
                        all.contains(&name) || (name == "integer" && all.contains(&"number"))
                    };
                    let both = held.iter().chain(&names);
                    let mut both: Vec<&str> = both
                        .copied()
                        .filter(|name| allows(&held, name) && allows(&names, name))
                        .collect();
                    both.sort_unstable();
                    both.dedup();
                    both
                }
            });
        }
        common
    }

    /// Returns the values that all schemas list; `None` if no schema lists values.
    pub(crate) fn constants(&self) -> Option<Vec<&'d Value>> {
        let mut common: Option<Vec<&Value>> = None;
        for (schema, _) in &self.schemas {
            let lists = [
                schema.get("const").map(|value| vec![value]),
                schema
                    .get("enum")
                    .and_then(Value::as_array)
                    .map(|values| values.iter().collect()),
            ];
            for values in lists.into_iter().flatten() {
                common = Some(match common {
                    None => values,
                    Some(held) => held
                        .into_iter()
                        .filter(|value| values.contains(value))
                        .collect(),
                });
            }
        }
        common
    }
}

impl<'d> Making<'d> {
    pub(crate) fn flatten(&mut self, schema: &'d Value, pointer: &str, into: &mut Flat<'d>) {
        self.flatten_at(schema, pointer, pointer, into, 0);
    }

    fn flatten_at(
        &mut self,
        schema: &'d Value,
        pointer: &str,
        owner: &str,
        into: &mut Flat<'d>,
        depth: usize,
    ) {
        let Value::Object(schema) = schema else {
            into.impossible |= schema == &Value::Bool(false);
            return;
        };
        if depth > HOPS {
            into.impossible = true;
            return;
        }
        into.schemas.push((schema, pointer.to_owned()));
        if let Some(target) = schema.get("$ref").and_then(Value::as_str)
            && let Some((found, at)) = self.resolve(target)
        {
            let is_part = pointer.contains("/allOf/");
            let owner = if is_part { owner } else { &at }.to_owned();
            self.flatten_at(found, &at, &owner, into, depth + 1);
        }
        for (index, member) in list(schema, "allOf").iter().enumerate() {
            let at = format!("{pointer}/allOf/{index}");
            self.flatten_at(member, &at, owner, into, depth + 1);
        }
        let discriminator = schema.get("discriminator");
        let property = discriminator
            .and_then(|it| it.get("propertyName"))
            .and_then(Value::as_str);
        let mut is_union = false;
        for keyword in ["oneOf", "anyOf"] {
            let branches = list(schema, keyword);
            if branches.is_empty() {
                continue;
            }
            is_union = true;
            let index = self.random.below(branches.len());
            let Some(branch) = branches.get(index) else {
                continue;
            };
            let pointers: Vec<String> = (0..branches.len())
                .map(|index| format!("{pointer}/{keyword}/{index}"))
                .collect();
            let chosen = self.target(pointers.get(index).map_or("", String::as_str));
            if let (Some(property), Some(discriminator)) = (property, discriminator) {
                let tags = self.tags(discriminator, &chosen);
                into.demand(property, tags);
            }
            self.choices.push(Choice {
                at: self.at.clone(),
                chosen: chosen.clone(),
                branches: pointers
                    .iter()
                    .map(|pointer| self.target(pointer))
                    .collect(),
                by_discriminator: property.is_some(),
            });
            let at = format!("{pointer}/{keyword}/{index}");
            self.flatten_at(branch, &at, &at, into, depth + 1);
        }
        // A component that others extend names them, or itself, in the property.
        if !is_union && let (Some(property), Some(discriminator)) = (property, discriminator) {
            let tags = self.tags(discriminator, owner);
            into.demand(property, tags);
        }
    }

    /// Returns the discriminator values of a variant: those of the mapping, or its name.
    fn tags(&self, discriminator: &Value, branch: &str) -> Vec<String> {
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let mapped = mapping.into_iter().flatten().filter(|(_, target)| {
            let Some(target) = target.as_str() else {
                return false;
            };
            let by_name = format!("/components/schemas/{target}");
            let at = self.resolve(target).map(|(_, at)| self.target(&at));
            at.as_deref() == Some(branch) || by_name == branch
        });
        let mapped: Vec<String> = mapped.map(|(tag, _)| tag.clone()).collect();
        if mapped.is_empty() {
            let name = branch.rsplit('/').next().unwrap_or_default();
            return vec![name.replace("~1", "/").replace("~0", "~")];
        }
        mapped
    }
}

pub(crate) fn list<'d>(schema: &'d Map<String, Value>, keyword: &str) -> &'d [Value] {
    schema
        .get(keyword)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

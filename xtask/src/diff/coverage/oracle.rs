//! The law, executed: which values a schema admits before and after an edit, found by validating
//! sampled values.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::diff::model::types::Types;

/// The effect of an edit on the set of valid values, as far as samples show it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SetEffect {
    /// A value was valid and is not.
    pub narrows: bool,
    /// A value was not valid and is.
    pub widens: bool,
}

/// A schema, and sampled values with their validity.
pub struct Sampled {
    values: Vec<(Value, bool)>,
    texts: BTreeSet<String>,
    validator: Validator,
}

impl Sampled {
    pub fn of(components: &Value, schema: &Value) -> Self {
        let validator = validator(components, schema);
        let texts: BTreeSet<String> = samples(components, schema, 3)
            .iter()
            .map(Value::to_string)
            .collect();
        let values = texts.iter().map(|text| {
            let value: Value = serde_json::from_str(text).unwrap();
            let is_valid = validator.is_valid(&value);
            (value, is_valid)
        });
        Self {
            values: values.collect(),
            validator,
            texts,
        }
    }

    /// Returns the effect of an edit, and values that show it.
    pub fn effect(&self, components: &Value, revision: &Value) -> (SetEffect, Vec<Value>) {
        let new = validator(components, revision);
        let mut effect = SetEffect::default();
        let mut witnesses = Vec::new();
        let mut compare = |value: &Value, was: bool| {
            let is = new.is_valid(value);
            effect.narrows |= was && !is;
            effect.widens |= !was && is;
            if was != is {
                witnesses.push(value.clone());
            }
        };
        for (value, was) in &self.values {
            compare(value, *was);
        }
        for value in samples(components, revision, 3) {
            if !self.texts.contains(&value.to_string()) {
                compare(&value, self.validator.is_valid(&value));
            }
        }
        (effect, witnesses)
    }
}

/// Keeps a few values of each type that are valid in the same schemas.
fn few(values: Vec<Value>, schemas: &[Validator]) -> Vec<Value> {
    const EACH: usize = 3;
    let mut counts: BTreeMap<(String, Vec<bool>), usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    values
        .into_iter()
        .filter(|value| {
            let kind = format!("{:?}", Types::of(value));
            let valid = schemas
                .iter()
                .map(|schema| schema.is_valid(value))
                .collect();
            let count = counts.entry((kind, valid)).or_default();
            *count += 1;
            *count <= EACH && seen.insert(value.to_string())
        })
        .collect()
}

fn validator(components: &Value, schema: &Value) -> Validator {
    let refers = schema.to_string().contains("$ref");
    let components = if refers { components } else { &Value::Null };
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": {"schemas": components},
        "allOf": [schema],
    });
    jsonschema::options()
        .should_validate_formats(true)
        .build(&whole)
        .unwrap()
}

/// Returns values at the boundaries of all keywords of a schema.
fn samples(components: &Value, schema: &Value, depth: u8) -> Vec<Value> {
    let usual = vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-3),
        json!(0.5),
        json!(""),
        json!("a"),
        json!("ab"),
        json!("abcdef"),
        json!("Z9"),
        json!("2024-02-29"),
        json!("2024-02-29T10:00:00Z"),
        json!([]),
        json!({}),
        json!([1]),
        json!({"zz": 1}),
    ];
    let Some(depth) = depth.checked_sub(1) else {
        return usual;
    };
    let mut values = Vec::new();
    let mut gathered = Gathered::default();
    gathered.read(components, schema, 6);
    for number in &gathered.numbers {
        for delta in [0.0, -1.0, 1.0, -0.5, 0.5, -0.1, 0.1, 0.05] {
            values.push(number_value(number + delta));
        }
        values.extend([2.0, 3.0, 5.0, 6.0, 15.0].map(|factor| number_value(number * factor)));
    }
    for length in gathered.lengths.iter().copied().filter(|it| *it < 40) {
        for length in [length.saturating_sub(1), length, length + 1] {
            values.push("a".repeat(length).into());
        }
    }
    values.extend(gathered.constants.iter().cloned());
    values.extend(usual);
    values.extend(arrays(components, &gathered, depth));
    values.extend(objects(components, &gathered, depth));
    values
}

fn number_value(number: f64) -> Value {
    let rounded = (number * 1000.0).round() / 1000.0;
    if rounded.fract() == 0.0 {
        json!(rounded as i64)
    } else {
        json!(rounded)
    }
}

fn arrays(components: &Value, gathered: &Gathered, depth: u8) -> Vec<Value> {
    let mut arrays: Vec<Value> = Vec::new();
    let mut items: Vec<Value> = Vec::new();
    for schema in &gathered.items {
        items.extend(samples(components, schema, depth.min(1)));
    }
    items.extend([json!(1), json!("a"), json!(true), json!(5), json!(7)]);
    let schemas: Vec<Validator> = gathered
        .items
        .iter()
        .map(|schema| validator(components, schema))
        .collect();
    let items = few(items, &schemas);
    let counts: BTreeSet<usize> = gathered
        .counts
        .iter()
        .flat_map(|count| [count.saturating_sub(1), *count, count + 1])
        .chain([1, 2, gathered.prefix.len() + 1, gathered.prefix.len() + 2])
        .filter(|count| *count < 5)
        .collect();
    let rests = if gathered.items.is_empty() {
        vec![json!({})]
    } else {
        gathered.items.clone()
    };
    for rest in &rests {
        arrays.extend(arrays_with(components, gathered, (rest, &items, &counts)));
    }
    arrays
}

/// Returns arrays whose elements after the prefix are valid in a schema, and arrays with one other
/// element.
fn arrays_with(
    components: &Value,
    gathered: &Gathered,
    (rest, items, counts): (&Value, &[Value], &BTreeSet<usize>),
) -> Vec<Value> {
    let mut arrays = Vec::new();
    // Several elements that are valid, and distinct, in the positions of the prefix.
    let valid: Vec<Vec<&Value>> = (0..8)
        .map(|index| {
            let schema = gathered.prefix.get(index).unwrap_or(rest);
            let validator = validator(components, schema);
            items
                .iter()
                .filter(|item| validator.is_valid(item))
                .collect()
        })
        .collect();
    for count in counts.iter().copied() {
        let usual: Vec<Value> = (0..count)
            .map(|index| {
                let of = &valid[index];
                of.get(index % of.len().max(1))
                    .map_or(json!("a"), |it| (*it).clone())
            })
            .collect();
        arrays.push(json!(usual));
        for position in 0..count.min(2) {
            for item in items {
                let mut one = usual.clone();
                one[position] = item.clone();
                arrays.push(json!(one));
            }
        }
        arrays.push(json!(vec![items[0].clone(); count]));
        for item in [json!(5), json!(6), json!("a")] {
            arrays.push(json!(vec![item; count]));
        }
        arrays.push((0..count).map(|index| 5 + index).collect());
        arrays.push((0..count).map(|index| "a".repeat(index + 1)).collect());
        let mixed = (0..count).map(|index| {
            if index % 2 == 0 {
                json!("a")
            } else {
                json!(index)
            }
        });
        arrays.push(mixed.collect());
    }
    arrays
}

fn objects(components: &Value, gathered: &Gathered, depth: u8) -> Vec<Value> {
    let mut names: BTreeSet<String> = gathered.properties.iter().map(|it| it.0.clone()).collect();
    names.extend(["zz".to_owned(), "zzzz".to_owned()]);
    let mut values_of: Vec<(String, Vec<Value>, Value)> = Vec::new();
    for name in names {
        let mut values: Vec<Value> = Vec::new();
        let mut schemas: Vec<&Value> = Vec::new();
        for (known, schema) in &gathered.properties {
            if *known == name {
                schemas.push(schema);
            }
        }
        if name.starts_with("zz") || schemas.is_empty() {
            schemas.extend(&gathered.additional);
        }
        for schema in &schemas {
            values.extend(samples(components, schema, depth.min(1)));
        }
        values.extend([json!(1), json!("a"), json!("abc"), json!(null)]);
        values.extend(gathered.constants.iter().cloned());
        let validators: Vec<Validator> = schemas
            .iter()
            .map(|schema| validator(components, schema))
            .collect();
        let values = few(values, &validators);
        let fits = |value: &&Value| validators.iter().all(|it| it.is_valid(value));
        let usual = values.iter().find(fits).cloned().unwrap_or(json!("a"));
        values_of.push((name, values, usual));
    }
    let mut objects = Vec::new();
    let declared: Vec<&(String, Vec<Value>, Value)> = values_of
        .iter()
        .filter(|it| !it.0.starts_with("zz"))
        .collect();
    // Every subset of the first properties, with usual values.
    let few = declared.len().min(5);
    for subset in 0_u32..1 << few {
        let chosen = declared.iter().take(few).enumerate();
        let object: Map<String, Value> = chosen
            .filter(|(index, _)| subset >> index & 1 == 1)
            .map(|(_, (name, _, usual))| (name.clone(), usual.clone()))
            .collect();
        objects.push(object.clone());
        // Other values in the smallest objects, and in the object with all properties.
        if subset.count_ones() > 1 && subset + 1 != 1 << few {
            continue;
        }
        for (name, values, _) in &values_of {
            for value in values {
                if object.contains_key(name) || name.starts_with("zz") {
                    let mut one = object.clone();
                    one.insert(name.clone(), value.clone());
                    objects.push(one);
                }
            }
        }
    }
    let mut all: Map<String, Value> = Map::new();
    for (name, _, usual) in &declared {
        all.insert(name.clone(), usual.clone());
    }
    for extra in 0..7 {
        all.insert(format!("n{extra}"), json!(1));
        objects.push(all.clone());
        objects.push(
            (0..=extra)
                .map(|index| (format!("n{index}"), json!(1)))
                .collect(),
        );
    }
    objects.into_iter().map(Value::Object).collect()
}

/// The keywords of a schema and of everything within it that applies to the same value.
#[derive(Default)]
struct Gathered {
    numbers: Vec<f64>,
    lengths: Vec<usize>,
    counts: Vec<usize>,
    constants: Vec<Value>,
    items: Vec<Value>,
    prefix: Vec<Value>,
    properties: Vec<(String, Value)>,
    additional: Vec<Value>,
}

impl Gathered {
    fn read(&mut self, components: &Value, schema: &Value, depth: u8) {
        let (Some(object), Some(depth)) = (schema.as_object(), depth.checked_sub(1)) else {
            return;
        };
        for (keyword, value) in object {
            match keyword.as_str() {
                "$ref" => {
                    let name = value.as_str().unwrap().rsplit('/').next().unwrap();
                    self.read(components, &components[name], depth);
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                    self.numbers.extend(value.as_f64());
                }
                "minLength" | "maxLength" => self.lengths.extend(count(value)),
                "minItems" | "maxItems" | "minContains" | "maxContains" => {
                    self.counts.extend(count(value));
                }
                "enum" => self
                    .constants
                    .extend(value.as_array().unwrap().iter().cloned()),
                "const" => self.constants.push(value.clone()),
                "items" | "contains" | "unevaluatedItems" => self.items.push(value.clone()),
                "prefixItems" => {
                    self.prefix
                        .extend(value.as_array().unwrap().iter().cloned());
                    self.items.extend(value.as_array().unwrap().iter().cloned());
                }
                "properties" => {
                    let properties = value.as_object().unwrap().iter();
                    self.properties
                        .extend(properties.map(|(name, schema)| (name.clone(), schema.clone())));
                }
                "patternProperties" => {
                    for (pattern, schema) in value.as_object().unwrap() {
                        let name = format!("{}1", pattern.trim_start_matches('^'));
                        self.properties.push((name, schema.clone()));
                    }
                }
                "required" => {
                    let names = value.as_array().unwrap().iter();
                    let named = names.map(|name| (name.as_str().unwrap().to_owned(), json!({})));
                    self.properties.extend(named);
                }
                "dependentRequired" => {
                    for (name, needs) in value.as_object().unwrap() {
                        let needs = needs.as_array().unwrap().iter();
                        let needs = needs.map(|need| need.as_str().unwrap().to_owned());
                        let all = needs.chain([name.clone()]);
                        self.properties.extend(all.map(|name| (name, json!({}))));
                    }
                }
                "additionalProperties" | "unevaluatedProperties" => {
                    self.additional.push(value.clone());
                }
                "allOf" | "anyOf" | "oneOf" => {
                    for part in value.as_array().unwrap() {
                        self.read(components, part, depth);
                    }
                }
                "not" | "if" | "then" | "else" => self.read(components, value, depth),
                "dependentSchemas" => {
                    for (name, part) in value.as_object().unwrap() {
                        self.properties.push((name.clone(), json!({})));
                        self.read(components, part, depth);
                    }
                }
                _ => {}
            }
        }
    }
}

fn count(value: &Value) -> Option<usize> {
    value.as_u64().map(|count| count as usize)
}

//! Documents spelled in another way: what they mean stays the same.

use std::cell::Cell;

use serde_json::{Map, Value, json};

type Respell = fn(&Value) -> Value;

pub const ALL: [(&str, Respell); 6] = [
    ("all schemas renamed", renamed),
    ("references inlined", inlined),
    ("all orders shuffled", shuffled),
    (
        "null beside a type said as an alternative",
        null_as_alternative,
    ),
    ("null among alternatives said as a type", null_as_type),
    ("values of discriminators written out", mapped),
];

const SCHEMAS: &str = "#/components/schemas/";

/// Members whose value is data, which is not to be touched.
const DATA: [&str; 5] = ["example", "examples", "default", "const", "enum"];

/// Members whose members have names of the document's own.
const NAMES: [&str; 9] = [
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "schemas",
    "mapping",
    "dependentSchemas",
    "paths",
    "responses",
];

/// Applies a function to each value that is no data, from the leaves upwards.
fn map(value: &Value, change: &impl Fn(Value) -> Value) -> Value {
    fn within(value: &Value, are_names: bool, change: &impl Fn(Value) -> Value) -> Value {
        let inner = match value {
            Value::Array(items) => items
                .iter()
                .map(|item| within(item, false, change))
                .collect(),
            Value::Object(object) => object
                .iter()
                .map(|(key, value)| {
                    let is_data =
                        !are_names && (DATA.contains(&key.as_str()) || key.starts_with("x-"));
                    let value = if is_data {
                        value.clone()
                    } else {
                        let are_names = !are_names && NAMES.contains(&key.as_str());
                        within(value, are_names, change)
                    };
                    (key.clone(), value)
                })
                .collect(),
            other => other.clone(),
        };
        if are_names { inner } else { change(inner) }
    }
    within(value, false, change)
}

fn renamed(document: &Value) -> Value {
    let name = |old: &str| format!("X{old}Y");
    let reference = |text: &str| {
        let path = text.strip_prefix(SCHEMAS)?;
        let (old, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
        Some(format!("{SCHEMAS}{}{rest}", name(old)))
    };
    let schemas = document.pointer("/components/schemas");
    let is_schema = |name: &str| schemas.is_some_and(|schemas| schemas.get(name).is_some());
    let mut document = map(document, &|mut value| {
        if let Some(text) = value.get("$ref").and_then(Value::as_str)
            && let Some(renamed) = reference(text)
        {
            value["$ref"] = renamed.into();
        }
        let mapping = value.pointer_mut("/discriminator/mapping");
        for target in mapping.and_then(Value::as_object_mut).into_iter().flatten() {
            let text = target.1.as_str().unwrap_or_default();
            if let Some(renamed) = reference(text) {
                *target.1 = renamed.into();
            } else if is_schema(text) {
                *target.1 = name(text).into();
            }
        }
        value
    });
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        *schemas = schemas
            .as_object()
            .unwrap()
            .iter()
            .map(|(old, schema)| (name(old), schema.clone()))
            .collect();
    }
    document
}

/// Components that a discriminator names without a mapping, with one.
fn mapped(document: &Value) -> Value {
    map(document, &|mut value| {
        let lists = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|key| value.get(key));
        let branches = lists.filter_map(Value::as_array).flatten();
        let references: Vec<String> = branches
            .filter_map(|branch| branch.get("$ref")?.as_str().map(str::to_owned))
            .collect();
        let Some(discriminator) = value
            .get_mut("discriminator")
            .and_then(Value::as_object_mut)
        else {
            return value;
        };
        let mapping = discriminator.entry("mapping").or_insert_with(|| json!({}));
        for reference in references {
            let name = reference
                .strip_prefix(SCHEMAS)
                .unwrap_or(&reference)
                .to_owned();
            let is_mapped = |target: &Value| *target == reference || *target == name;
            if let Some(mapping) = mapping.as_object_mut()
                && !mapping.values().any(is_mapped)
            {
                mapping.insert(name, reference.into());
            }
        }
        value
    })
}

/// References with nothing beside them, where they do not lead back to themselves; as many as make
/// the document no larger than it can be told in reasonable time.
fn inlined(document: &Value) -> Value {
    const MOST: usize = 3_000;

    struct Inlining<'d> {
        schemas: &'d Map<String, Value>,
        left: Cell<usize>,
    }

    impl<'d> Inlining<'d> {
        fn of(&self, value: &'d Value, within: &[&str]) -> Value {
            match value {
                Value::Array(items) => items.iter().map(|item| self.of(item, within)).collect(),
                // A discriminator names components.
                Value::Object(object) if !object.contains_key("discriminator") => {
                    let target = object
                        .get("$ref")
                        .and_then(Value::as_str)
                        .filter(|_| object.len() == 1);
                    let found = target
                        .and_then(|target| {
                            self.schemas.get_key_value(target.strip_prefix(SCHEMAS)?)
                        })
                        .filter(|(name, _)| !within.contains(&name.as_str()) && within.len() < 4)
                        .filter(|_| self.left.get() > 0);
                    match found {
                        Some((name, schema)) => {
                            self.left.set(self.left.get() - 1);
                            self.of(schema, &[within, &[name.as_str()]].concat())
                        }
                        None => object
                            .iter()
                            .map(|(key, value)| (key.clone(), self.of(value, within)))
                            .collect(),
                    }
                }
                other => other.clone(),
            }
        }
    }

    let none = Map::new();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let inlining = Inlining {
        schemas: schemas.unwrap_or(&none),
        left: Cell::new(MOST),
    };
    let paths = inlining.of(&document["paths"], &[]);
    let mut document = document.clone();
    document["paths"] = paths;
    document
}

/// Members, and the elements of lists whose order means nothing.
fn shuffled(document: &Value) -> Value {
    const SETS: [&str; 9] = [
        "required",
        "enum",
        "oneOf",
        "anyOf",
        "allOf",
        "parameters",
        "type",
        "security",
        "servers",
    ];
    fn shuffle<T>(items: &mut [T]) {
        let mut state: u64 = 0x2545_f491_4f6c_dd1d;
        for last in (1..items.len()).rev() {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            items.swap(last, usize::try_from(state >> 33).unwrap() % (last + 1));
        }
    }
    map(document, &|value| match value {
        Value::Object(object) => {
            let mut members: Vec<(String, Value)> = object.into_iter().collect();
            shuffle(&mut members);
            members
                .into_iter()
                .map(|(key, mut value)| {
                    if let Value::Array(items) = &mut value
                        && SETS.contains(&key.as_str())
                    {
                        shuffle(items);
                    }
                    (key, value)
                })
                .collect()
        }
        other => other,
    })
}

const WORDS: [&str; 2] = ["description", "title"];

fn null_as_alternative(document: &Value) -> Value {
    map(document, &|value| {
        let Some(object) = value.as_object() else {
            return value;
        };
        let is_plain = ["enum", "const", "oneOf", "anyOf"]
            .iter()
            .all(|key| !object.contains_key(*key));
        match object.get("type").and_then(Value::as_array) {
            Some(types) if types.len() == 2 && types.contains(&json!("null")) && is_plain => {
                let other = types.iter().find(|name| *name != "null").unwrap();
                let (mut outer, mut inner): (Map<String, Value>, Map<String, Value>) = object
                    .clone()
                    .into_iter()
                    .partition(|(key, _)| WORDS.contains(&key.as_str()));
                inner.insert("type".to_owned(), other.clone());
                outer.insert("anyOf".to_owned(), json!([{"type": "null"}, inner]));
                outer.into()
            }
            _ => value,
        }
    })
}

fn null_as_type(document: &Value) -> Value {
    map(document, &|value| {
        let merged = || -> Option<Value> {
            let object = value.as_object()?;
            let key = ["anyOf", "oneOf"]
                .into_iter()
                .find(|key| object.contains_key(*key))?;
            let [first, second] = object[key].as_array()?.as_slice() else {
                return None;
            };
            let null_type = json!({"type": "null"});
            let other = match (*first == null_type, *second == null_type) {
                (true, false) => second,
                (false, true) => first,
                _ => return None,
            };
            let other = other.as_object()?;
            if let Some(reference) = other.get("$ref") {
                let mut merged = object.clone();
                merged.shift_remove(key);
                merged.insert("oneOf".to_owned(), json!([null_type, {"$ref": reference}]));
                return (other.len() == 1).then(|| merged.into());
            }
            let name = other.get("type")?.as_str()?;
            let is_free = object.keys().all(|word| {
                word == key || WORDS.contains(&word.as_str()) && !other.contains_key(word)
            });
            if !is_free || other.contains_key("enum") || other.contains_key("const") {
                return None;
            }
            let mut merged = object.clone();
            merged.shift_remove(key);
            merged.extend(other.clone());
            merged.insert("type".to_owned(), json!([name, "null"]));
            Some(merged.into())
        };
        merged().unwrap_or(value)
    })
}

/// The document without every third operation, every fourth property and every third value of a
/// list.
pub fn thinned(document: &Value) -> Value {
    let without = |object: &Map<String, Value>, nth: usize| -> Value {
        let members = object.iter().enumerate();
        members
            .filter(|(index, _)| index % nth != nth - 1)
            .map(|(_, (key, value))| (key.clone(), value.clone()))
            .collect()
    };
    let mut thin = map(document, &|mut value| {
        if let Some(properties) = value.get("properties").and_then(Value::as_object) {
            value["properties"] = without(properties, 4);
        }
        if let Some(values) = value.get("enum").and_then(Value::as_array) {
            let kept = values.iter().enumerate();
            value["enum"] = kept
                .filter(|(index, _)| index % 3 != 2)
                .map(|(_, value)| value.clone())
                .collect();
        }
        value
    });
    let paths = document["paths"].as_object().unwrap();
    let kept = without(paths, 3);
    thin["paths"]
        .as_object_mut()
        .unwrap()
        .retain(|path, _| kept.get(path).is_some());
    thin
}

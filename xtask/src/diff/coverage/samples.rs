//! Sampled values: at the boundaries of every keyword of some schemas.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::gathered::Gathered;
use super::oracle::{DEPTH, Oracle};
use super::references::with_references;

/// Names of properties that no schema declares, of several lengths.
const EXTRA: [&str; 5] = ["zz", "zzzz", "q", "qqq", "ab"];

/// A property: name, values, and the usual value.
type Property = (String, Vec<Value>, Value);

/// The most ways to choose variants of unions.
const WAYS: usize = 6;

fn usual() -> Vec<Value> {
    vec![
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
        json!("0b8e4c0e-5a8e-4bb8-9d3c-2f6b7f3f9a10"),
        json!([]),
        json!({}),
        json!([1]),
        json!({"zz": 1}),
    ]
}

impl Oracle {
    /// Returns values at the boundaries of all keywords of schemas that apply to the same value.
    pub fn samples(&mut self, components: &Value, schemas: &[Value], depth: u8) -> Rc<Vec<Value>> {
        let key = format!("{depth} {}", with_references(components, &json!(schemas)));
        if let Some(known) = self.samples.get(&key) {
            return Rc::clone(known);
        }
        let mut values = usual();
        let (mut whole, ways) = Gathered::read(components, schemas, None);
        values.extend(scalars(&mut whole));
        if let Some(depth) = depth.checked_sub(1) {
            let ways = if ways > 1 { ways.min(WAYS) } else { 0 };
            let chosen = (0..ways).map(|way| Gathered::read(components, schemas, Some(way)).0);
            for gathered in std::iter::once(whole).chain(chosen) {
                values.extend(self.arrays(components, &gathered, depth));
                values.extend(self.objects(components, &gathered, depth));
            }
        }
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(hash_of(value)));
        let values = Rc::new(values);
        // Other edits have the schemas within in common, not the whole.
        if depth < DEPTH {
            self.samples.insert(key, Rc::clone(&values));
        }
        values
    }

    /// Returns the few samples that tell the schemas apart.
    fn few_samples(
        &mut self,
        components: &Value,
        schemas: &[Value],
        more: &[Value],
        depth: u8,
    ) -> Vec<Value> {
        let values = self.samples(components, schemas, depth);
        self.few(components, schemas, values.iter().chain(more))
    }

    fn arrays(&mut self, components: &Value, gathered: &Gathered, depth: u8) -> Vec<Value> {
        let schemas = distinct(&gathered.items);
        let more = [json!(1), json!("a"), json!(true), json!(5), json!(7)];
        let items = self.few_samples(components, &schemas, &more, depth);
        let length = gathered
            .tuples
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or_default();
        let counts: BTreeSet<usize> = gathered
            .counts
            .iter()
            .flat_map(|count| [count.saturating_sub(1), *count, count + 1])
            .chain([1, 2, length, length + 1, length + 2])
            .filter(|count| *count < 7)
            .collect();
        // Enough values to fill a long array with distinct ones.
        let texts = (1..8).map(|length| json!("a".repeat(length)));
        let numbers = (1..14).map(|number| json!(number));
        let pool: Vec<Value> = items.iter().cloned().chain(texts).chain(numbers).collect();
        let mut arrays = Vec::new();
        let rests = if gathered.rests.is_empty() {
            vec![json!({})]
        } else {
            distinct(&gathered.rests)
        };
        let mut tuples = gathered.tuples.clone();
        if tuples.is_empty() {
            tuples.push(Vec::new());
        }
        for (tuple, rest) in tuples
            .iter()
            .flat_map(|it| rests.iter().map(move |rest| (it, rest)))
        {
            let valid: Vec<Vec<&Value>> = (0..7)
                .map(|index| {
                    let schema = tuple.get(index).unwrap_or(rest);
                    let validator = self.validator(components, schema);
                    pool.iter()
                        .filter(|item| validator.is_valid(item))
                        .collect()
                })
                .collect();
            for count in counts.iter().copied() {
                arrays.extend(of_length(count, &valid, &items));
            }
        }
        // Combinations of a few values, with repetitions.
        let few = items.iter().rev().take(3).chain(items.iter().take(3));
        let of_each = [json!(1), json!(5), json!("a"), json!(true)];
        let more = of_each.iter().filter(|_| gathered.has_contains);
        let mixed: Vec<&Value> = few.chain(more).collect();
        for one in &mixed {
            for two in &mixed {
                arrays.extend(mixed.iter().map(|three| json!([one, two, three])));
            }
        }
        arrays
    }

    fn objects(&mut self, components: &Value, gathered: &Gathered, depth: u8) -> Vec<Value> {
        let mut names: BTreeSet<String> =
            gathered.properties.iter().map(|it| it.0.clone()).collect();
        names.extend(EXTRA.map(str::to_owned));
        let mut properties: Vec<Property> = Vec::new();
        for name in names {
            let mut schemas: Vec<Value> = gathered
                .properties
                .iter()
                .filter(|(known, _)| *known == name)
                .map(|(_, schema)| schema.clone())
                .collect();
            if EXTRA.contains(&name.as_str()) || schemas.iter().all(|it| it == &json!({})) {
                schemas.extend(gathered.additional.iter().cloned());
            }
            let schemas = distinct(&schemas);
            let mut more = vec![json!(1), json!("a"), json!("abc"), json!(null)];
            more.extend(gathered.constants.iter().cloned());
            let values = self.few_samples(components, &schemas, &more, depth);
            let validators: Vec<_> = schemas
                .iter()
                .map(|schema| self.validator(components, schema))
                .collect();
            let fitting =
                |value: &&Value| validators.iter().filter(|it| it.is_valid(value)).count();
            let usual = values.iter().rev().max_by_key(fitting).cloned();
            properties.push((name, values, usual.unwrap_or(json!("a"))));
        }
        let mut objects = objects_of(&properties);
        if gathered.has_condition {
            objects.extend(with_pairs(&properties));
        }
        objects
    }
}

fn hash_of(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Returns each schema once.
fn distinct(schemas: &[Value]) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let once = schemas.iter().filter(|it| seen.insert(it.to_string()));
    once.cloned().collect()
}

fn scalars(gathered: &mut Gathered) -> Vec<Value> {
    let mut values = Vec::new();
    for number in &gathered.numbers {
        for delta in [0.0, -1.0, 1.0, -0.5, 0.5, -0.1, 0.1, 0.05] {
            values.push(number_value(number + delta));
        }
        values.extend([0.5, 2.0, 3.0, 5.0, 6.0, 15.0].map(|factor| number_value(number * factor)));
    }
    for length in gathered.lengths.iter().copied().filter(|it| *it < 40) {
        for length in [length.saturating_sub(1), length, length + 1] {
            values.push("a".repeat(length).into());
        }
    }
    values.extend(gathered.constants.iter().cloned());
    values
}

/// Returns a number as a document would have it.
pub fn number_value(number: f64) -> Value {
    let rounded = (number * 1000.0).round() / 1000.0;
    if rounded.fract() == 0.0 {
        json!(rounded as i64)
    } else {
        json!(rounded)
    }
}

/// Returns arrays of a length: of valid elements, and with one other element.
fn of_length(count: usize, valid: &[Vec<&Value>], items: &[Value]) -> Vec<Value> {
    let filled = |index: usize| {
        let of: &[&Value] = valid.get(index).map_or(&[], |of| of);
        let chosen = of.get(index % of.len().max(1));
        chosen.map_or(json!("a"), |it| (*it).clone())
    };
    let usual: Vec<Value> = (0..count).map(filled).collect();
    let mut arrays = vec![json!(usual)];
    for position in 0..count.min(4) {
        for item in items {
            let mut one = usual.clone();
            one[position] = item.clone();
            arrays.push(json!(one));
        }
    }
    for item in [json!(5), json!(6), json!("a")] {
        arrays.push(json!(vec![item; count]));
    }
    arrays.push((0..count).map(|index| 5 + index).collect());
    arrays.push((0..count).map(|index| "a".repeat(index + 1)).collect());
    arrays
}

fn objects_of(properties: &[Property]) -> Vec<Value> {
    let mut objects: Vec<Map<String, Value>> = Vec::new();
    let is_extra = |name: &str| EXTRA.contains(&name);
    let declared: Vec<_> = properties.iter().filter(|it| !is_extra(&it.0)).collect();
    let extra: Vec<_> = properties.iter().filter(|it| is_extra(&it.0)).collect();
    let few = declared.len().min(5);
    for subset in 0_u32..1 << few {
        let chosen = declared.iter().take(few).enumerate();
        let chosen = chosen.filter(|(index, _)| subset >> index & 1 == 1);
        let object: Map<String, Value> = chosen
            .map(|(_, (name, _, usual))| (name.clone(), usual.clone()))
            .collect();
        objects.push(object.clone());
        if few <= 3 {
            let value = extra.first().map_or(json!(1), |it| it.2.clone());
            let names = ["n0", "n1", "n2"];
            let more = names.map(|name| (name.to_owned(), value.clone()));
            objects.push(object.clone().into_iter().chain(more).collect());
        }
        // Other values in objects with few properties, and with nearly all.
        let count = subset.count_ones() as usize;
        if few > 3 && count > 2 && count + 1 < few {
            continue;
        }
        for (name, values, _) in &declared {
            let others = values.iter().filter(|_| object.contains_key(name));
            for value in others {
                let other = with(&object, name, value);
                if count == 1 {
                    objects.extend(beside(&other, &extra));
                }
                objects.push(other);
            }
        }
        if count <= 1 || count == few {
            // Names of other lengths matter alone.
            let shown = if count == 0 { extra.len() } else { 2 };
            for (name, values, _) in extra.iter().rev().take(shown) {
                objects.extend(values.iter().map(|value| with(&object, name, value)));
            }
        }
    }
    let mut all: Map<String, Value> = declared
        .iter()
        .map(|(name, _, usual)| (name.clone(), usual.clone()))
        .collect();
    let mut none = Map::new();
    let value = extra.first().map_or(json!(1), |it| it.2.clone());
    for index in 0..7 {
        for object in [&mut all, &mut none] {
            object.insert(format!("n{index}"), value.clone());
            objects.push(object.clone());
        }
    }
    objects.into_iter().map(Value::Object).collect()
}

/// Returns objects with all values of two properties, alone and beside the other properties.
fn with_pairs(properties: &[Property]) -> Vec<Value> {
    let (extra, declared): (Vec<_>, Vec<_>) = properties
        .iter()
        .partition(|(name, ..)| EXTRA.contains(&name.as_str()));
    let all: Map<String, Value> = declared
        .iter()
        .map(|(name, _, usual)| (name.clone(), usual.clone()))
        .collect();
    let chosen: Vec<_> = declared
        .iter()
        .take(5)
        .chain(extra.iter().take(2))
        .collect();
    let mut objects = Vec::new();
    for (index, (name, values, _)) in chosen.iter().enumerate() {
        for (other, others, _) in chosen.iter().skip(index + 1) {
            for value in values {
                for second in others {
                    for around in [&Map::new(), &all] {
                        let object = with(around, name, value);
                        objects.push(Value::Object(with(&object, other, second)));
                    }
                }
            }
        }
    }
    objects
}

/// Returns an object with one and with several properties that no schema declares.
fn beside(object: &Map<String, Value>, extra: &[&Property]) -> Vec<Map<String, Value>> {
    let mut found = Vec::new();
    let mut several = object.clone();
    for (name, _, usual) in extra {
        several.insert(name.clone(), usual.clone());
        found.push(several.clone());
    }
    found
}

fn with(object: &Map<String, Value>, name: &str, value: &Value) -> Map<String, Value> {
    let mut one = object.clone();
    one.insert(name.to_owned(), value.clone());
    one
}

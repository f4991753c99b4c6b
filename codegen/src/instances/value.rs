//! Values of every type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::instances::flat::{Flat, list};
use crate::instances::making::{DEPTH, Making, Place};

/// How deep values nest at all.
const LIMIT: usize = 24;

impl<'d> Making<'d> {
    /// Returns a value for schemas that all apply, with one of the texts `among`, if there are any.
    pub(crate) fn value(&mut self, places: &[Place<'d>], among: &[String]) -> Option<Value> {
        if self.depth > LIMIT {
            return None;
        }
        let mut flat = Flat::default();
        for (schema, pointer) in places {
            self.flatten(schema, pointer, &mut flat);
        }
        if flat.impossible {
            return None;
        }
        if let Some(constants) = flat.constants() {
            let types = flat.types();
            let fits = |value: &&&Value| {
                let by_type = types.as_ref().is_none_or(|types| has_type(value, types));
                let by_tag = among.is_empty()
                    || value
                        .as_str()
                        .is_none_or(|text| among.iter().any(|one| one == text));
                by_type && by_tag
            };
            let fitting: Vec<&Value> = constants.iter().filter(fits).copied().collect();
            let chosen = self.random.pick(&fitting).or(constants.first())?;
            if chosen.is_string()
                && (constants.len() > 1 || !among.is_empty() || self.is_in_union())
            {
                self.enums.push(self.at.clone());
            }
            return Some((*chosen).clone());
        }
        if let Some(text) = self.random.pick(among) {
            let types = flat.types();
            if types.as_ref().is_none_or(|types| types.contains(&"string")) {
                self.enums.push(self.at.clone());
            }
            let is_number = types.is_some_and(|types| types.contains(&"integer"));
            return match text.parse::<i64>() {
                Ok(number) if is_number => Some(json!(number)),
                _ => Some(json!(text)),
            };
        }
        let mut kinds = flat.types().unwrap_or_else(|| implied(&flat));
        if kinds.len() > 1 && !self.random.percent(50) {
            kinds.retain(|kind| *kind != "null");
        }
        match *self.random.pick(&kinds)? {
            "null" => Some(Value::Null),
            "boolean" => Some(json!(self.random.percent(50))),
            "integer" => Some(self.integer(&flat)),
            "number" => Some(self.number(&flat)),
            "string" => Some(json!(self.text(&flat))),
            "array" => self.array(&flat),
            "object" => self.object(&flat),
            _ => None,
        }
    }

    /// Returns whether the value is a property of a value of a union.
    fn is_in_union(&self) -> bool {
        let around = self.at.rsplit_once('/').map(|(around, _)| around);
        around.is_some_and(|around| self.choices.iter().any(|choice| choice.at == around))
    }

    /// Returns a value one level deeper.
    fn inside(&mut self, name: &str, places: &[Place<'d>], among: &[String]) -> Option<Value> {
        let length = self.at.len();
        let noted = (self.choices.len(), self.objects.len(), self.enums.len());
        self.at.push('/');
        self.at.push_str(&token(name));
        self.depth += 1;
        let value = self.value(places, among);
        self.depth -= 1;
        self.at.truncate(length);
        if value.is_none() {
            self.choices.truncate(noted.0);
            self.objects.truncate(noted.1);
            self.enums.truncate(noted.2);
        }
        value
    }

    fn array(&mut self, flat: &Flat<'d>) -> Option<Value> {
        let count = |keyword: &'static str| flat.all(keyword).filter_map(Value::as_u64);
        let least = count("minItems").max().unwrap_or(0);
        let most = count("maxItems").min().unwrap_or(u64::MAX);
        let prefix: Vec<Place<'d>> = flat
            .schemas
            .iter()
            .flat_map(|(schema, at)| {
                list(schema, "prefixItems")
                    .iter()
                    .enumerate()
                    .map(move |(index, item)| (item, format!("{at}/prefixItems/{index}")))
            })
            .collect();
        let items: Vec<Place<'d>> = places(flat, "items");
        let closed = flat.all("items").any(|items| items == &Value::Bool(false));
        let extra = match self.random.below(8) {
            _ if self.depth > DEPTH => 0,
            0 if self.depth < 3 => 5,
            _ => 2,
        };
        let wanted = (least + self.random.below(extra + 1) as u64)
            .max(
                prefix
                    .len()
                    .min(usize::try_from(most).unwrap_or(usize::MAX)) as u64,
            )
            .min(most);
        let unique = flat.all("uniqueItems").any(|it| it == &Value::Bool(true));
        let mut values: Vec<Value> = Vec::new();
        for position in 0..usize::try_from(wanted).ok()? {
            let of = match prefix.get(position) {
                Some(place) => vec![place.clone()],
                None if closed => break,
                None => items.clone(),
            };
            let index = values.len().to_string();
            let Some(value) = self.inside(&index, &of, &[]) else {
                if (values.len() as u64) < least {
                    return None;
                }
                break;
            };
            if !(unique && values.contains(&value)) {
                values.push(value);
            }
        }
        Some(Value::Array(values))
    }

    fn object(&mut self, flat: &Flat<'d>) -> Option<Value> {
        let mut described: BTreeMap<&str, Vec<Place<'d>>> = BTreeMap::new();
        let mut required: BTreeSet<&str> = BTreeSet::new();
        for (schema, at) in &flat.schemas {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                let place = (property, format!("{at}/properties/{}", token(name)));
                described.entry(name).or_default().push(place);
            }
            required.extend(list(schema, "required").iter().filter_map(Value::as_str));
        }
        let further = places(flat, "additionalProperties");
        let closed = flat
            .all("additionalProperties")
            .any(|further| further == &Value::Bool(false));
        // If other properties have a schema, an unknown property must match the schema.
        let is_described = [
            "additionalProperties",
            "unevaluatedProperties",
            "patternProperties",
        ]
        .iter()
        .any(|keyword| flat.all(keyword).any(Value::is_object));
        if !described.is_empty() && !is_described {
            self.objects.push(self.at.clone());
        }
        let mut object = Map::new();
        let chance = self.presence.chance(self.depth);
        for (name, of) in &described {
            let is_required = required.contains(name);
            if !is_required && !self.random.percent(chance) {
                continue;
            }
            let among: Vec<String> = flat
                .tags
                .iter()
                .filter(|(property, _)| property == name)
                .flat_map(|(_, tags)| tags.clone())
                .collect();
            match self.inside(name, of, &among) {
                Some(value) => drop(object.insert((*name).to_owned(), value)),
                None if is_required => return None,
                None => {}
            }
        }
        for name in required {
            if !object.contains_key(name) {
                let tag = flat.tags.iter().find(|(property, _)| property == name);
                let value = match tag.and_then(|(_, tags)| tags.first()) {
                    Some(tag) => {
                        self.enums.push(format!("{}/{}", self.at, token(name)));
                        json!(tag)
                    }
                    None => self.inside(name, &further, &[])?,
                };
                object.insert(name.to_owned(), value);
            }
        }
        for (property, tags) in &flat.tags {
            if !object.contains_key(property)
                && let Some(tag) = self.random.pick(tags)
            {
                // Without the discriminator value, each variant that accepts the value is right.
                if self.random.percent(30) {
                    let here = self.choices.iter_mut().filter(|it| it.at == self.at);
                    here.for_each(|choice| choice.by_discriminator = false);
                    continue;
                }
                let of = described
                    .get(property.as_str())
                    .cloned()
                    .unwrap_or_default();
                let value = if of.is_empty() {
                    self.enums.push(format!("{}/{}", self.at, token(property)));
                    json!(tag)
                } else {
                    self.inside(property, &of, tags)?
                };
                object.insert(property.clone(), value);
            }
        }
        if !further.is_empty() && !closed && self.depth <= DEPTH {
            let wanted = if described.is_empty() { 2 } else { 1 };
            for index in 0..self.random.below(wanted + 1) {
                let name = self.key(index);
                if !object.contains_key(&name)
                    && !described.contains_key(name.as_str())
                    && let Some(value) = self.inside(&name, &further, &[])
                {
                    object.insert(name, value);
                }
            }
        }
        Some(Value::Object(object))
    }

    /// Returns the name of an additional property.
    fn key(&mut self, index: usize) -> String {
        let odd = self.random.percent(25).then(|| self.random.pick(ODD_NAMES));
        match odd.flatten() {
            Some(name) => (*name).to_owned(),
            None => format!("key-{index}"),
        }
    }
}

/// Names that a map may have, and that code may take for something else.
const ODD_NAMES: &[&str] = &[
    "",
    "a/b~c",
    "é 日本",
    "type",
    "$ref",
    "extra",
    "\"quoted\"",
    "0",
];

/// Returns a name as a token of a JSON pointer.
fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn places<'d>(flat: &Flat<'d>, keyword: &str) -> Vec<Place<'d>> {
    flat.schemas
        .iter()
        .filter_map(|(schema, at)| Some((schema.get(keyword)?, format!("{at}/{keyword}"))))
        .collect()
}

fn has_type(value: &Value, types: &[&str]) -> bool {
    let own = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => return types.contains(&"integer") || types.contains(&"number"),
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    types.contains(&own)
}

/// Returns the types that the keywords of schemas without a type suggest.
fn implied(flat: &Flat<'_>) -> Vec<&'static str> {
    let says = |keyword: &str| flat.all(keyword).next().is_some();
    if says("properties") || says("required") || says("additionalProperties") {
        vec!["object"]
    } else if says("items") || says("prefixItems") {
        vec!["array"]
    } else if says("pattern") || says("format") || says("minLength") || says("maxLength") {
        vec!["string"]
    } else if says("minimum") || says("maximum") {
        vec!["integer"]
    } else {
        vec!["string", "integer", "boolean", "array", "object", "null"]
    }
}

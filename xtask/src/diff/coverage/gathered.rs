//! The keywords of schemas, and of all schemas within them that apply to the same value.

use serde_json::{Value, json};

use super::references::name_of;

/// The depth of schemas that apply to the same value.
const DEPTH: u8 = 6;

/// The gathered keywords.
#[derive(Default)]
pub struct Gathered {
    pub numbers: Vec<f64>,
    pub lengths: Vec<usize>,
    pub counts: Vec<usize>,
    pub constants: Vec<Value>,
    /// All schemas of elements.
    pub items: Vec<Value>,
    /// The schemas of elements after the prefix.
    pub rests: Vec<Value>,
    /// The elements by position, of each tuple.
    pub tuples: Vec<Vec<Value>>,
    pub has_contains: bool,
    /// Some keywords apply under a condition.
    pub has_condition: bool,
    pub properties: Vec<(String, Value)>,
    pub additional: Vec<Value>,
}

/// Chooses one variant of each union.
struct Choice {
    rest: Option<usize>,
    /// The number of combinations of variants.
    ways: usize,
}

impl Gathered {
    /// Reads schemas. A chosen way takes one variant of each union, or else all of them. Also
    /// returns the number of ways.
    pub fn read(components: &Value, schemas: &[Value], way: Option<usize>) -> (Self, usize) {
        let mut gathered = Self::default();
        let mut ways = 1;
        for schema in schemas {
            let mut choice = Choice { rest: way, ways: 1 };
            gathered.read_one(components, schema, &mut choice, DEPTH);
            ways = ways.max(choice.ways);
        }
        (gathered, ways)
    }

    fn read_one(&mut self, components: &Value, schema: &Value, choice: &mut Choice, depth: u8) {
        let (Some(object), Some(depth)) = (schema.as_object(), depth.checked_sub(1)) else {
            return;
        };
        let list = |value: &Value| value.as_array().unwrap().clone();
        for (keyword, value) in object {
            match keyword.as_str() {
                "$ref" => {
                    let name = name_of(value.as_str().unwrap());
                    self.read_one(components, &components[&name], choice, depth);
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                    self.numbers.extend(value.as_f64());
                }
                "minLength" | "maxLength" => self.lengths.extend(count(value)),
                "minItems" | "maxItems" | "minContains" | "maxContains" => {
                    self.counts.extend(count(value));
                }
                "enum" => self.constants.extend(list(value)),
                "const" => self.constants.push(value.clone()),
                "items" | "unevaluatedItems" => {
                    self.items.push(value.clone());
                    self.rests.push(value.clone());
                }
                "contains" => {
                    self.has_contains = true;
                    self.items.push(value.clone());
                    self.rests.push(value.clone());
                }
                "prefixItems" => {
                    self.tuples.push(list(value));
                    self.items.extend(list(value));
                }
                "properties" => {
                    let properties = value.as_object().unwrap().iter();
                    self.properties
                        .extend(properties.map(|(name, schema)| (name.clone(), schema.clone())));
                }
                "patternProperties" => {
                    for (pattern, schema) in value.as_object().unwrap() {
                        for number in 1..4 {
                            let name = format!("{}{number}", pattern.trim_start_matches('^'));
                            self.properties.push((name, schema.clone()));
                        }
                    }
                }
                "required" => self.named(&list(value)),
                "propertyNames" => {
                    if let Some(names) = value.get("enum") {
                        self.named(&list(names));
                    }
                }
                "dependentRequired" => {
                    for (name, needs) in value.as_object().unwrap() {
                        self.named(&list(needs));
                        self.named(&[json!(name)]);
                    }
                }
                "additionalProperties" | "unevaluatedProperties" => {
                    self.additional.push(value.clone());
                }
                "allOf" => {
                    for part in value.as_array().unwrap() {
                        self.read_one(components, part, choice, depth);
                    }
                }
                "anyOf" | "oneOf" => self.read_union(components, &list(value), choice, depth),
                "not" | "if" | "then" | "else" => {
                    self.has_condition |= keyword == "if";
                    self.read_one(components, value, choice, depth);
                }
                "dependentSchemas" => {
                    for (name, part) in value.as_object().unwrap() {
                        self.named(&[json!(name)]);
                        self.read_one(components, part, choice, depth);
                    }
                }
                _ => {}
            }
        }
    }

    fn read_union(&mut self, components: &Value, list: &[Value], choice: &mut Choice, depth: u8) {
        choice.ways *= list.len().max(1);
        let Some(rest) = choice.rest else {
            for part in list {
                self.read_one(components, part, choice, depth);
            }
            return;
        };
        let count = list.len().max(1);
        choice.rest = Some(rest / count);
        if let Some(part) = list.get(rest % count) {
            self.read_one(components, part, choice, depth);
        }
    }

    fn named(&mut self, names: &[Value]) {
        let named = names.iter().filter_map(Value::as_str).map(str::to_owned);
        self.properties.extend(named.map(|name| (name, json!({}))));
    }
}

fn count(value: &Value) -> Option<usize> {
    value.as_u64().map(|count| count as usize)
}

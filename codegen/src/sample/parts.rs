//! Reads several schema objects that apply to one location as if they were one.

use serde_json::{Map, Value};

use crate::openapi::reference;

/// The schema objects that apply to one location: a schema, its `$ref` target, and the subschemas
/// of its `allOf`.
#[derive(Clone, Default)]
pub(super) struct Parts<'d>(Vec<&'d Map<String, Value>>);

impl<'d> Parts<'d> {
    /// Collects the parts of `schemas`, without choosing a variant of `oneOf` or `anyOf`.
    pub(super) fn of(document: &'d Value, schemas: &[&'d Value]) -> Self {
        let mut parts = Self::default();
        let mut pending = schemas.to_vec();
        while let Some(schema) = pending.pop() {
            let Some(schema) = schema.as_object() else {
                continue;
            };
            // A part that is present already came by a reference to itself.
            if !parts.0.iter().any(|part| std::ptr::eq(*part, schema)) {
                parts.push(schema);
                let reference = schema.get("$ref").and_then(Value::as_str);
                pending.extend(reference.and_then(|reference| referred(document, reference)));
                pending.extend(list(schema, "allOf"));
            }
        }
        parts
    }

    pub(super) fn push(&mut self, schema: &'d Map<String, Value>) {
        self.0.push(schema);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn objects(&self) -> impl Iterator<Item = &'d Map<String, Value>> {
        self.0.iter().copied()
    }

    pub(super) fn has(&self, keyword: &str) -> bool {
        self.0.iter().any(|part| part.contains_key(keyword))
    }

    /// Returns every value of a keyword, the outermost schema's first.
    pub(super) fn all(&self, keyword: &str) -> impl Iterator<Item = &'d Value> {
        self.objects().filter_map(move |part| part.get(keyword))
    }

    /// Returns every entry of a keyword that holds a list.
    pub(super) fn lists(&self, keyword: &str) -> impl Iterator<Item = &'d Value> {
        self.all(keyword).filter_map(Value::as_array).flatten()
    }

    pub(super) fn text(&self, keyword: &str) -> Option<&'d str> {
        self.all(keyword).find_map(Value::as_str)
    }

    pub(super) fn largest(&self, keyword: &str) -> Option<f64> {
        self.all(keyword).filter_map(Value::as_f64).reduce(f64::max)
    }

    pub(super) fn smallest(&self, keyword: &str) -> Option<f64> {
        self.all(keyword).filter_map(Value::as_f64).reduce(f64::min)
    }

    /// Returns the lower limit of a count.
    pub(super) fn least(&self, keyword: &str) -> Option<usize> {
        self.largest(keyword).map(|least| least as usize)
    }

    /// Returns the upper limit of a count.
    pub(super) fn most(&self, keyword: &str) -> usize {
        self.smallest(keyword)
            .map_or(usize::MAX, |most| most as usize)
    }

    pub(super) fn property_names(&self) -> impl Iterator<Item = &'d str> {
        self.all("properties")
            .filter_map(Value::as_object)
            .flat_map(Map::keys)
            .map(String::as_str)
    }

    /// Returns the schemas of one property: its subschema in each part, or the part's
    /// `additionalProperties`.
    pub(super) fn property(&self, name: &str) -> Vec<&'d Value> {
        let of_part = |part: &'d Map<String, Value>| {
            let described = part
                .get("properties")
                .and_then(|properties| properties.get(name));
            described.or_else(|| part.get("additionalProperties"))
        };
        self.objects().filter_map(of_part).collect()
    }

    /// Returns the schemas of one array item.
    pub(super) fn item(&self, index: usize) -> Vec<&'d Value> {
        let of_part = |part: &'d Map<String, Value>| {
            list(part, "prefixItems")
                .get(index)
                .or_else(|| part.get("items"))
        };
        self.objects().filter_map(of_part).collect()
    }

    /// Returns the type to build: the first allowed type that is not `null`. Without `type`, the
    /// other keywords imply the type; an empty schema gives an object.
    pub(super) fn json_type(&self) -> Option<&'d str> {
        let mut allowed = self.all("type").map(types);
        let Some(mut left) = allowed.next() else {
            return Some(self.implied_type());
        };
        for types in allowed {
            let narrowed = left.iter().filter_map(|kind| match *kind {
                kind if types.contains(&kind) => Some(kind),
                "integer" if types.contains(&"number") => Some("integer"),
                "number" if types.contains(&"integer") => Some("integer"),
                _ => None,
            });
            left = narrowed.collect();
        }
        left.iter()
            .find(|kind| **kind != "null")
            .or(left.first())
            .copied()
    }

    fn implied_type(&self) -> &'static str {
        const IMPLIED: &[(&str, &[&str])] = &[
            (
                "object",
                &[
                    "properties",
                    "required",
                    "additionalProperties",
                    "propertyNames",
                    "minProperties",
                ],
            ),
            (
                "array",
                &[
                    "items",
                    "prefixItems",
                    "contains",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                ],
            ),
            (
                "string",
                &[
                    "pattern",
                    "format",
                    "minLength",
                    "maxLength",
                    "contentEncoding",
                    "contentMediaType",
                ],
            ),
            (
                "number",
                &[
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                ],
            ),
        ];
        let implied = IMPLIED
            .iter()
            .find(|(_, keywords)| keywords.iter().any(|keyword| self.has(keyword)));
        implied.map_or("object", |(kind, _)| kind)
    }
}

/// Returns the names in a `type` keyword, which holds one string or a list.
pub(super) fn types(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        value => value.as_str().into_iter().collect(),
    }
}

/// Returns the list under a keyword, or an empty one.
pub(super) fn list<'d>(schema: &'d Map<String, Value>, keyword: &str) -> &'d [Value] {
    schema
        .get(keyword)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Returns whether the schema is neither a boolean nor `{}`.
pub(super) fn nonempty_schema(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| !schema.is_empty())
}

/// Returns whether the schema accepts nothing but `null`.
pub(super) fn is_null(document: &Value, schema: &Value) -> bool {
    let schema = resolve(document, schema);
    let constant = schema.get("const").is_some_and(Value::is_null);
    constant
        || schema
            .get("type")
            .is_some_and(|kind| types(kind) == ["null"])
}

/// Returns the object that `value` is or refers to; `value` itself if its reference leads nowhere.
pub(super) fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    reference::resolve(document, value).map_or(value, |target| target.value)
}

/// Returns the target of a reference within the document.
pub(super) fn referred<'d>(document: &'d Value, reference: &str) -> Option<&'d Value> {
    document.pointer(&reference::local_pointer(reference)?)
}

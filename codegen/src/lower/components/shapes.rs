//! Shapes: the part of a schema by which a value is recognized before decoding.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::lower::component_ref::target;
use crate::lower::model::{Model, Shape, ShapeKind};
use crate::lower::notes::{CONSTANT, TUPLE, VALUES};

/// Beyond this number of alternatives or known values, variants are not distinguished before
/// decoding.
const ALTERNATIVES: usize = 32;

/// How deep inside a value constants are looked for.
const INSIDE: usize = 3;

/// Reads shapes of schemas.
pub(super) struct Shapes<'a> {
    pub(super) schemas: &'a Map<String, Value>,
    pub(super) model: &'a Model,
}

impl Shapes<'_> {
    /// Returns the shapes of the values of a schema.
    pub(super) fn of(&self, schema: &Value) -> Vec<Shape> {
        let shapes = self.alternatives(schema, &mut BTreeSet::new());
        if shapes.len() > ALTERNATIVES {
            return kinds(&shapes);
        }
        shapes
    }

    /// Returns the outer shapes of the values of a schema, one for each alternative. A schema that
    /// several alternatives share is visited once.
    fn alternatives(&self, schema: &Value, through: &mut BTreeSet<String>) -> Vec<Shape> {
        if let Some(name) = target(schema) {
            if let Some(of) = self.model.enums.get(name) {
                let texts: Vec<String> = of.values.iter().map(|(text, _)| text.clone()).collect();
                let known = texts.len() <= 2 * ALTERNATIVES;
                return vec![Shape {
                    texts: if known { texts } else { Vec::new() },
                    ..Shape::of(ShapeKind::String)
                }];
            }
            if self.model.nulls.contains(name) {
                return vec![Shape::of(ShapeKind::Null)];
            }
            let Some(schema) = self.schemas.get(name) else {
                return vec![Shape::of(ShapeKind::Any)];
            };
            if !through.insert(name.to_owned()) {
                return Vec::new();
            }
            return self.alternatives(schema, through);
        }
        if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
            return branches
                .iter()
                .flat_map(|branch| self.alternatives(branch, through))
                .collect();
        }
        let kind = match schema.get("type").and_then(Value::as_str) {
            _ if schema.get(TUPLE).is_some() => ShapeKind::Array,
            Some("string") if schema.get("format").is_some() => ShapeKind::Format,
            Some("string") => ShapeKind::String,
            Some("integer") => ShapeKind::Integer,
            Some("number") => ShapeKind::Number,
            Some("boolean") => ShapeKind::Boolean,
            Some("array") => ShapeKind::Array,
            Some("object") => ShapeKind::Object,
            _ if schema.get("properties").is_some() => ShapeKind::Object,
            _ => ShapeKind::Any,
        };
        let mut shape = Shape::of(kind);
        if kind == ShapeKind::Object {
            self.fields(schema, &mut shape);
        }
        vec![shape]
    }

    fn fields(&self, schema: &Value, shape: &mut Shape) {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| {
            required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, _) in properties.into_iter().flatten() {
            if is_required(name) {
                shape.required.push(name.clone());
            } else {
                shape.optional.push(name.clone());
            }
        }
        self.constants(schema, "", 0, &mut shape.constants);
    }

    /// Collects the known values of properties, and of properties inside properties.
    fn constants(
        &self,
        schema: &Value,
        at: &str,
        depth: usize,
        found: &mut BTreeMap<String, Vec<String>>,
    ) {
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let path = format!("{at}{}", name.replace('~', "~0").replace('/', "~1"));
            let values = self.values(property);
            if !values.is_empty() {
                if depth == 0 || (values.len() == 1 && found.len() < ALTERNATIVES) {
                    found.insert(path, values);
                }
                continue;
            }
            let inner = target(property).and_then(|name| self.schemas.get(name));
            if let Some(inner) = inner
                && depth < INSIDE
                && inner.get(TUPLE).is_none()
            {
                self.constants(inner, &format!("{path}/"), depth + 1, found);
            }
        }
    }

    /// Returns the known values of a property, as text.
    fn values(&self, property: &Value) -> Vec<String> {
        let referred = target(property).and_then(|name| self.schemas.get(name));
        for schema in [Some(property), referred].into_iter().flatten() {
            let listed = schema.get(VALUES).and_then(Value::as_array);
            let only = schema.get(CONSTANT).map(std::slice::from_ref);
            if let Some(values) = listed.map(Vec::as_slice).or(only) {
                return values.iter().filter_map(text).collect();
            }
        }
        let of = target(property).and_then(|name| self.model.enums.get(name));
        of.into_iter()
            .flat_map(|of| &of.values)
            .map(|(text, _)| text.clone())
            .collect()
    }
}

/// Returns a value as discriminators compare it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Returns the kinds of the shapes only.
fn kinds(shapes: &[Shape]) -> Vec<Shape> {
    let kinds: BTreeSet<ShapeKind> = shapes.iter().map(|shape| shape.kind).collect();
    kinds.into_iter().map(Shape::of).collect()
}

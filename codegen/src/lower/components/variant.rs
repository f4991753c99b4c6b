//! A variant of a union as lowering reads it: its name, discriminator values and shapes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::lower::component_ref::target;
use crate::lower::model::{Shape, ShapeKind};
use crate::names::pascal;

/// A variant as read, before it has its place in the enum.
pub(super) struct Read<'a> {
    pub(super) schema: &'a Value,
    pub(super) name: Option<&'a str>,
    pub(super) tags: Vec<String>,
    pub(super) is_default: bool,
    /// The statuses and media types of the responses that have this variant as their schema.
    pub(super) responses: Vec<(String, String)>,
    pub(super) shapes: Vec<Shape>,
}

impl Read<'_> {
    /// Returns the shapes that are objects.
    pub(super) fn objects(&self) -> impl Iterator<Item = &Shape> {
        self.shapes
            .iter()
            .filter(|shape| shape.kind == ShapeKind::Object)
    }

    /// Returns whether each value is an object.
    pub(super) fn is_object(&self) -> bool {
        self.shapes
            .iter()
            .all(|shape| shape.kind == ShapeKind::Object)
    }

    /// Returns the name of the variant.
    pub(super) fn variant(&self, index: usize) -> String {
        let kind = self
            .shapes
            .first()
            .map_or(ShapeKind::Any, |shape| shape.kind);
        let named = self.name.map(pascal);
        let tagged = match self.tags.as_slice() {
            [only] => Some(pascal(only)),
            _ => None,
        };
        named.or(tagged).unwrap_or_else(|| match kind {
            _ if self.shapes.len() > 1 => format!("Variant{index}"),
            ShapeKind::Object if target(self.schema).is_some() => format!("Variant{index}"),
            ShapeKind::Object => "Object".to_owned(),
            ShapeKind::Array => "List".to_owned(),
            ShapeKind::String => "String".to_owned(),
            ShapeKind::Format => pascal(&text(self.schema, "format")),
            ShapeKind::Integer => "Integer".to_owned(),
            ShapeKind::Number => "Number".to_owned(),
            ShapeKind::Boolean => "Boolean".to_owned(),
            _ => "Json".to_owned(),
        })
    }

    /// Returns the shapes that distinguish the variant from others; only the discriminator values,
    /// if they suffice.
    pub(super) fn shapes(
        &self,
        tag: Option<&str>,
        tags: &[String],
        decides: bool,
        shared: &BTreeSet<String>,
    ) -> Vec<Shape> {
        let tag = tag.filter(|_| !tags.is_empty());
        let mut shapes = match tag {
            Some(_) if decides && self.is_object() => vec![Shape::of(ShapeKind::Object)],
            _ => self.shapes.clone(),
        };
        for shape in shapes
            .iter_mut()
            .filter(|shape| shape.kind == ShapeKind::Object)
        {
            // If several values are known, a future value may differ.
            shape
                .constants
                .retain(|name, values| values.len() == 1 && !shared.contains(name));
            if let Some(tag) = tag {
                shape.constants.insert(tag.to_owned(), tags.to_vec());
            }
        }
        shapes
    }
}

/// Returns a keyword that is text; empty if there is none.
pub(super) fn text(schema: &Value, keyword: &str) -> String {
    let text = schema.get(keyword).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

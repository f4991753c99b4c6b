//! Shapes: the properties and constants of a variant, by which a union chooses before it decodes.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::encode;
use super::received::{self, Received};

/// The part of a variant that is visible before decoding.
#[derive(Clone, Copy)]
pub struct Shape {
    /// The JSON type.
    pub kind: Kind,
    /// Properties without which a value belongs to another variant.
    pub required: &'static [&'static str],
    /// Other properties that the variant knows.
    pub optional: &'static [&'static str],
    /// Properties that have one of these values if present. A property of a property is written as
    /// in a JSON pointer, without the first slash.
    pub constants: &'static [(&'static str, &'static [&'static str])],
    /// The texts of an enumeration.
    pub texts: &'static [&'static str],
}

/// A JSON type, as far as unions tell types apart.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A text of some format, which decoding checks.
    Format,
    /// A string.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// Any value.
    Any,
}

/// How well a value fits a shape. Greater is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    score: usize,
    has_required: bool,
    has_constant: bool,
    is_map: bool,
}

impl Fit {
    fn of(score: usize) -> Self {
        Self {
            score,
            has_required: false,
            has_constant: false,
            is_map: false,
        }
    }

    /// The shape has required properties, and the value has all of them.
    pub(super) fn has_required(self) -> bool {
        self.has_required
    }

    /// The shape has constants, and the value has one of them.
    pub(super) fn has_constant(self) -> bool {
        self.has_constant
    }

    /// The shape is an object without described properties.
    pub(super) fn is_map(self) -> bool {
        self.is_map
    }
}

impl Shape {
    /// A value of this kind.
    pub const OBJECT: Self = Self::of(Kind::Object);
    /// A value of this kind.
    pub const ARRAY: Self = Self::of(Kind::Array);
    /// A value of this kind.
    pub const FORMAT: Self = Self::of(Kind::Format);
    /// A value of this kind.
    pub const STRING: Self = Self::of(Kind::String);
    /// A value of this kind.
    pub const INTEGER: Self = Self::of(Kind::Integer);
    /// A value of this kind.
    pub const NUMBER: Self = Self::of(Kind::Number);
    /// A value of this kind.
    pub const BOOLEAN: Self = Self::of(Kind::Boolean);
    /// A value of this kind.
    pub const NULL: Self = Self::of(Kind::Null);
    /// A value of this kind.
    pub const ANY: Self = Self::of(Kind::Any);

    const fn of(kind: Kind) -> Self {
        Self {
            kind,
            required: &[],
            optional: &[],
            constants: &[],
            texts: &[],
        }
    }

    /// Returns how well a value fits; `None` if it does not fit.
    fn fit(&self, value: &Value) -> Option<Fit> {
        match (self.kind, value) {
            (Kind::Any, _) => Some(Fit::of(0)),
            (Kind::Object, Value::Object(fields)) => self.fit_object(fields),
            (Kind::String, Value::String(text)) => Some(Fit::of(match self.texts {
                [] => 2,
                texts if texts.contains(&text.as_str()) => 4,
                _ => 1,
            })),
            (Kind::Format, Value::String(_)) => Some(Fit::of(3)),
            (Kind::Integer, Value::Number(number)) => (!number.is_f64()).then(|| Fit::of(3)),
            (Kind::Number, Value::Number(_)) => Some(Fit::of(2)),
            (Kind::Array, Value::Array(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Null, Value::Null) => Some(Fit::of(2)),
            _ => None,
        }
    }

    fn fit_object(&self, fields: &Map<String, Value>) -> Option<Fit> {
        let has = |name: &&&str| fields.contains_key(**name);
        let constant = |(path, values): &(&str, &[&str])| {
            find(fields, path).is_none_or(|value| is_one_of(value, values))
        };
        if !self.required.iter().all(|name| has(&name)) || !self.constants.iter().all(constant) {
            return None;
        }
        let known = self.optional.iter().filter(has).count() + self.required.len();
        Some(Fit {
            score: 2 + known + self.constants.len(),
            has_required: !self.required.is_empty(),
            has_constant: self
                .constants
                .iter()
                .any(|(path, _)| find(fields, path).is_some()),
            is_map: self.required.is_empty()
                && self.optional.is_empty()
                && self.constants.is_empty(),
        })
    }
}

impl Shape {
    fn knows(&self, name: &str) -> bool {
        let is_constant = |(path, _): &(&str, _)| path.split('/').next() == Some(name);
        self.required.contains(&name)
            || self.optional.contains(&name)
            || self.constants.iter().any(is_constant)
    }

    /// Returns whether the value would fit but for constants, whose values nothing knows.
    fn is_new(
        &self,
        fields: &Map<String, Value>,
        is_known: &impl Fn(&str, &Value) -> bool,
    ) -> bool {
        let is_new = |(path, values): &(&str, &[&str])| {
            find(fields, path)
                .is_some_and(|value| !is_one_of(value, values) && !is_known(path, value))
        };
        self.kind == Kind::Object
            && self.required.iter().all(|name| fields.contains_key(*name))
            && self.constants.iter().any(is_new)
    }
}

/// Returns the value of a property, or of a property of a property.
fn find<'v>(fields: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    let mut tokens = path.split('/').map(|token| {
        if token.contains('~') {
            Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
        } else {
            Cow::Borrowed(token)
        }
    });
    let first = fields.get(&*tokens.next()?)?;
    tokens.try_fold(first, |value, token| value.get(&*token))
}

fn is_one_of(value: &Value, texts: &[&str]) -> bool {
    match value {
        Value::String(text) => texts.contains(&text.as_str()),
        Value::Number(_) | Value::Bool(_) => texts.contains(&value.to_string().as_str()),
        _ => false,
    }
}

/// Facts about a variant before decoding, and about what encoding must write.
#[derive(Clone, Copy)]
pub struct Branch {
    shapes: &'static [Shape],
    tag: Option<(&'static str, &'static [&'static str])>,
    default_of: Option<&'static str>,
    responses: &'static [(&'static str, &'static str)],
}

impl Branch {
    /// Returns a variant of values with one of these shapes.
    pub const fn of(shapes: &'static [Shape]) -> Self {
        Self {
            shapes,
            tag: None,
            default_of: None,
            responses: &[],
        }
    }

    /// Returns a variant whose discriminator is one of `values`. Encoding writes the first value if
    /// the content has no discriminator value.
    pub const fn tagged(
        tag: &'static str,
        values: &'static [&'static str],
        shapes: &'static [Shape],
    ) -> Self {
        Self {
            shapes,
            tag: Some((tag, values)),
            default_of: None,
            responses: &[],
        }
    }

    /// Makes the variant that of objects that no variant fits: those without the property, or with
    /// an unknown value.
    pub const fn default_for(self, property: &'static str) -> Self {
        Self {
            default_of: Some(property),
            ..self
        }
    }

    /// Makes the variant that of responses with one of these statuses and media types.
    pub const fn of_responses(self, responses: &'static [(&'static str, &'static str)]) -> Self {
        Self { responses, ..self }
    }

    /// Returns whether the variant is one of certain responses.
    pub(super) fn has_responses(&self) -> bool {
        !self.responses.is_empty()
    }

    /// Returns how well a response matches those of the variant; `None` if it matches none.
    pub(super) fn matches(&self, response: &Received) -> Option<(bool, bool)> {
        let all = self.responses.iter();
        all.filter_map(|(status, media_type)| received::matches(response, status, media_type))
            .max()
    }

    /// Returns whether the variant is the one of objects with an unknown discriminator value.
    pub(super) fn is_default(&self, value: &Value) -> bool {
        self.default_of.is_some() && value.is_object()
    }

    /// Returns whether the variant is the one of a value without the discriminator property.
    pub(super) fn takes_untagged(&self, value: &Value) -> bool {
        self.default_of
            .zip(value.as_object())
            .is_some_and(|(property, fields)| !fields.contains_key(property))
    }

    /// Returns whether one of the shapes describes the property.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.shapes.iter().any(|shape| shape.knows(name))
    }

    /// Returns whether one of the shapes has this value of a constant.
    pub(super) fn has_constant(&self, path: &str, value: &Value) -> bool {
        let mut shapes = self.shapes.iter();
        shapes.any(|shape| {
            let mut constants = shape.constants.iter();
            constants.any(|(known, values)| *known == path && is_one_of(value, values))
        })
    }

    /// Returns whether the value would fit one of the shapes but for constants, whose values
    /// `is_known` does not know.
    pub(super) fn is_new(
        &self,
        fields: &Map<String, Value>,
        is_known: &impl Fn(&str, &Value) -> bool,
    ) -> bool {
        let mut shapes = self.shapes.iter();
        shapes.any(|shape| shape.is_new(fields, is_known))
    }

    pub(super) fn fit(&self, value: &Value) -> Option<Fit> {
        self.shapes
            .iter()
            .filter_map(|shape| shape.fit(value))
            .max()
    }

    /// Serializes the content of the variant.
    pub fn encode<T: Serialize, S: Serializer>(
        &self,
        content: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let Some((tag, values)) = self.tag else {
            return content.serialize(serializer);
        };
        let mut value = match encode::to_value(content) {
            Ok(value) => value,
            // Fails again, so that the serializer learns the location.
            Err(why) => {
                content.serialize(serializer)?;
                return Err(serde::ser::Error::custom(why));
            }
        };
        if let (Value::Object(fields), Some(first)) = (&mut value, values.first())
            && !fields.contains_key(tag)
        {
            fields.insert(tag.to_owned(), Value::from(*first));
        }
        value.serialize(serializer)
    }
}

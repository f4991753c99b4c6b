//! Open unions: the variant that fits a value best, and JSON for values that fit none.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::encode;

/// A value that matches no variant of a union that this version of the crate knows.
///
/// The value is opaque on purpose: code that compiles today keeps its meaning when a later version
/// adds a variant for the value. `Debug` shows the names of properties and no content, which may be
/// secret.
#[derive(Clone, PartialEq)]
pub struct UnknownJson(Value);

impl UnknownJson {
    /// Returns an unknown value. For generated code.
    #[doc(hidden)]
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// Returns the value as the server sent it.
    pub fn as_json(&self) -> &Value {
        &self.0
    }

    /// Returns the value as the server sent it.
    pub fn into_json(self) -> Value {
        self.0
    }
}

impl fmt::Debug for UnknownJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::Object(fields) => f.debug_set().entries(fields.keys()).finish(),
            Value::Array(items) => write!(f, "array of {}", items.len()),
            Value::String(_) => f.write_str("string"),
            Value::Number(_) => f.write_str("number"),
            Value::Bool(_) => f.write_str("boolean"),
            Value::Null => f.write_str("null"),
        }
    }
}

impl Serialize for UnknownJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The part of a variant that is visible at the top level of a value.
#[derive(Clone, Copy)]
pub struct Shape {
    /// The JSON type.
    pub kind: Kind,
    /// Properties without which a value belongs to another variant.
    pub required: &'static [&'static str],
    /// Other properties that the variant knows.
    pub optional: &'static [&'static str],
    /// Properties that have one of these values if present.
    pub constants: &'static [(&'static str, &'static [&'static str])],
    /// The texts of an enumeration.
    pub texts: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq)]
/// A JSON type, as far as unions tell types apart.
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
    /// Any value.
    Any,
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
    fn score(&self, value: &Value) -> Option<usize> {
        match (self.kind, value) {
            (Kind::Any, _) => Some(0),
            (Kind::Object, Value::Object(fields)) => {
                let has = |name: &&&str| fields.contains_key(**name);
                let constant = |(name, values): &(&str, &[&str])| {
                    fields
                        .get(*name)
                        .is_none_or(|value| is_one_of(value, values))
                };
                if !self.required.iter().all(|name| has(&name))
                    || !self.constants.iter().all(constant)
                {
                    return None;
                }
                let known = self.optional.iter().filter(has).count() + self.required.len();
                Some(2 + known + self.constants.len())
            }
            (Kind::String, Value::String(text)) => Some(match self.texts {
                [] => 2,
                texts if texts.contains(&text.as_str()) => 4,
                _ => 1,
            }),
            (Kind::Format, Value::String(_)) => Some(3),
            (Kind::Integer, Value::Number(number)) => (!number.is_f64()).then_some(3),
            (Kind::Number, Value::Number(_)) => Some(2),
            (Kind::Array, Value::Array(_)) | (Kind::Boolean, Value::Bool(_)) => Some(2),
            _ => None,
        }
    }
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
}

impl Branch {
    /// Returns a variant of values with one of these shapes.
    pub const fn of(shapes: &'static [Shape]) -> Self {
        Self { shapes, tag: None }
    }

    /// A variant whose discriminator is one of `values`. The first value is written if the content
    /// has none of them.
    pub const fn tagged(
        tag: &'static str,
        values: &'static [&'static str],
        shapes: &'static [Shape],
    ) -> Self {
        Self {
            shapes,
            tag: Some((tag, values)),
        }
    }

    fn score(&self, value: &Value) -> Option<usize> {
        self.shapes
            .iter()
            .filter_map(|shape| shape.score(value))
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
            && !fields
                .get(tag)
                .is_some_and(|value| is_one_of(value, values))
        {
            fields.insert(tag.to_owned(), Value::from(*first));
        }
        value.serialize(serializer)
    }
}

/// How a variant is decoded.
pub type Decode<U> = fn(&Value) -> Result<U, serde_json::Error>;

/// The trait that `open_union!` implements.
pub trait Union: Serialize + Sized + 'static {
    /// The variants, each with its decoder.
    const BRANCHES: &'static [(Branch, Decode<Self>)];

    /// Returns the value that matches no known variant.
    fn unknown(value: UnknownJson) -> Self;
}

/// Deserializes a union.
pub fn deserialize<'de, D: Deserializer<'de>, U: Union>(deserializer: D) -> Result<U, D::Error> {
    Value::deserialize(deserializer).map(from_json)
}

/// Decodes the value as the variant that keeps most of it.
///
/// If each variant that fits drops a property that another one keeps, the value is kept as JSON.
pub fn from_json<U: Union>(value: Value) -> U {
    let mut fitting: Vec<(usize, &Decode<U>)> = U::BRANCHES
        .iter()
        .filter_map(|(branch, decode)| Some((branch.score(&value)?, decode)))
        .collect();
    // The sort is stable: among equals, the first variant in the document wins.
    fitting.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let found = match fitting.as_slice() {
        [(_, only)] => only(&value).ok(),
        [(_, best), ..] => match Attempt::start() {
            Some(_attempt) => keeping_most(&fitting, &value),
            None => best(&value).ok(),
        },
        [] => None,
    };
    found.unwrap_or_else(|| U::unknown(UnknownJson(value)))
}

fn keeping_most<U: Union>(fitting: &[(usize, &Decode<U>)], value: &Value) -> Option<U> {
    let mut decoded: Vec<(U, BTreeSet<String>)> = Vec::new();
    for (_, decode) in fitting {
        let Ok(union) = decode(value) else { continue };
        let Ok(again) = serde_json::to_value(&union) else {
            continue;
        };
        let mut lost = BTreeSet::new();
        compare(value, &again, "", &mut lost);
        if lost.is_empty() {
            return Some(union);
        }
        decoded.push((union, lost));
    }
    let best = decoded
        .iter()
        .position(|(_, lost)| decoded.iter().all(|(_, other)| lost.is_subset(other)))?;
    Some(decoded.swap_remove(best).0)
}

/// Collects the properties of a value that are lost by decoding and encoding.
fn compare(value: &Value, again: &Value, place: &str, lost: &mut BTreeSet<String>) {
    match (value, again) {
        (Value::Object(fields), Value::Object(again)) => {
            for (name, value) in fields {
                let place = format!("{place}/{name}");
                match again.get(name) {
                    Some(again) => compare(value, again, &place, lost),
                    None if is_nothing(value) => {}
                    None => {
                        lost.insert(place);
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(again)) => {
            for (index, (value, again)) in items.iter().zip(again).enumerate() {
                compare(value, again, &format!("{place}/{index}"), lost);
            }
        }
        _ => {}
    }
}

/// Values that are equivalent to absence.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

thread_local! {
    static ATTEMPTS: Cell<u8> = const { Cell::new(0) };
}

/// A choice by trial. Nested trials would take time exponential in the depth of a value, so inside
/// several of them the best variant by shape is taken.
struct Attempt;

impl Attempt {
    const NESTED: u8 = 4;

    fn start() -> Option<Self> {
        ATTEMPTS.with(|attempts| {
            let depth = attempts.get();
            (depth < Self::NESTED).then(|| {
                attempts.set(depth + 1);
                Self
            })
        })
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        ATTEMPTS.with(|attempts| attempts.set(attempts.get().saturating_sub(1)));
    }
}

/// Defines a union of types with a variant `Unknown` for every other value.
///
/// `Unknown` cannot hold a value of a known variant: all conversions (`From`, serde) return the
/// known variant.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident($of:ty $(,)?) = $branch:expr),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)]
        pub enum $name {
            $($(#[$variant_meta])* $variant($of),)*
            /// A value that this version does not know; `as_json` returns it.
            Unknown($crate::model::open_union::UnknownJson),
        }

        impl $crate::model::open_union::Union for $name {
            /// The variants, each with its decoder.
    const BRANCHES: &'static [($crate::model::open_union::Branch, $crate::model::open_union::Decode<Self>)] = &[$((
                {
                    // Imported here only, because a variant may have a type of either name.
                    #[allow(unused_imports)]
                    use $crate::model::open_union::{Branch, Shape};
                    $branch
                },
                |value| <$of as $crate::serde::Deserialize>::deserialize(value).map(Self::$variant),
            )),*];

            /// Returns the value that matches no known variant.
    fn unknown(value: $crate::model::open_union::UnknownJson) -> Self {
                Self::Unknown(value)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                #[allow(unused_imports)]
                use $crate::model::open_union::{Branch, Shape};
                match self {
                    $(Self::$variant(content) => {
                        const BRANCH: Branch = $branch;
                        BRANCH.encode(content, serializer)
                    })*
                    Self::Unknown(value) => $crate::serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::model::open_union::deserialize(deserializer)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(stringify!($name))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(concat!(module_path!(), "::", stringify!($name)))
            }

            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "anyOf": [$(generator.subschema_for::<$of>()),*] })
            }
        }
    };
}

#[cfg(test)]
mod tests;

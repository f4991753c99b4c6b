//! A deserializer of the names of properties, which are numbers in some maps.

use serde::de::value::StrDeserializer;
use serde::de::{IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::Value;

use super::failure::Failure;

/// The name of a property.
pub(super) struct Key<'de>(pub(super) &'de str);

/// Reads names as numbers or booleans, as serde_json does.
macro_rules! parsed {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            self.parsed(visitor)
        }
    )*};
}

impl<'de> Key<'de> {
    fn parsed<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        // `from_str` skips space around a value. The name of a property has none.
        let is_spaced = self.0.contains([' ', '\t', '\n', '\r']);
        match serde_json::from_str(self.0) {
            Ok(value @ (Value::Number(_) | Value::Bool(_))) if !is_spaced => {
                value.deserialize_any(visitor).map_err(Failure::of)
            }
            _ => visitor.visit_borrowed_str(self.0),
        }
    }
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_borrowed_str(self.0)
    }

    parsed! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_u128 deserialize_f32 deserialize_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let variant: StrDeserializer<'_, Failure> = self.0.into_deserializer();
        variant.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

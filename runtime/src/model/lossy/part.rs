//! A deserializer of a JSON value that knows the location of each part.

use std::marker::PhantomData;
use std::rc::Rc;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use serde_json::Value;

use super::failure::{Failure, Losses, Node, Segment};
use super::key::Key;

/// A value and its location.
pub(super) struct Part<'de> {
    value: &'de Value,
    at: Rc<Node>,
    losses: Losses,
}

impl<'de> Part<'de> {
    pub(super) fn whole(value: &'de Value, losses: &Losses) -> Self {
        Self {
            value,
            at: Rc::new(Node::whole()),
            losses: losses.clone(),
        }
    }

    /// Returns a part of the value at `at`.
    fn below(at: &Rc<Node>, segment: Segment, value: &'de Value, losses: &Losses) -> Self {
        Self {
            value,
            at: Node::below(at, segment),
            losses: losses.clone(),
        }
    }

    /// Reads the value. An error tells the location.
    fn read<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Failure> {
        self.read_by(|part| seed.deserialize(part))
    }

    /// Reads the value by a function. An error tells the location.
    fn read_by<V>(self, read: impl FnOnce(Self) -> Result<V, Failure>) -> Result<V, Failure> {
        let (at, losses, value) = (Rc::clone(&self.at), self.losses.clone(), self.value);
        let kept = losses.parts.borrow().len();
        read(self).map_err(|failure| {
            // The losses within the part are part of its loss.
            losses.parts.borrow_mut().truncate(kept);
            failure.located(&at, losses, value)
        })
    }
}

/// Decodes a list of one item of another list.
pub(super) fn read_item<'de, T: Deserialize<'de>>(
    item: &'de Value,
    index: usize,
    losses: &Losses,
) -> Result<T, Failure> {
    T::deserialize(SeqAccessDeserializer::new(List {
        items: std::slice::from_ref(item).iter(),
        next: index,
        at: Rc::new(Node::whole()),
        losses: losses.clone(),
    }))
}

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.value {
            Value::Object(properties) => visitor.visit_map(Properties {
                properties: properties.iter(),
                value: None,
                at: self.at,
                losses: self.losses,
            }),
            Value::Array(items) => {
                let is_strict = self.losses.is_strict();
                let mut list = List {
                    items: items.iter(),
                    next: 0,
                    at: self.at,
                    losses: self.losses,
                };
                let decoded = visitor.visit_seq(&mut list)?;
                // Only a list for a tuple has items left. Lenient decoding leaves them out.
                match list.items.len() {
                    1.. if is_strict => Err(de::Error::invalid_length(items.len(), &"fewer items")),
                    _ => Ok(decoded),
                }
            }
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Null => visitor.visit_unit(),
            Value::Number(number) => number.deserialize_any(visitor).map_err(Failure::of),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        // `RawValue` is read by a deserializer of serde_json alone.
        if name.starts_with("$serde_json::") {
            let raw = self.value.deserialize_newtype_struct(name, visitor);
            return raw.map_err(Failure::of);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let unexpected = match self.value {
            Value::String(name) => {
                return visitor.visit_enum(Choice {
                    name,
                    content: None,
                });
            }
            Value::Object(properties) => {
                let mut properties = properties.iter();
                let (Some((name, value)), None) = (properties.next(), properties.next()) else {
                    let expected = &"map with a single key";
                    return Err(de::Error::invalid_value(Unexpected::Map, expected));
                };
                let segment = Segment::Name(name.clone());
                return visitor.visit_enum(Choice {
                    name,
                    content: Some(Part::below(&self.at, segment, value, &self.losses)),
                });
            }
            Value::Array(_) => Unexpected::Seq,
            Value::Bool(flag) => Unexpected::Bool(*flag),
            Value::Null => Unexpected::Unit,
            Value::Number(_) => Unexpected::Other("number"),
        };
        Err(de::Error::invalid_type(unexpected, &"string or map"))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        #[cfg(feature = "chrono")]
        if let Value::String(text) = self.value
            && !self.losses.is_strict()
            && let Some(time) = super::time::mended(text, &visitor)
        {
            return visitor.visit_string(time);
        }
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Properties<'de> {
    properties: serde_json::map::Iter<'de>,
    value: Option<Part<'de>>,
    at: Rc<Node>,
    losses: Losses,
}

impl<'de> MapAccess<'de> for Properties<'de> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        let Some((name, value)) = self.properties.next() else {
            return Ok(None);
        };
        let segment = Segment::Name(name.clone());
        self.value = Some(Part::below(&self.at, segment, value, &self.losses));
        seed.deserialize(Key(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        match self.value.take() {
            Some(part) => part.read(seed),
            None => Err(de::Error::custom("a value was read before its name")),
        }
    }
}

struct List<'de> {
    items: std::slice::Iter<'de, Value>,
    next: usize,
    at: Rc<Node>,
    losses: Losses,
}

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failure> {
        let Some(value) = self.items.next() else {
            return Ok(None);
        };
        let part = Part::below(&self.at, Segment::Index(self.next), value, &self.losses);
        self.next += 1;
        part.read(seed).map(Some)
    }
}

/// A variant by its name: a text, or an object with the content as its only property.
struct Choice<'de> {
    name: &'de str,
    content: Option<Part<'de>>,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Failure;
    type Variant = Content<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Content<'de>), Failure> {
        let variant = seed.deserialize(Key(self.name))?;
        Ok((variant, Content(self.content)))
    }
}

/// The content of a variant.
struct Content<'de>(Option<Part<'de>>);

impl<'de> Content<'de> {
    /// Returns the content for a variant that has one.
    fn required(self, expected: &str) -> Result<Part<'de>, Failure> {
        let missing = || de::Error::invalid_type(Unexpected::UnitVariant, &expected);
        self.0.ok_or_else(missing)
    }
}

impl<'de> VariantAccess<'de> for Content<'de> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        match self.0 {
            Some(content) => content.read(PhantomData),
            None => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Failure> {
        self.required("newtype variant")?.read(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let content = self.required("tuple variant")?;
        content.read_by(|part| part.deserialize_tuple(length, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let content = self.required("struct variant")?;
        content.read_by(|part| part.deserialize_struct("", fields, visitor))
    }
}

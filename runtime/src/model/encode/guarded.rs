//! A serializer that refuses numbers that are not finite, and notes where a serialization fails.

use std::fmt;

use serde::ser::{self, Serialize, Serializer};
use serde_json::Value;

use super::track::Track;

/// A value whose serialization is checked and tracked.
pub(crate) struct Guarded<'a, T: ?Sized> {
    value: &'a T,
    track: &'a Track,
}

impl<'a, T: ?Sized> Guarded<'a, T> {
    /// Returns a value that fails to serialize, with any serializer, where it would be falsified.
    pub(crate) fn of(value: &'a T, track: &'a Track) -> Self {
        Self { value, track }
    }
}

impl<T: Serialize + ?Sized> Serialize for Guarded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Strict {
            inner: serializer,
            track: self.track,
        })
    }
}

/// A serializer that refuses numbers that are not finite.
struct Strict<'a, S> {
    inner: S,
    track: &'a Track,
}

impl<'a, S: Serializer> Strict<'a, S> {
    /// Wraps a compound value that `begin` starts. `variant` encloses it.
    fn level<C>(
        self,
        variant: Option<&'static str>,
        begin: impl FnOnce(S) -> Result<C, S::Error>,
    ) -> Result<Level<'a, C>, S::Error> {
        Ok(Level {
            inner: begin(self.inner)?,
            track: self.track,
            variant,
            index: 0,
            key: None,
        })
    }
}

macro_rules! forward {
    ($($method:ident($of:ty);)*) => {
        $(fn $method(self, value: $of) -> Result<S::Ok, S::Error> {
            self.inner.$method(value)
        })*
    };
}

impl<'a, S: Serializer> Serializer for Strict<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Level<'a, S::SerializeSeq>;
    type SerializeTuple = Level<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Level<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Level<'a, S::SerializeTupleVariant>;
    type SerializeMap = Level<'a, S::SerializeMap>;
    type SerializeStruct = Level<'a, S::SerializeStruct>;
    type SerializeStructVariant = Level<'a, S::SerializeStructVariant>;

    forward! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_unit_struct(&'static str);
    }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        match value.is_finite() {
            true => self.inner.serialize_f32(value),
            false => Err(self.track.refuse(value.into())),
        }
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        match value.is_finite() {
            true => self.inner.serialize_f64(value),
            false => Err(self.track.refuse(value)),
        }
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Guarded::of(value, self.track))
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = Guarded::of(value, self.track);
        self.inner.serialize_newtype_struct(name, &value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = Guarded::of(value, self.track);
        self.inner
            .serialize_newtype_variant(name, index, variant, &value)
            .inspect_err(|_| self.track.leave(variant))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.level(None, |inner| inner.serialize_seq(length))
    }

    fn serialize_tuple(self, length: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.level(None, |inner| inner.serialize_tuple(length))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.level(None, |inner| inner.serialize_tuple_struct(name, length))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.level(Some(variant), |inner| {
            inner.serialize_tuple_variant(name, index, variant, length)
        })
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        self.level(None, |inner| inner.serialize_map(length))
    }

    fn serialize_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        self.level(None, |inner| inner.serialize_struct(name, length))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.level(Some(variant), |inner| {
            inner.serialize_struct_variant(name, index, variant, length)
        })
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// A list, map or struct that is being serialized.
struct Level<'a, C> {
    inner: C,
    track: &'a Track,
    /// The variant of an enum that encloses the value, which JSON writes as a property.
    variant: Option<&'static str>,
    index: usize,
    /// The key of the current entry, where keys and values are serialized apart.
    key: Option<String>,
}

impl<C> Level<'_, C> {
    /// Notes the location of a failure.
    fn leave(&self, part: impl Into<String>) {
        self.track.leave(part);
        if let Some(variant) = self.variant {
            self.track.leave(variant);
        }
    }
}

/// Returns the text of a key, to name it in an error.
fn key_text<K: Serialize + ?Sized>(key: &K) -> String {
    match serde_json::to_value(key) {
        Ok(Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => "?".to_owned(),
    }
}

macro_rules! elements {
    ($($of:ident::$method:ident;)*) => {
        $(impl<C: ser::$of> ser::$of for Level<'_, C> {
            type Ok = C::Ok;
            type Error = C::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
                let index = self.index;
                self.index += 1;
                self.inner
                    .$method(&Guarded::of(value, self.track))
                    .inspect_err(|_| self.leave(index.to_string()))
            }

            fn end(self) -> Result<C::Ok, C::Error> {
                self.inner.end()
            }
        })*
    };
}

elements! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

macro_rules! fields {
    ($($of:ident;)*) => {
        $(impl<C: ser::$of> ser::$of for Level<'_, C> {
            type Ok = C::Ok;
            type Error = C::Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), C::Error> {
                self.inner
                    .serialize_field(name, &Guarded::of(value, self.track))
                    .inspect_err(|_| self.leave(name))
            }

            fn skip_field(&mut self, name: &'static str) -> Result<(), C::Error> {
                self.inner.skip_field(name)
            }

            fn end(self) -> Result<C::Ok, C::Error> {
                self.inner.end()
            }
        })*
    };
}

fields! {
    SerializeStruct;
    SerializeStructVariant;
}

impl<C: ser::SerializeMap> ser::SerializeMap for Level<'_, C> {
    type Ok = C::Ok;
    type Error = C::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), C::Error> {
        self.key = Some(key_text(key));
        self.inner.serialize_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
        let key = self.key.take().unwrap_or_default();
        self.inner
            .serialize_value(&Guarded::of(value, self.track))
            .inspect_err(|_| self.leave(key))
    }

    fn serialize_entry<K: Serialize + ?Sized, T: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &T,
    ) -> Result<(), C::Error> {
        self.inner
            .serialize_entry(key, &Guarded::of(value, self.track))
            .inspect_err(|_| self.leave(key_text(key)))
    }

    fn end(self) -> Result<C::Ok, C::Error> {
        self.inner.end()
    }
}

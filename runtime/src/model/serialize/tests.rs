//! Chains against serde's derive.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::ser::{Error as _, Impossible};
use serde_json::{Value, json};

use super::*;

/// The struct whose implementation serde's derive writes.
#[derive(Clone, Default, Serialize)]
#[serde(rename = "Cat")]
struct DerivedCat {
    #[serde(skip_serializing_if = "Option::is_none")]
    age: Option<u8>,
    id: String,
    #[serde(rename = "first-name", skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Option<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    toys: Vec<String>,
    weight: Option<f64>,
}

struct Cat(DerivedCat);

impl Serialize for Cat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cat = &self.0;
        let optional = [
            cat.age.is_some(),
            cat.name.is_some(),
            cat.owner.is_some(),
            !cat.toys.is_empty(),
        ];
        object(serializer, "Cat", count(2, &optional))
            .optional("age", &cat.age)
            .required("id", &cat.id)
            .optional("first-name", &cat.name)
            .optional("owner", &cat.owner)
            .unless(cat.toys.is_empty(), "toys", &cat.toys)
            .required("weight", &cat.weight)
            .end()
    }
}

#[derive(Clone, Default, Serialize)]
struct DerivedDog {
    #[serde(skip_serializing_if = "Option::is_none")]
    age: Option<u8>,
    id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    toys: Vec<String>,
    #[serde(flatten)]
    extra: BTreeMap<String, Value>,
}

struct Dog(DerivedDog);

impl Serialize for Dog {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        map(serializer)
            .optional("age", &self.0.age)
            .required("id", &self.0.id)
            .unless(self.0.toys.is_empty(), "toys", &self.0.toys)
            .flatten(&self.0.extra)
            .end()
    }
}

fn cats() -> [DerivedCat; 3] {
    let whole = DerivedCat {
        age: Some(3),
        id: "a\"b".to_owned(),
        name: Some("Tom".to_owned()),
        owner: Some(None),
        toys: vec!["ball".to_owned()],
        weight: Some(4.5),
    };
    let owned = DerivedCat {
        owner: Some(Some("Ada".to_owned())),
        name: None,
        ..whole.clone()
    };
    [DerivedCat::default(), whole, owned]
}

fn dogs() -> [DerivedDog; 3] {
    let extra = [("b", json!(null)), ("a", json!({ "deep": [1] }))];
    let extra = extra.map(|(name, value)| (name.to_owned(), value));
    let whole = DerivedDog {
        age: Some(3),
        id: "a".to_owned(),
        toys: vec!["ball".to_owned()],
        extra: extra.into(),
    };
    let bare = DerivedDog {
        age: None,
        toys: Vec::new(),
        ..whole.clone()
    };
    [DerivedDog::default(), whole, bare]
}

#[track_caller]
fn assert_alike(derived: &impl Serialize, chain: &impl Serialize) {
    let text = |value: Vec<u8>| String::from_utf8(value).unwrap();
    assert_eq!(
        serde_json::to_vec(derived).map(text).unwrap(),
        serde_json::to_vec(chain).map(text).unwrap()
    );
    assert_eq!(
        serde_json::to_vec_pretty(derived).map(text).unwrap(),
        serde_json::to_vec_pretty(chain).map(text).unwrap()
    );
    assert_eq!(
        serde_json::to_value(derived).unwrap(),
        serde_json::to_value(chain).unwrap()
    );
}

#[test]
fn chain_writes_the_bytes_of_the_derive() {
    for cat in cats() {
        assert_alike(&cat.clone(), &Cat(cat));
    }
    for dog in dogs() {
        assert_alike(&dog.clone(), &Dog(dog));
    }
}

#[test]
fn chain_without_properties_is_an_empty_object() {
    let empty = object(serde_json::value::Serializer, "Empty", 0).end();
    assert_eq!(empty.unwrap(), json!({}));
    let extra = BTreeMap::<String, Value>::new();
    let empty = map(serde_json::value::Serializer).flatten(&extra).end();
    assert_eq!(empty.unwrap(), json!({}));
}

#[test]
fn chain_makes_the_calls_of_the_derive() {
    for cat in cats() {
        assert_eq!(calls(&cat.clone(), None), calls(&Cat(cat), None));
    }
    for dog in dogs() {
        assert_eq!(calls(&dog.clone(), None), calls(&Dog(dog), None));
    }
    let [bare, ..] = cats();
    let expected = [
        "struct Cat of 2",
        "skip age",
        "field id",
        "skip first-name",
        "skip owner",
        "skip toys",
        "field weight",
        "end",
    ];
    let expected = expected.map(str::to_owned).to_vec();
    assert_eq!(calls(&Cat(bare), None), (expected, Ok(())));
}

#[test]
fn first_error_ends_the_chain() {
    let [_, cat, _] = cats();
    let [_, dog, _] = dogs();
    for at in 0..10 {
        let derived = calls(&cat, Some(at));
        assert_eq!(derived, calls(&Cat(cat.clone()), Some(at)));
        assert_eq!(derived.1.is_err(), at < 8, "{derived:?}");
        let derived = calls(&dog, Some(at));
        assert_eq!(derived, calls(&Dog(dog.clone()), Some(at)));
        assert_eq!(derived.1.is_err(), at < 7, "{derived:?}");
    }
}

/// Returns the calls of a value, of which the one with the number `fails_at` fails.
fn calls(value: &impl Serialize, fails_at: Option<usize>) -> (Vec<String>, Result<(), String>) {
    let log = Log {
        calls: RefCell::default(),
        fails_at,
    };
    let result = value.serialize(&log).map_err(|error| error.to_string());
    (log.calls.into_inner(), result)
}

/// A serializer of one struct or map that records calls.
struct Log {
    calls: RefCell<Vec<String>>,
    fails_at: Option<usize>,
}

type LogError = serde::de::value::Error;

impl Log {
    fn call(&self, call: String) -> Result<(), LogError> {
        let mut calls = self.calls.borrow_mut();
        let fails = self.fails_at == Some(calls.len());
        calls.push(call);
        match fails {
            true => Err(LogError::custom(format!("at {}", calls.len()))),
            false => Ok(()),
        }
    }
}

/// Methods of a serializer that no struct calls.
macro_rules! refused {
    ($($method:ident($($of:ty),*) -> $result:ident;)*) => {$(
        fn $method(self, $(_: $of),*) -> Result<Self::$result, LogError> {
            Err(LogError::custom(stringify!($method)))
        }
    )*};
}

impl Serializer for &Log {
    type Ok = ();
    type Error = LogError;
    type SerializeSeq = Impossible<(), LogError>;
    type SerializeTuple = Impossible<(), LogError>;
    type SerializeTupleStruct = Impossible<(), LogError>;
    type SerializeTupleVariant = Impossible<(), LogError>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), LogError>;

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self, LogError> {
        self.call(format!("struct {name} of {len}"))?;
        Ok(self)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self, LogError> {
        self.call(format!("map of {len:?}"))?;
        Ok(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), LogError> {
        Err(LogError::custom("serialize_some"))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), LogError> {
        Err(LogError::custom("serialize_newtype_struct"))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), LogError> {
        Err(LogError::custom("serialize_newtype_variant"))
    }

    refused! {
        serialize_bool(bool) -> Ok;
        serialize_i8(i8) -> Ok;
        serialize_i16(i16) -> Ok;
        serialize_i32(i32) -> Ok;
        serialize_i64(i64) -> Ok;
        serialize_u8(u8) -> Ok;
        serialize_u16(u16) -> Ok;
        serialize_u32(u32) -> Ok;
        serialize_u64(u64) -> Ok;
        serialize_f32(f32) -> Ok;
        serialize_f64(f64) -> Ok;
        serialize_char(char) -> Ok;
        serialize_str(&str) -> Ok;
        serialize_bytes(&[u8]) -> Ok;
        serialize_none() -> Ok;
        serialize_unit() -> Ok;
        serialize_unit_struct(&'static str) -> Ok;
        serialize_unit_variant(&'static str, u32, &'static str) -> Ok;
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
    }
}

impl SerializeStruct for &Log {
    type Ok = ();
    type Error = LogError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        _: &T,
    ) -> Result<(), LogError> {
        self.call(format!("field {name}"))
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), LogError> {
        self.call(format!("skip {name}"))
    }

    fn end(self) -> Result<(), LogError> {
        self.call("end".to_owned())
    }
}

impl SerializeMap for &Log {
    type Ok = ();
    type Error = LogError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), LogError> {
        Err(LogError::custom("serialize_key"))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), LogError> {
        Err(LogError::custom("serialize_value"))
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        name: &K,
        _: &V,
    ) -> Result<(), LogError> {
        let name = serde_json::to_value(name).map_err(LogError::custom)?;
        self.call(format!("entry {name}"))
    }

    fn end(self) -> Result<(), LogError> {
        self.call("end".to_owned())
    }
}

//! Deserializes generated structs.
//!
//! serde's derive also reads a struct from a sequence and by the numbers of fields, which JSON does
//! not have, and took more than half of the time to compile a generated client.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

pub use super::collection::Collection;
use super::collection::Items;
use super::lossy::forgive;
use super::{doubt, drift};

/// A struct that is read property by property.
///
/// Unknown properties are skipped or kept, and the last value counts if a name comes twice.
pub trait Object<'de>: Sized {
    /// The name of the struct, for error messages.
    const NAME: &'static str;
    /// The names that the struct has fields for.
    const PROPERTIES: &'static [&'static str];

    /// Reads all properties.
    fn read<A: MapAccess<'de>>(properties: A) -> Result<Self, A::Error>;
}

/// Deserializes a struct.
pub fn object<'de, D: Deserializer<'de>, T: Object<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Properties<T>(PhantomData<T>);

    impl<'de, T: Object<'de>> Visitor<'de> for Properties<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "struct {}", T::NAME)
        }

        fn visit_map<A: MapAccess<'de>>(self, properties: A) -> Result<T, A::Error> {
            T::read(properties)
        }
    }

    deserializer.deserialize_struct(T::NAME, T::PROPERTIES, Properties(PhantomData))
}

/// Returns the name of the next property.
pub fn name<'de, A: MapAccess<'de>>(properties: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    struct Name<'de>(Cow<'de, str>);

    impl<'de> Deserialize<'de> for Name<'de> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Text;

            impl<'de> Visitor<'de> for Text {
                type Value = Name<'de>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("the name of a property")
                }

                fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
                    Ok(Name(Cow::Borrowed(name)))
                }

                fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
                    self.visit_string(name.to_owned())
                }

                fn visit_string<E: Error>(self, name: String) -> Result<Name<'de>, E> {
                    Ok(Name(Cow::Owned(name)))
                }
            }

            deserializer.deserialize_str(Text)
        }
    }

    Ok(properties.next_key::<Name<'de>>()?.map(|name| name.0))
}

/// Reads the value of a property.
pub fn value<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    properties: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    *field = Some(properties.next_value()?);
    Ok(())
}

/// Reads the value of an optional property. Lenient decoding leaves out a value that does not fit.
pub fn optional<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    properties: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    value(properties, field).or_else(forgive)
}

/// Reads a list or a map. `null` is read as empty, since Go servers write it for an empty list.
/// Lenient decoding leaves out items that do not fit.
pub fn list<'de, A: MapAccess<'de>, T: Collection<'de>>(
    properties: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    *field = Some(properties.next_value_seed(Items(PhantomData))?);
    Ok(())
}

/// Reads an optional list or map. Lenient decoding leaves out what does not fit.
pub fn optional_list<'de, A: MapAccess<'de>, T: Collection<'de>>(
    properties: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    list(properties, field).or_else(forgive)
}

/// Reads an optional value or `null`, which is not the same as absence. Lenient decoding leaves out
/// a value that does not fit.
pub fn nullable<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    properties: &mut A,
    field: &mut Option<Option<T>>,
) -> Result<(), A::Error> {
    match properties.next_value() {
        Ok(value) => *field = Some(Some(value)),
        Err(error) => forgive(error)?,
    }
    Ok(())
}

/// Skips the value of a property that the struct `of` does not know.
pub fn skip<'de, A: MapAccess<'de>>(
    properties: &mut A,
    of: &'static str,
    name: &str,
) -> Result<(), A::Error> {
    drift::property(of, name);
    properties.next_value::<IgnoredAny>().map(drop)
}

/// Keeps the value of a property that no field is for. Lenient decoding leaves out a value that
/// does not fit.
pub fn keep<'de, A: MapAccess<'de>, T: Deserialize<'de>, M: Extend<(String, T)>>(
    properties: &mut A,
    name: Cow<'de, str>,
    rest: &mut M,
) -> Result<(), A::Error> {
    match properties.next_value() {
        Ok(value) => rest.extend([(name.into_owned(), value)]),
        Err(error) => forgive(error)?,
    }
    Ok(())
}

/// Returns the value of a required property, or an error that names the property.
pub fn required<T, E: Error>(field: Option<T>, name: &'static str) -> Result<T, E> {
    field.ok_or_else(|| E::missing_field(name))
}

/// Returns the value of a required property that may be `null`. Some servers leave it out instead.
pub fn required_or_null<T>(field: Option<Option<T>>) -> Option<T> {
    if field.is_none() {
        doubt::repaired();
    }
    field.flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, PartialEq, serde::Serialize)]
    struct Cat {
        id: u8,
        #[serde(rename = "first-name", skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        owner: Option<Option<String>>,
        kittens: Vec<u8>,
        toys: Vec<u8>,
        #[serde(flatten)]
        extra: BTreeMap<String, Value>,
    }

    impl<'de> Object<'de> for Cat {
        const NAME: &'static str = "Cat";
        const PROPERTIES: &'static [&'static str] =
            &["id", "first-name", "owner", "kittens", "toys"];

        fn read<A: MapAccess<'de>>(mut properties: A) -> Result<Self, A::Error> {
            let (mut id, mut first, mut owner) = (None, None, None);
            let (mut kittens, mut toys, mut extra) = (None, None, BTreeMap::new());
            while let Some(property) = name(&mut properties)? {
                match &*property {
                    "id" => value(&mut properties, &mut id)?,
                    "first-name" => value(&mut properties, &mut first)?,
                    "owner" => nullable(&mut properties, &mut owner)?,
                    "kittens" => list(&mut properties, &mut kittens)?,
                    "toys" => list(&mut properties, &mut toys)?,
                    _ => keep(&mut properties, property, &mut extra)?,
                }
            }
            Ok(Self {
                id: required(id, "id")?,
                name: first.unwrap_or_default(),
                owner: owner.unwrap_or_default(),
                kittens: required(kittens, "kittens")?,
                toys: toys.unwrap_or_default(),
                extra,
            })
        }
    }

    impl<'de> Deserialize<'de> for Cat {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            object(deserializer)
        }
    }

    #[derive(Debug, PartialEq)]
    struct Empty {}

    impl<'de> Object<'de> for Empty {
        const NAME: &'static str = "Empty";
        const PROPERTIES: &'static [&'static str] = &[];

        fn read<A: MapAccess<'de>>(mut properties: A) -> Result<Self, A::Error> {
            while let Some(name) = name(&mut properties)? {
                skip(&mut properties, Self::NAME, &name)?;
            }
            Ok(Self {})
        }
    }

    impl<'de> Deserialize<'de> for Empty {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            object(deserializer)
        }
    }

    fn cat(value: Value) -> Result<Cat, String> {
        let from_text =
            serde_json::from_str::<Cat>(&value.to_string()).map_err(|it| it.to_string());
        let from_value = serde_json::from_value::<Cat>(value).map_err(|it| it.to_string());
        // Positions are told of text only.
        assert_eq!(from_text.is_ok(), from_value.is_ok());
        from_text
    }

    #[test]
    fn present_field_round_trips() {
        let whole = json!({
            "id": 1, "first-name": "Tom", "owner": null, "kittens": [2], "toys": [3],
            "colour": "grey", "esc\"aped": { "deep": 1e300 },
        });
        let read = cat(whole.clone()).unwrap();
        assert_eq!(read.owner, Some(None));
        assert_eq!(read.extra.len(), 2);
        assert_eq!(serde_json::to_value(&read).unwrap(), whole);
    }

    #[test]
    fn absent_null_or_repeated_field_is_read() {
        let least = cat(json!({ "id": 1, "kittens": null, "toys": null })).unwrap();
        assert_eq!((least.name, least.owner), (None, None));
        assert!(least.kittens.is_empty() && least.toys.is_empty() && least.extra.is_empty());
        let twice: Cat =
            serde_json::from_str(r#"{"id":1,"id":2,"kittens":[],"\u0066irst-name":"T"}"#).unwrap();
        assert_eq!((twice.id, twice.name.as_deref()), (2, Some("T")));
        assert_eq!(
            serde_json::from_str::<Empty>(r#"{"a":[{}]}"#).unwrap(),
            Empty {}
        );
    }

    #[test]
    fn missing_or_wrong_field_is_named() {
        for (value, problem) in [
            (json!({ "id": 1 }), "missing field `kittens`"),
            (json!({ "kittens": [] }), "missing field `id`"),
            (
                json!({ "id": null, "kittens": [] }),
                "invalid type: null, expected u8",
            ),
            (json!([1]), "invalid type: sequence, expected struct Cat"),
            (
                json!("x"),
                "invalid type: string \"x\", expected struct Cat",
            ),
        ] {
            let error = cat(value).unwrap_err();
            assert!(error.starts_with(problem), "{error}");
        }
    }

    #[test]
    fn struct_can_be_flattened() {
        #[derive(serde::Deserialize)]
        struct Outer {
            pages: u8,
            #[serde(flatten)]
            cat: Cat,
        }
        let outer: Outer =
            serde_json::from_value(json!({ "pages": 3, "id": 1, "kittens": [] })).unwrap();
        assert_eq!((outer.pages, outer.cat.id), (3, 1));
    }
}

//! How generated structs are decoded.
//!
//! serde's derive reads a struct in ways that JSON does not have, from a sequence and by the number of a field, and so
//! took more than half of the time to compile a generated client.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Implements `Deserialize` for a struct. A line is a member's name in JSON, the field, how a value is read, and what is
/// made of it or of its absence; after two dots, the field that all other members go to.
///
/// Unknown members are passed over, and of a name that comes twice the last counts. Items of the macro begin with `__`, as
/// no generated type does.
#[doc(hidden)]
#[macro_export]
macro_rules! __decodes {
    (
        $name:ident {
            $($wire:literal => $field:ident: $read:ident, $made:ident;)*
            $(..$rest:ident)?
        }
    ) => {
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                struct __Members;

                impl<'de> $crate::serde::de::Visitor<'de> for __Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("struct ", stringify!($name)))
                    }

                    fn visit_map<__A: $crate::serde::de::MapAccess<'de>>(
                        self,
                        mut members: __A,
                    ) -> ::std::result::Result<$name, __A::Error> {
                        $(let mut $field = ::std::option::Option::None;)*
                        $(let mut $rest = ::std::default::Default::default();)?
                        while let ::std::option::Option::Some(name) =
                            $crate::model::deserialize::name(&mut members)?
                        {
                            match &*name {
                                $($wire => $crate::model::deserialize::$read(&mut members, &mut $field),)*
                                _ => $crate::__decodes!(@other members, name $(, $rest)?),
                            }?;
                        }
                        ::std::result::Result::Ok($name {
                            $($field: $crate::__decodes!(@$made $field, $wire),)*
                            $($rest)?
                        })
                    }
                }

                deserializer.deserialize_struct(stringify!($name), &[$($wire),*], __Members)
            }
        }
    };
    (@required $field:ident, $wire:literal) => { $crate::model::deserialize::required($field, $wire)? };
    (@optional $field:ident, $wire:literal) => { $field.unwrap_or_default() };
    (@other $members:ident, $name:ident) => { $crate::model::deserialize::pass_over(&mut $members) };
    (@other $members:ident, $name:ident, $rest:ident) => {
        $crate::model::deserialize::keep(&mut $members, $name, &mut $rest)
    };
}

/// The name of the next member.
pub fn name<'de, A: MapAccess<'de>>(members: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    struct Name<'de>(Cow<'de, str>);

    impl<'de> Deserialize<'de> for Name<'de> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Text;

            impl<'de> Visitor<'de> for Text {
                type Value = Name<'de>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("the name of a member")
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

    Ok(members.next_key::<Name<'de>>()?.map(|name| name.0))
}

/// Reads the value of a member.
pub fn value<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    members: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    *field = Some(members.next_value()?);
    Ok(())
}

/// Reads a list or a map, for which a Go server writes `null` when it is empty.
pub fn list<'de, A: MapAccess<'de>, T: Deserialize<'de> + Default>(
    members: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    let value: Option<T> = members.next_value()?;
    *field = Some(value.unwrap_or_default());
    Ok(())
}

/// Reads a value or `null`, which is not the same as absence.
pub fn nullable<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    members: &mut A,
    field: &mut Option<Option<Option<T>>>,
) -> Result<(), A::Error> {
    *field = Some(Some(members.next_value()?));
    Ok(())
}

/// Passes over the value of an unknown member.
pub fn pass_over<'de, A: MapAccess<'de>>(members: &mut A) -> Result<(), A::Error> {
    members.next_value::<IgnoredAny>().map(drop)
}

/// Keeps the value of a member that has no field of its own.
pub fn keep<'de, A: MapAccess<'de>, T: Deserialize<'de>, M: Extend<(String, T)>>(
    members: &mut A,
    name: Cow<'de, str>,
    rest: &mut M,
) -> Result<(), A::Error> {
    rest.extend([(name.into_owned(), members.next_value()?)]);
    Ok(())
}

/// The value of a member that has to be there.
pub fn required<T, E: Error>(field: Option<T>, name: &'static str) -> Result<T, E> {
    field.ok_or_else(|| E::missing_field(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

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

    crate::__decodes! {
        Cat {
            "id" => id: value, required;
            "first-name" => name: value, optional;
            "owner" => owner: nullable, optional;
            "kittens" => kittens: list, required;
            "toys" => toys: list, optional;
            ..extra
        }
    }

    #[derive(Debug, PartialEq)]
    struct Empty {}

    crate::__decodes! { Empty {} }

    fn cat(value: Value) -> Result<Cat, String> {
        let from_text =
            serde_json::from_str::<Cat>(&value.to_string()).map_err(|it| it.to_string());
        let from_value = serde_json::from_value::<Cat>(value).map_err(|it| it.to_string());
        // Positions are told of text only.
        assert_eq!(from_text.is_ok(), from_value.is_ok());
        from_text
    }

    #[test]
    fn what_is_there_is_read_and_written_as_it_was() {
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
    fn absent_null_and_twice() {
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
    fn what_is_missing_or_wrong_is_named() {
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
    fn a_struct_of_another_crate_may_hold_it_flattened() {
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

//! Open enums: unknown values are kept, not rejected.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{self, Visitor};

use super::{doubt, drift};

/// An enum value that this version of the crate does not know.
///
/// The value is opaque on purpose. Code cannot match on its text in a pattern, so code that
/// compiles today keeps its meaning when a later version adds a variant for the value. Use `as_str`
/// of the enum or of this type to read the text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// Returns an unknown value with this text. For generated code.
    #[doc(hidden)]
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// Returns the value as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The trait that `open_enum!` implements.
pub trait OpenEnum: Sized {
    /// Returns the value with this text, if this version knows it.
    fn known(text: &str) -> Option<Self>;

    /// Returns the value that this version does not know.
    fn unknown(value: UnknownValue) -> Self;
}

/// Deserializes an enum from a string.
pub fn from_text<'de, D: Deserializer<'de>, T: OpenEnum>(deserializer: D) -> Result<T, D::Error> {
    struct Text<T>(PhantomData<T>);

    impl<T: OpenEnum> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            Ok(T::known(text).unwrap_or_else(|| {
                doubt::unknown();
                drift::value::<T>(text);
                T::unknown(UnknownValue::new(text))
            }))
        }
    }

    deserializer.deserialize_string(Text(PhantomData))
}

/// Defines an enum of texts with a variant `Unknown` for every other text.
///
/// `Unknown` cannot hold the text of a known variant: all conversions (`From`, `FromStr`, serde)
/// return the known variant.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                #[doc = ""]
                $(#[$variant_meta])*
                $variant,
            )*
            /// A value that this version does not know; `as_str` returns its text.
            Unknown($crate::model::open_enum::UnknownValue),
        }

        impl $name {
            /// Returns the value as written in JSON.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }

            /// Returns whether this version has a variant for the value.
            #[inline]
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }

        }

        impl $crate::model::open_enum::OpenEnum for $name {
            #[inline]
            fn known(text: &str) -> ::std::option::Option<Self> {
                match text {
                    $($text => ::std::option::Option::Some(Self::$variant),)*
                    _ => ::std::option::Option::None,
                }
            }

            #[inline]
            fn unknown(value: $crate::model::open_enum::UnknownValue) -> Self {
                Self::Unknown(value)
            }
        }

        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                <Self as $crate::model::open_enum::OpenEnum>::known(text)
                    .unwrap_or_else(|| Self::Unknown($crate::model::open_enum::UnknownValue::new(text)))
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                <Self as $crate::model::open_enum::OpenEnum>::known(&text)
                    .unwrap_or_else(|| Self::Unknown($crate::model::open_enum::UnknownValue::new(text)))
            }
        }

        impl ::std::convert::From<&::std::string::String> for $name {
            #[inline]
            fn from(text: &::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl $crate::model::setter::Nullable<$name> for &str {
            #[inline]
            fn given(
                self,
                _: $crate::model::setter::sealed::Seal,
            ) -> $crate::model::setter::Given<::std::option::Option<$name>> {
                ::std::option::Option::Some(::std::result::Result::Ok(
                    ::std::option::Option::Some(self.into()),
                ))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            // A variant may be called `Err`.
            #[inline]
            fn from_str(
                text: &str,
            ) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
                ::std::result::Result::Ok(Self::from(text))
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::model::open_enum::from_text(deserializer)
            }
        }

        // The known values are `examples`, not `enum`, because other values are valid too.
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(stringify!($name))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(concat!(module_path!(), "::", stringify!($name)))
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                let examples: &[&str] = &[$($text),*];
                ::schemars::json_schema!({ "type": "string", "examples": examples })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    crate::__open_enum! {
        /// How a task runs.
        pub enum TaskMode {
            Agent = "agent",
            /// Only answers.
            Chat = "chat",
        }
    }

    #[test]
    fn known_value_becomes_its_variant() {
        for mode in [
            TaskMode::from("agent"),
            TaskMode::from("agent".to_owned()),
            TaskMode::from(&"agent".to_owned()),
            "agent".parse().unwrap(),
            serde_json::from_str("\"agent\"").unwrap(),
            serde_json::from_value("agent".into()).unwrap(),
        ] {
            assert_eq!(mode, TaskMode::Agent);
            assert!(mode.is_known());
        }
    }

    #[test]
    fn unknown_value_round_trips() {
        let mode: TaskMode = serde_json::from_str(r#""pl\u00e4n""#).unwrap();
        assert!(!mode.is_known());
        assert_eq!(mode.as_str(), "plän");
        assert_eq!(mode.to_string(), "plän");
        assert_eq!(serde_json::to_string(&mode).unwrap(), "\"plän\"");
        assert!(matches!(&mode, TaskMode::Unknown(value) if value.as_str() == "plän"));
        assert_eq!(format!("{mode:?}"), r#"Unknown("plän")"#);
        assert_eq!(
            serde_json::from_str::<TaskMode>("\"\"").unwrap().as_str(),
            ""
        );
    }

    #[test]
    fn open_enum_works_as_map_key_and_pads() {
        let modes: HashMap<TaskMode, u8> = serde_json::from_str(r#"{"chat": 1}"#).unwrap();
        assert_eq!(modes.get(&TaskMode::Chat), Some(&1));
        assert_eq!(format!("{:>6}", TaskMode::Chat), "  chat");
    }

    #[test]
    fn non_string_is_rejected() {
        let error = serde_json::from_str::<TaskMode>("1").unwrap_err();
        assert!(error.to_string().contains("expected a string"), "{error}");
    }

    #[cfg(feature = "schemars")]
    #[test]
    fn json_schema_allows_every_string() {
        let schema = schemars::schema_for!(TaskMode);
        assert_eq!(schema.get("type").unwrap(), "string");
        assert_eq!(
            *schema.get("examples").unwrap(),
            serde_json::json!(["agent", "chat"])
        );
        assert!(schema.get("enum").is_none());
    }
}

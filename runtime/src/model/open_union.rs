//! Open unions: enums of types, with JSON for values that fit none.

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
            Unknown($crate::model::unknown_json::UnknownJson),
        }

        impl $crate::model::choice::Union for $name {
            /// The variants, each with its decoder.
    const BRANCHES: &'static [($crate::model::shape::Branch, $crate::model::choice::Decode<Self>)] = &[$((
                {
                    // Imported here only, because a variant may have a type of either name.
                    #[allow(unused_imports)]
                    use $crate::model::shape::{Branch, Shape};
                    $branch
                },
                |value| <$of as $crate::serde::Deserialize>::deserialize(value).map(Self::$variant),
            )),*];

            /// Returns the value that matches no known variant.
    fn unknown(value: $crate::model::unknown_json::UnknownJson) -> Self {
                Self::Unknown(value)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                #[allow(unused_imports)]
                use $crate::model::shape::{Branch, Shape};
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
                $crate::model::choice::deserialize(deserializer)
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

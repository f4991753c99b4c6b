//! Builders of generated types: how a struct is made that may get new optional fields.

/// Defines the builder of a struct, in the module beneath the struct's, and `builder()` of the struct.
///
/// A line is a setter, the function of [`given`](crate::given) that converts what it is given, the field with what the
/// builder holds, the field's name in JSON, and the function that makes the field's value.
#[doc(hidden)]
#[macro_export]
macro_rules! __type_builder {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_meta:meta])*
                $setter:ident($argument:ty) = $given:ident => $field:ident: $held:ty, $wire:literal, $made:ident $(($value:expr))?;
            )*
        }
    ) => {
        impl super::$name {
            #[doc = concat!("Starts a [`", stringify!($name), "`]; `build` makes it.")]
            pub fn builder() -> $name {
                ::std::default::Default::default()
            }
        }

        #[doc = concat!("Builder of [`", stringify!($name), "`](super::", stringify!($name), ").")]
        $(#[$meta])*
        #[derive(Default)]
        pub struct $name {
            $($field: $crate::model::setter::Given<$held>,)*
        }

        impl $name {
            $(
                $(#[$field_meta])*
                #[must_use]
                pub fn $setter(mut self, value: $argument) -> Self {
                    self.$field = $crate::model::setter::$given(value);
                    self
                }
            )*

            /// Makes the value.
            ///
            /// # Errors
            ///
            /// Names the field that is missing or could not be converted.
            #[inline]
            pub fn build(self) -> ::std::result::Result<super::$name, super::error::ConversionError> {
                // A setter may be called `try_into`.
                ::std::convert::TryInto::try_into(self)
            }
        }

        // A builder may hold a secret, so it shows nothing.
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl ::std::convert::TryFrom<$name> for super::$name {
            type Error = super::error::ConversionError;

            #[inline]
            #[allow(unused_variables)]
            fn try_from(value: $name) -> ::std::result::Result<Self, Self::Error> {
                ::std::result::Result::Ok(Self {
                    $($field: $crate::model::setter::$made(
                        concat!(stringify!($name), ".", $wire),
                        value.$field,
                        $(|| $value)?
                    )?,)*
                })
            }
        }
    };
}

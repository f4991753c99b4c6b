//! Setter arguments of types that are written as text.

/// A type of ids, dates or times that is written as text.
pub(super) trait Text: Sized {
    fn read(text: &str) -> Result<Self, String>;
}

/// Implements the traits of setter arguments for the text of a type.
macro_rules! texts {
    ($($of:ty),*) => {$(
        impl Scalar<$of> for &str {
            fn given(self, _: Seal) -> Given<$of> {
                Some(<$of>::read(self))
            }
        }

        impl Nullable<$of> for &str {
            fn given(self, _: Seal) -> Given<Option<$of>> {
                Some(<$of>::read(self).map(Some))
            }
        }

        impl Scalar<$of> for String {
            fn given(self, _: Seal) -> Given<$of> {
                Some(<$of>::read(&self))
            }
        }

        impl Scalar<$of> for &String {
            fn given(self, _: Seal) -> Given<$of> {
                Some(<$of>::read(self))
            }
        }
    )*};
}

/// Implements the traits of setter arguments for the values of a type.
macro_rules! values {
    ($($of:ty),*) => {$(
        impl Scalar<$of> for $of {
            fn given(self, _: Seal) -> Given<$of> {
                Some(Ok(self))
            }
        }

        impl Scalar<$of> for &$of {
            fn given(self, _: Seal) -> Given<$of> {
                Some(Ok(*self))
            }
        }

        impl Nullable<$of> for &$of {
            fn given(self, _: Seal) -> Given<Option<$of>> {
                Some(Ok(Some(*self)))
            }
        }
    )*};
}

pub(super) use {texts, values};

//! Setter arguments for ids, dates and times: values, references and text.

#[cfg(any(feature = "chrono", feature = "uuid"))]
mod text;
#[cfg(feature = "chrono")]
mod time;
#[cfg(feature = "uuid")]
mod uuid;

use super::setter::{Given, sealed::Seal};

/// The argument of a setter for an id, a date or a time: a value, a reference to one, or text.
///
/// Text is a UUID, a date (`2026-01-31`), or a date and time of RFC 3339 (`2026-01-31T12:00:00Z`).
/// Text of another form is reported when the request is sent or the value is built.
///
/// ```
/// # use neo_client_runtime::{Scalar, chrono::{DateTime, Utc}, uuid::Uuid};
/// fn take(id: impl Scalar<Uuid>, time: impl Scalar<DateTime<Utc>>) {}
///
/// take(Uuid::nil(), Utc::now());
/// take("67e55044-10b1-426f-9247-bb680e5fe0c8", "2026-01-31T12:00:00Z");
/// take(&Uuid::nil(), String::from("2026-01-31T12:00:00+01:00"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be set where `{T}` is expected",
    label = "neither a `{T}` nor text of one",
    note = "the setter takes a value of the field's type, a reference to one, or text"
)]
pub trait Scalar<T> {
    /// Converts the value.
    #[doc(hidden)]
    fn given(self, _: Seal) -> Given<T>;
}

/// Converts the argument of a setter.
pub fn scalar<T>(value: impl Scalar<T>) -> Given<T> {
    value.given(Seal)
}

/// Converts each element of the argument of a setter.
pub fn scalars<T>(values: impl IntoIterator<Item: Scalar<T>>) -> Given<Vec<T>> {
    let mut all = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        match scalar(value)? {
            Ok(value) => all.push(value),
            Err(problem) => return Some(Err(format!("element {index}: {problem}"))),
        }
    }
    Some(Ok(all))
}

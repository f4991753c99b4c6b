//! Setter arguments for ids, dates and times: values, references and text.

use std::fmt::Display;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use uuid::Uuid;

use super::setter::{Given, Nullable, sealed::Seal};

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

/// A type of ids, dates or times that is written as text.
trait Text: Sized {
    fn read(text: &str) -> Result<Self, String>;
}

impl Text for Uuid {
    fn read(text: &str) -> Result<Self, String> {
        Uuid::parse_str(text).map_err(|problem| problem.to_string())
    }
}

impl Text for DateTime<Utc> {
    fn read(text: &str) -> Result<Self, String> {
        let time = DateTime::parse_from_rfc3339(text);
        let time =
            time.map_err(|problem| unlike(problem, "a date and time", "2026-01-31T12:00:00Z"))?;
        Ok(time.to_utc())
    }
}

impl Text for NaiveDate {
    fn read(text: &str) -> Result<Self, String> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d");
        date.map_err(|problem| unlike(problem, "a date", "2026-01-31"))
    }
}

fn unlike(problem: impl Display, what: &str, example: &str) -> String {
    format!("the text is not {what} of RFC 3339, such as {example}: {problem}")
}

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

texts!(Uuid, DateTime<Utc>, NaiveDate);

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

values!(Uuid, NaiveDate);

impl<Z: TimeZone> Scalar<DateTime<Utc>> for DateTime<Z> {
    fn given(self, _: Seal) -> Given<DateTime<Utc>> {
        Some(Ok(self.to_utc()))
    }
}

impl<Z: TimeZone> Scalar<DateTime<Utc>> for &DateTime<Z> {
    fn given(self, _: Seal) -> Given<DateTime<Utc>> {
        Some(Ok(self.to_utc()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;
    use crate::model::setter;

    #[test]
    fn time_is_a_value_a_reference_or_text() {
        let expected = Utc.with_ymd_and_hms(2026, 1, 31, 12, 0, 0).unwrap();
        let zone = FixedOffset::east_opt(3600).unwrap();
        let text = "2026-01-31T13:00:00+01:00".to_owned();
        let reference = &expected;
        for given in [
            scalar::<DateTime<Utc>>(expected),
            scalar(reference),
            scalar(expected.with_timezone(&zone)),
            scalar("2026-01-31T12:00:00Z"),
            scalar(&text),
            scalar(text),
        ] {
            assert_eq!(given, Some(Ok(expected)));
        }
        let problem = scalar::<DateTime<Utc>>("canary").unwrap().unwrap_err();
        assert!(problem.contains("2026-01-31T12:00:00Z"), "{problem}");
        assert!(!problem.contains("canary"), "{problem}");
    }

    #[test]
    fn id_and_date_are_values_references_or_text() {
        let id = Uuid::from_u128(7);
        let (reference, text) = (&id, &id.to_string());
        for given in [scalar::<Uuid>(id), scalar(reference), scalar(text)] {
            assert_eq!(given, Some(Ok(id)));
        }
        assert!(scalar::<Uuid>("7").unwrap().is_err());
        assert_eq!(setter::nullable::<Uuid>(text.as_str()), Some(Ok(Some(id))));
        let date = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        let reference = &date;
        for given in [
            scalar::<NaiveDate>(date),
            scalar(reference),
            scalar("2026-01-31"),
        ] {
            assert_eq!(given, Some(Ok(date)));
        }
        assert!(scalar::<NaiveDate>("2026-02-31").unwrap().is_err());
        assert_eq!(scalars::<Uuid>([&id]), Some(Ok(vec![id])));
        let problem = scalars::<Uuid>(["7"]).unwrap().unwrap_err();
        assert!(problem.starts_with("element 0: "), "{problem}");
    }
}

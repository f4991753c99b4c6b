//! Setter arguments for dates and times.

use std::fmt::Display;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

use super::Scalar;
use super::text::{Text, texts, values};
use crate::model::setter::{Given, Nullable, sealed::Seal};

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

texts!(DateTime<Utc>, NaiveDate);
values!(NaiveDate);

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
    use crate::model::scalar::scalar;

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
    fn date_is_a_value_a_reference_or_text() {
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
    }
}

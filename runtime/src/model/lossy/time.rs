//! Mends dates and times that are not of RFC 3339.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::de::Expected;

/// Returns a date and time in the form of RFC 3339. A time without a zone is UTC.
///
/// Returns `None` if the visitor expects another text, or the text is not a time. Only dates are
/// read as text with an expectation that names RFC 3339.
pub(super) fn mended(text: &str, visitor: &dyn Expected) -> Option<String> {
    let expects_time = visitor.to_string().contains("RFC 3339");
    let time = expects_time.then(|| utc(text)).flatten()?;
    Some(time.to_rfc3339())
}

/// Returns the time of a text that lacks the zone, or writes it as ISO 8601 allows and RFC 3339
/// does not.
fn utc(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let naive = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
    ];
    let mut naive = naive.iter();
    let without_zone = naive.find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    if let Some(time) = without_zone {
        return Some(time.and_utc());
    }
    let text = match text.strip_suffix(['Z', 'z']) {
        Some(time) => format!("{time}+0000"),
        None => text.to_owned(),
    };
    let mut forms = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z"].iter();
    let with_zone = forms.find_map(|form| DateTime::parse_from_str(&text, form).ok());
    with_zone.map(|time| time.to_utc())
}

//! Compares an instance with what a type decoded and encoded again.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;

use chrono::DateTime;
use serde_json::Value;

/// The changes on the way, as JSON pointers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Values other than `null` that are missing.
    pub lost: Vec<String>,
    /// Values that are missing and were `null`.
    pub nulls_lost: Vec<String>,
    /// Values that are there and were not.
    pub invented: Vec<String>,
    /// Values that are different.
    pub changed: Vec<String>,
}

impl Differences {
    /// Returns whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// Returns what changed. The properties `added` may be missing.
pub fn compare(before: &Value, after: &Value, added: &BTreeSet<String>) -> Differences {
    let mut found = Differences::default();
    values(before, after, "", added, &mut found);
    found
}

fn values(
    before: &Value,
    after: &Value,
    at: &str,
    added: &BTreeSet<String>,
    found: &mut Differences,
) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                let at = pointer(at, name);
                match after.get(name) {
                    Some(other) => values(value, other, &at, added, found),
                    None if added.contains(&at) => {}
                    None if value.is_null() => found.nulls_lost.push(at),
                    None => found.lost.push(at),
                }
            }
            let new = after.keys().filter(|name| !before.contains_key(*name));
            found.invented.extend(new.map(|name| pointer(at, name)));
        }
        (Value::Array(before), Value::Array(after)) => {
            for (index, value) in before.iter().enumerate() {
                let at = format!("{at}/{index}");
                match after.get(index) {
                    Some(other) => values(value, other, &at, added, found),
                    None => found.lost.push(at),
                }
            }
            let new = before.len()..after.len();
            found
                .invented
                .extend(new.map(|index| format!("{at}/{index}")));
        }
        (Value::Number(before), Value::Number(after)) => {
            let exact = before == after || before.as_f64() == after.as_f64();
            if !exact {
                found.changed.push(at.to_owned());
            }
        }
        (Value::String(before), Value::String(after)) => {
            if !is_same(before, after) {
                found.changed.push(at.to_owned());
            }
        }
        _ => {
            if before != after {
                found.changed.push(at.to_owned());
            }
        }
    }
}

/// Returns whether two texts are equal, or one instant, UUID or address in two spellings.
fn is_same(before: &str, after: &str) -> bool {
    let instant = |text| DateTime::parse_from_rfc3339(text).ok();
    let address = |text: &str| text.parse::<Ipv6Addr>().ok();
    let is_uuid = before.len() == 36 && before.matches('-').count() == 4;
    before == after
        || (is_uuid && before.eq_ignore_ascii_case(after))
        || instant(before).is_some_and(|it| Some(it) == instant(after))
        || address(before).is_some_and(|it| Some(it) == address(after))
}

fn pointer(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spelling_of_one_instant_is_no_difference() {
        for (before, after) in [
            ("2024-02-01T10:30:00+05:30", "2024-02-01T05:00:00Z"),
            (
                "67E55044-10B1-426F-9247-BB680E5F0C1A",
                "67e55044-10b1-426f-9247-bb680e5f0c1a",
            ),
            ("2001:DB8:0:0::1", "2001:db8::1"),
        ] {
            let none = BTreeSet::new();
            assert!(compare(&json!(before), &json!(after), &none).is_empty());
            assert!(!compare(&json!(before), &json!("other"), &none).is_empty());
        }
    }

    #[test]
    fn each_kind_of_difference_is_found() {
        let before = json!({ "a": 1, "b": null, "c": [1, 2], "d": 1.5, "new": 0, "same": 5 });
        let after = json!({ "c": [1], "d": 1.25, "e": null, "same": 5.0 });
        let found = compare(&before, &after, &BTreeSet::from(["/new".to_owned()]));
        assert_eq!(found.lost, ["/a", "/c/1"]);
        assert_eq!(found.nulls_lost, ["/b"]);
        assert_eq!(found.invented, ["/e"]);
        assert_eq!(found.changed, ["/d"]);
        assert!(compare(&before, &before, &BTreeSet::new()).is_empty());
    }
}

//! Compares the lifecycle of an operation, a parameter or a property: deprecation, sunset and
//! stability.

use std::sync::{LazyLock, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::diff::model::checks::{self, Check};
use crate::diff::model::document::Node;
use crate::diff::model::member::member;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::normalize::schema_use::Unwrapped;

/// The stability level that `x-beta-api` means.
static BETA: LazyLock<Value> = LazyLock::new(|| Value::from("beta"));

/// The lifecycle keywords of an object.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle<'d> {
    deprecated: bool,
    sunset: Option<&'d Value>,
    stability: Option<&'d Value>,
}

/// A change of the lifecycle.
pub struct LifecycleChange<'d> {
    pub check: &'static Check,
    pub before: Option<ShownValue<'d>>,
    pub after: Option<ShownValue<'d>>,
}

impl<'d> Lifecycle<'d> {
    pub fn of(node: &Node<'d>) -> Self {
        let get = |key: &str| member(node.value, key);
        Self {
            deprecated: node.flag("deprecated") == Some(true),
            sunset: get("x-sunset"),
            stability: get("x-stability-level")
                .or_else(|| (node.flag("x-beta-api") == Some(true)).then(|| &*BETA)),
        }
    }

    /// Returns whether the object is a draft, which promises nothing.
    pub fn is_draft(&self) -> bool {
        matches!(self.level(), Some(0 | 1))
    }

    /// Returns whether the object is deprecated and its sunset has passed.
    pub fn is_retired(&self) -> bool {
        self.deprecated
            && match &self.sunset {
                None => true,
                Some(sunset) => day(sunset).is_some_and(|day| day <= today()),
            }
    }

    /// Returns the stability level, or `None` if it is unknown.
    fn level(&self) -> Option<u8> {
        match &self.stability {
            None => Some(3),
            Some(level) => match level.as_str()? {
                "draft" => Some(0),
                "alpha" => Some(1),
                "beta" => Some(2),
                "stable" => Some(3),
                _ => None,
            },
        }
    }
}

impl<'d> Unwrapped<'d> {
    pub fn marks(&self) -> Lifecycle<'d> {
        Lifecycle {
            deprecated: self.flag("deprecated"),
            sunset: self.of_use("x-sunset").map(|node| node.value),
            stability: self.of_use("x-stability-level").map(|node| node.value),
        }
    }
}

/// Returns the changes of the lifecycle.
pub fn compare<'d>(old: &Lifecycle<'d>, new: &Lifecycle<'d>) -> Vec<LifecycleChange<'d>> {
    let mut found = Vec::new();
    let sunset = |check| LifecycleChange {
        check,
        before: old.sunset.map(ShownValue::There),
        after: new.sunset.map(ShownValue::There),
    };
    let state = |check| LifecycleChange {
        check,
        before: Some(old.deprecated.into()),
        after: Some(new.deprecated.into()),
    };
    match (old.deprecated, new.deprecated) {
        (true, false) => found.push(state(&checks::REACTIVATED)),
        (false, true) => {
            found.push(state(&checks::DEPRECATED));
            found.extend(faults(new).map(sunset));
        }
        (true, true) if old.sunset != new.sunset => {
            found.push(sunset(if new.sunset.is_none() {
                &checks::SUNSET_REMOVED
            } else if let Some(fault) = faults(new) {
                fault
            } else {
                match (old.sunset.map(day), new.sunset.and_then(day)) {
                    (Some(None), _) => &checks::UNKNOWN_SUNSET,
                    (Some(was), is) if is < was => &checks::SUNSET_EARLIER,
                    _ => &checks::SUNSET_CHANGED,
                }
            }));
        }
        _ => {}
    }
    let is_same_level = old.level().is_some() && old.level() == new.level();
    if old.stability != new.stability && !is_same_level {
        let check = match (old.level(), new.level()) {
            (Some(was), Some(is)) if is > was => &checks::STABILITY_INCREASED,
            (Some(_), Some(_)) => &checks::STABILITY_DECREASED,
            _ => &checks::UNKNOWN_STABILITY,
        };
        found.push(LifecycleChange {
            check,
            before: old.stability.map(ShownValue::There),
            after: new.stability.map(ShownValue::There),
        });
    }
    found
}

/// Returns the check that a wrong sunset fails.
fn faults(of: &Lifecycle<'_>) -> Option<&'static Check> {
    match day(of.sunset?) {
        None => Some(&checks::SUNSET_INVALID),
        Some(day) if day <= today() => Some(&checks::SUNSET_TOO_SOON),
        Some(_) => None,
    }
}

/// Returns the days since 1970 of a date, or of a date and time (RFC 3339).
fn day(sunset: &Value) -> Option<i64> {
    let text = sunset.as_str()?;
    let (date, time) = text.split_at_checked(10)?;
    if !(time.is_empty() || time.starts_with(['T', 't', ' '])) {
        return None;
    }
    let mut parts = date.split('-');
    let mut next = || parts.next()?.parse::<i64>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    if !((1..=12).contains(&month) && (1..=31).contains(&day)) {
        return None;
    }
    // With years that begin in March, the leap day is the last day.
    let year = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
            - 719_468,
    )
}

/// Returns today in days since 1970. `SOURCE_DATE_EPOCH` overrides the date, for repeatable runs.
fn today() -> i64 {
    static TODAY: OnceLock<i64> = OnceLock::new();
    *TODAY.get_or_init(|| {
        let set = std::env::var("SOURCE_DATE_EPOCH").ok();
        let seconds = set.and_then(|set| set.parse().ok()).or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
            i64::try_from(now.as_secs()).ok()
        });
        seconds.unwrap_or_default() / 86_400
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (text, expected) in [
            ("1970-01-01", Some(0)),
            ("1969-12-31", Some(-1)),
            ("2000-02-29", Some(11_016)),
            ("2024-03-01T10:00:00Z", Some(19_783)),
            ("2024-13-01", None),
            ("soon", None),
            ("2024-03-01x", None),
        ] {
            assert_eq!(day(&Value::from(text)), expected, "{text}");
        }
    }
}

//! Suggests values by the words of a property's name, where its schema only gives a type.
//!
//! People read samples, and programs under test show them: quotas that add up and a list without a
//! next page say more than `0` and `"string"`. The first matching line of a table wins. The tables
//! know no vendor and no operation.

/// The identifier of every sample.
pub(super) const UUID: &str = "0198a3f2-7c4e-7d1a-9b52-3e6f8a1c2d40";

/// Words that suggest a number. The issued amount is the used plus the available amount.
const NUMBERS: &[(&str, f64)] = &[
    ("percent", 25.0),
    ("rate", 0.5),
    ("price", 0.5),
    ("cents", 4900.0),
    ("ms", 1200.0),
    ("seconds", 30.0),
    ("timeout", 30.0),
    ("timestamp", 1_767_225_600.0),
    ("port", 22.0),
    ("month", 12.0),
    ("year", 2030.0),
    ("index", 0.0),
    ("offset", 0.0),
    ("used", 250.0),
    ("spent", 250.0),
    ("available", 750.0),
    ("remaining", 750.0),
    ("issued", 1000.0),
    ("limit", 1000.0),
    ("cap", 1000.0),
    ("size", 2048.0),
    ("count", 1.0),
    ("total", 1.0),
    ("usd", 25.0),
    ("cost", 0.25),
];

/// Words that suggest a string.
const STRINGS: &[(&str, &str)] = &[
    ("cursor", ""),
    ("error", ""),
    ("email", "ada@example.com"),
    ("url", "https://example.com/"),
    ("uri", "https://example.com/"),
    ("ip", "192.0.2.1"),
    ("host", "host.example.com"),
    ("last4", "4242"),
    ("brand", "visa"),
    ("currency", "usd"),
    ("date", "2026-01-15"),
    ("time", "09:30"),
    ("path", "reports/summary.md"),
    ("id", UUID),
    ("ids", UUID),
];

/// Words of a boolean that is false in a response without trouble. Other booleans are true.
const FALSE: &[&str] = &[
    "more",
    "expired",
    "cancel",
    "canceled",
    "cancelled",
    "deleted",
    "truncated",
];

/// Words of a date in the future.
const AHEAD: &[&str] = &[
    "expires",
    "expiry",
    "expiration",
    "next",
    "renews",
    "reset",
    "until",
    "end",
    "effective",
];

pub(super) fn number(name: &str) -> f64 {
    first(NUMBERS, name).unwrap_or(12.0)
}

/// Returns a string for a property: its own name if the name suggests nothing better.
pub(super) fn string(name: &str) -> String {
    let unknown = if name.is_empty() { "sample" } else { name };
    first(STRINGS, name).unwrap_or(unknown).to_owned()
}

pub(super) fn boolean(name: &str) -> bool {
    !words(name).any(|word| FALSE.contains(&word.as_str()))
}

/// Returns a date and time of RFC 3339.
pub(super) fn date_time(name: &str) -> &'static str {
    let ahead = words(name).any(|word| AHEAD.contains(&word.as_str()));
    if ahead {
        "2030-01-01T00:00:00Z"
    } else {
        "2026-01-15T09:30:00Z"
    }
}

fn first<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    let words: Vec<_> = words(name).collect();
    table
        .iter()
        .find(|(word, _)| words.iter().any(|of_name| of_name == word))
        .map(|(_, value)| *value)
}

/// Splits `snake_case`, `kebab-case` or `camelCase` into words in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && lower) {
            words.push(String::new());
        }
        lower = letter.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}

//! What a property's name suggests, where its schema only gives a type.
//!
//! A sample is read by people and shown by programs under test: credits that add up, a card that
//! looks like one and a list that is not followed by another page say more than `0` and `"string"`.
//! A name decides by its words; the first line of a table that matches wins, and nothing here knows
//! any particular operation.

/// An identifier for every place that wants one.
pub(super) const UUID: &str = "0198a3f2-7c4e-7d1a-9b52-3e6f8a1c2d40";

/// Words that tell a number. What was granted is what was used and what is left.
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
    ("credits", 500.0),
    ("size", 2048.0),
    ("count", 1.0),
    ("total", 1.0),
    ("seats", 3.0),
    ("usd", 25.0),
    ("cost", 0.25),
];

/// Words that tell a string.
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
    ("display", "$49.00"),
    ("date", "2026-01-15"),
    ("time", "09:30"),
    ("path", "reports/summary.md"),
    ("id", UUID),
    ("ids", UUID),
];

/// Words of a boolean that is false in an untroubled reply; any other is true, so that what it
/// guards shows.
const FALSE: &[&str] = &[
    "more",
    "expired",
    "cancel",
    "canceled",
    "cancelled",
    "deleted",
    "truncated",
    "byok",
];

/// Words of a moment that lies ahead.
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

/// A string for a property; its own name where the name suggests nothing better.
pub(super) fn string(name: &str) -> String {
    let unknown = if name.is_empty() { "sample" } else { name };
    first(STRINGS, name).unwrap_or(unknown).to_owned()
}

pub(super) fn boolean(name: &str) -> bool {
    !words(name).any(|word| FALSE.contains(&word.as_str()))
}

/// A moment of RFC 3339.
pub(super) fn moment(name: &str) -> &'static str {
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

/// The words of `snake_case`, `kebab-case` or `camelCase`, in lower case.
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

//! Random input that is more likely to find failures than random bytes.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Number, Value};

/// Many cases, and no file of failed cases: these become tests.
pub(super) fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(512)
    }
}

/// Names of properties.
const NAMES: &[&str] = &[
    "code", "message", "error", "error_id", "id", "names", "count", "mood", "detail", "title",
    "status", "items",
];

/// Pieces of JSON, HTML, URLs and the credential.
const PIECES: &[&str] = &[
    "{\"",
    "\":",
    "[",
    "]",
    "}",
    ",",
    "\"",
    "\\",
    "%",
    "&#",
    "key_sk_",
    "key_sk_canary",
    "\\u00",
    "\0",
    " ",
    "\r\n",
    "\u{feff}",
    "\u{202e}",
    "error",
    "message",
];

/// Bytes, some of which stand for the credential.
pub(super) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        (0xF8..=0xFFu8).prop_map(|byte| vec![byte]),
        vec(any::<u8>(), 0..8),
        any::<String>().prop_map(String::into_bytes),
        prop::sample::select(PIECES).prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop_oneof![
        vec(piece, 0..12).prop_map(|pieces| pieces.concat()),
        json().prop_map(|text| text.into_bytes()),
        json().prop_map(echo),
    ]
}

/// JSON with a credential in each string and name that ends in `x`.
fn echo(json: String) -> Vec<u8> {
    let mut bytes = json.into_bytes();
    for index in 1..bytes.len() {
        if bytes[index] == b'"' && bytes[index - 1] == b'x' {
            bytes[index - 1] = 0xF8 + u8::try_from(index % 7).unwrap();
        }
    }
    bytes
}

/// JSON with names that occur in responses.
pub(super) fn json() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        any::<String>(),
        "[a-z]{0,6}x?",
        Just("2026-01-31T12:00:00Z".to_owned()),
        Just("8a6e0804-2bd0-4672-b79d-d97027f9071a".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-9i8..9).prop_map(|whole| Value::from(f64::from(whole))),
        any::<f64>().prop_map(|it| Number::from_f64(it).map_or(Value::Null, Value::Number)),
        text.prop_map(Value::from),
    ];
    let name =
        prop_oneof![9 => prop::sample::select(NAMES).prop_map(str::to_owned), 1 => any::<String>()];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name.clone(), inner), 0..12)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .prop_map(|value| value.to_string())
}

//! Reads JSON that may break off: everything before the break.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The first value of a text.
#[derive(Debug, PartialEq)]
pub(super) struct FirstValue {
    /// The value, without the parts that cannot be read.
    pub(super) value: Value,
    /// `true` if the value does not break off.
    pub(super) is_whole: bool,
}

/// Reads the first value of `json`. Returns `None` if nothing can be read.
pub(super) fn first_value(json: &[u8]) -> Option<FirstValue> {
    let mut values = serde_json::Deserializer::from_slice(json).into_iter();
    if let Some(Ok(value)) = values.next() {
        return Some(FirstValue {
            value,
            is_whole: true,
        });
    }
    let mut value = None;
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let is_whole = Slot(&mut value).deserialize(&mut deserializer).is_ok();
    Some(FirstValue {
        value: value?,
        is_whole,
    })
}

/// The slot for a value. It is filled as the value is read, so it holds the parts before an error.
struct Slot<'v>(&'v mut Option<Value>);

impl Slot<'_> {
    fn fill<E>(self, value: impl Into<Value>) -> Result<(), E> {
        *self.0 = Some(value.into());
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.fill(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.fill(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.fill(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.fill(value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.fill(value)
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.fill(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Value::Array(items) = self.0.insert(Value::Array(Vec::new())) else {
            return Ok(());
        };
        loop {
            let mut item = None;
            let read = list.next_element_seed(Slot(&mut item));
            items.extend(item);
            if read?.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Value::Object(properties) = self.0.insert(Value::Object(Map::new())) else {
            return Ok(());
        };
        while let Some(name) = object.next_key::<String>()? {
            let mut value = None;
            let read = object.next_value_seed(Slot(&mut value));
            if let Some(value) = value {
                properties.insert(name, value);
            }
            read?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn value_that_breaks_off_is_read_up_to_the_break() {
        for (text, expected) in [
            (
                r#"{"a": [1, {"b": "x", "c": tru"#,
                json!({"a": [1, {"b": "x"}]}),
            ),
            (r#"{"a": -1.5, "b": "unfin"#, json!({"a": -1.5})),
            (r#"{"a": null, "b": NaN, "c": 1}"#, json!({"a": null})),
            (r#"[[true], ["#, json!([[true], []])),
        ] {
            let found = first_value(text.as_bytes()).unwrap();
            assert_eq!((found.value, found.is_whole), (expected, false), "{text}");
        }
        for text in ["", "nul", "\"x", "<html>"] {
            assert_eq!(first_value(text.as_bytes()), None, "{text}");
        }
        let deep = first_value("[".repeat(1000).as_bytes()).unwrap();
        assert!(!deep.is_whole);
    }

    #[test]
    fn value_before_other_text_is_whole() {
        let found = first_value(br#"{"a": [0, "b"], "a": 1e3} junk"#).unwrap();
        assert_eq!((found.value, found.is_whole), (json!({"a": 1e3}), true));
    }
}

//! Finds a repeated key in JSON, where parsers keep only one of the values.

use std::collections::HashSet;
use std::fmt;

use neo_client_codegen::openapi::pointer::escape;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Returns the JSON pointer of the first key that an object of a JSON text repeats.
pub fn find(text: &str) -> Option<String> {
    let mut found = None;
    let seed = Seed {
        at: &mut String::new(),
        found: &mut found,
    };
    // The text has been parsed or will be: another error than a repeated key is not of interest.
    let _ = seed.deserialize(&mut serde_json::Deserializer::from_str(text));
    found
}

struct Seed<'a> {
    /// The pointer of the value.
    at: &'a mut String,
    found: &'a mut Option<String>,
}

impl Seed<'_> {
    /// Reads a child with a seed of its own.
    fn child<T>(&mut self, token: &str, read: impl FnOnce(Seed<'_>) -> T) -> T {
        let length = self.at.len();
        self.at.push('/');
        self.at.push_str(&escape(token));
        let read = read(Seed {
            at: self.at,
            found: self.found,
        });
        self.at.truncate(length);
        read
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        while self
            .child(&index.to_string(), |seed| items.next_element_seed(seed))?
            .is_some()
        {
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            self.child(&key, |seed| {
                if keys.contains(&key) {
                    *seed.found = Some(seed.at.clone());
                    return Err(A::Error::custom("repeated key"));
                }
                members.next_value_seed(seed)
            })?;
            keys.insert(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_key_is_found() {
        for (text, expected) in [
            (
                r#"{"a": 1, "b": [{"a": 1}, {"c": {"x/y": 1, "x/y": 2}}]}"#,
                Some("/b/1/c/x~1y"),
            ),
            (
                r#"{"paths": {}, "openapi": "3.1.0", "paths": {}}"#,
                Some("/paths"),
            ),
            (r#"{"a": {"a": {"a": [1.5, -1, null, true, "a"]}}}"#, None),
            (r#"{"a": 1"#, None),
            ("a: 1", None),
        ] {
            assert_eq!(find(text).as_deref(), expected, "{text}");
        }
    }
}

//! `null` where the document says "list" or "map": Go servers write it for an empty one.

use serde::{Deserialize, Deserializer};

/// For `#[serde(deserialize_with)]`: reads `null` as `T::default()`.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::null_as_default;

    #[derive(serde::Deserialize)]
    struct Page {
        #[serde(default, deserialize_with = "null_as_default")]
        items: Vec<u8>,
    }

    #[test]
    fn null_absent_and_present() {
        let items = |json| serde_json::from_str::<Page>(json).map(|page| page.items);
        assert!(items(r#"{"items": null}"#).unwrap().is_empty());
        assert!(items("{}").unwrap().is_empty());
        assert_eq!(items(r#"{"items": [1, 2]}"#).unwrap(), vec![1, 2]);
        assert!(items(r#"{"items": 1}"#).is_err());
    }
}

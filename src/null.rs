//! `null`: for a list or a map, where Go servers write it for an empty one, and as a value that is not absence.

use serde::{Deserialize, Deserializer};

/// For `#[serde(deserialize_with)]`: reads `null` as `T::default()`.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// For `#[serde(deserialize_with)]` beside `default`: reads `null` as `Some(None)`.
pub(crate) fn null_or_value<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::{null_as_default, null_or_value};

    #[derive(serde::Deserialize, serde::Serialize, PartialEq, Debug)]
    struct Patch {
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "null_or_value"
        )]
        name: Option<Option<String>>,
    }

    #[test]
    fn null_and_absence_are_told_apart() {
        for (json, name) in [
            ("{}", None),
            (r#"{"name":null}"#, Some(None)),
            (r#"{"name":"tom"}"#, Some(Some("tom".to_owned()))),
        ] {
            let patch: Patch = serde_json::from_str(json).unwrap();
            assert_eq!(patch, Patch { name });
            assert_eq!(serde_json::to_string(&patch).unwrap(), json);
        }
    }

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

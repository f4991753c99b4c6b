//! One pair of a query, read and replaced; the others stay as they are written.

use reqwest::Url;

/// The value of the last pair of this name, if it is not empty.
pub(crate) fn value(url: &Url, name: &str) -> Option<String> {
    let found = url.query_pairs().filter(|(key, _)| key == name).last();
    found
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}

/// Replaces all pairs of this name by one.
pub(crate) fn set(url: &mut Url, name: &str, value: &str) {
    let written = url.query().unwrap_or_default().split('&');
    // Empty pieces are no pairs.
    let kept: Vec<&str> = written
        .filter(|piece| !piece.is_empty())
        .zip(url.query_pairs())
        .filter(|(_, (key, _))| key != name)
        .map(|(piece, _)| piece)
        .collect();
    let kept = kept.join("&");
    url.set_query((!kept.is_empty()).then_some(&*kept));
    url.query_pairs_mut().append_pair(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_pairs_stay_as_they_are_written() {
        for (query, expected) in [
            ("", "cursor=a+b%26"),
            ("?", "cursor=a+b%26"),
            ("?cursor=1", "cursor=a+b%26"),
            (
                "?id=1&cursor=x&id=2&c%75rsor=y&at=x/y%20z",
                "id=1&id=2&at=x/y%20z&cursor=a+b%26",
            ),
            ("?&&flag&=&x==&", "flag&=&x==&cursor=a+b%26"),
        ] {
            let mut url = Url::parse(&format!("http://h/p{query}")).unwrap();
            set(&mut url, "cursor", "a b&");
            assert_eq!(url.query(), Some(expected), "{query}");
            assert_eq!(value(&url, "cursor").as_deref(), Some("a b&"));
        }
    }

    #[test]
    fn an_empty_value_is_none() {
        let url = Url::parse("http://h/p?a=&b&c=1&c=2").unwrap();
        assert_eq!(value(&url, "a"), None);
        assert_eq!(value(&url, "b"), None);
        assert_eq!(value(&url, "c").as_deref(), Some("2"));
    }
}

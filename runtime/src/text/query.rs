//! Pairs in the query of a URL, read and replaced without a change to the others.

#[cfg(feature = "mock")]
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;
use reqwest::Url;

use super::path_value::UNRESERVED;

/// Returns a URL with this query and no other part of its own.
#[cfg(feature = "mock")]
pub(crate) fn only_query(query: Option<&str>) -> Option<Url> {
    let mut url = Url::parse("http://localhost/").ok()?;
    url.set_query(query);
    Some(url)
}

/// Returns the last value of this name in a query, if it is not empty.
pub(crate) fn in_query(url: &Url, name: &str) -> Option<String> {
    let found = url.query_pairs().filter(|(key, _)| key == name).last();
    found
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}

/// Replaces the values of these names in a query by `[redacted]`. Other pairs stay unchanged.
#[cfg(feature = "mock")]
pub(crate) fn redact_in_query(query: &str, names: &[&str]) -> String {
    let pieces = query.split('&').map(|piece| {
        let written = piece.split('=').next().unwrap_or_default();
        let key = written.replace('+', "%20");
        let key = percent_decode_str(&key).decode_utf8_lossy();
        match names.contains(&&*key) {
            true => format!("{written}=[redacted]"),
            false => piece.to_owned(),
        }
    });
    pieces.collect::<Vec<_>>().join("&")
}

/// Adds a pair at the end of a query.
pub(crate) fn append_to_query(url: &mut Url, name: &str, value: &str) {
    let escape = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    let own = format!("{}={}", escape(name), escape(value));
    let query = match url.query().filter(|query| !query.is_empty()) {
        Some(query) => format!("{query}&{own}"),
        None => own,
    };
    url.set_query(Some(&query));
}

/// Replaces all pairs of this name in a query by one pair. Other pairs stay unchanged.
pub(crate) fn replace_in_query(url: &mut Url, name: &str, value: &str) {
    let mut others = String::new();
    let mut pairs = url.query_pairs();
    for piece in url.query().unwrap_or_default().split('&') {
        // Empty pieces are not pairs.
        if !piece.is_empty() && pairs.next().is_some_and(|(key, _)| key != name) {
            others.push_str(piece);
            others.push('&');
        }
    }
    let escape = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    let all = format!("{others}{}={}", escape(name), escape(value));
    url.set_query(Some(&all));
}

#[cfg(all(test, feature = "mock"))]
mod tests {
    use super::*;

    #[test]
    fn values_of_secret_names_are_redacted() {
        let query = "q=a+b&app+id=canary&x&app%20id=canary=2&appid=3";
        let shown = redact_in_query(query, &["app id"]);
        assert_eq!(
            shown,
            "q=a+b&app+id=[redacted]&x&app%20id=[redacted]&appid=3"
        );
    }
}

//! Chooses one of several documented responses by `Accept` (RFC 9110 section 12.5.1).

use std::cmp::Reverse;

use hyper::header::{ACCEPT, HeaderMap};

use super::media_type::essence;

/// Returns the item whose media type `Accept` prefers. If `Accept` leaves the choice open or
/// accepts none, the first item wins: most servers then send what they have.
pub(super) fn choose<'r, T>(
    items: &'r [T],
    headers: &HeaderMap,
    media_type: impl Fn(&T) -> &str,
) -> Option<&'r T> {
    let accept: Vec<&str> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let accept = if accept.is_empty() {
        "*/*".to_owned()
    } else {
        accept.join(",")
    };
    // The minimum of reversed weights, because `max_by_key` would return the last of equals.
    items
        .iter()
        .min_by_key(|item| Reverse(weight(&accept, media_type(item))))
}

/// Returns whether a value of `Accept` includes a media type.
pub(super) fn accepts(accept: &str, media_type: &str) -> bool {
    weight(accept, media_type) > 0
}

/// Returns the weight of a media type in thousandths: that of the most specific range that
/// includes the media type.
fn weight(accept: &str, media_type: &str) -> u16 {
    let media_type = essence(media_type);
    let kind = media_type.split('/').next().unwrap_or_default();
    let of_range = |range: &str| {
        let name = essence(range);
        let specificity = match name.split_once('/') {
            Some(("*", "*")) => 0,
            Some((of_kind, "*")) if of_kind == kind => 1,
            _ if name == media_type => 2,
            _ => return None,
        };
        let parameters = range
            .split(';')
            .skip(1)
            .filter_map(|parameter| parameter.trim().split_once('='));
        let quality = parameters
            .filter(|(name, _)| name.eq_ignore_ascii_case("q"))
            .map(|(_, value)| value);
        let quality = quality
            .last()
            .and_then(|value| value.parse::<f32>().ok())
            .unwrap_or(1.0);
        Some((specificity, (quality.clamp(0.0, 1.0) * 1000.0) as u16))
    };
    accept
        .split(',')
        .filter_map(of_range)
        .max_by_key(|(specificity, _)| *specificity)
        .map_or(0, |(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use super::weight;

    #[test]
    fn most_specific_range_gives_the_weight() {
        let accept =
            "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, */*;q=0.5, image/png;q=0";
        assert_eq!(weight(accept, "text/html"), 300);
        assert_eq!(weight(accept, "application/json"), 500);
        assert_eq!(weight(accept, "image/png"), 0);
        assert_eq!(
            weight("application/json", "Application/JSON; charset=utf-8"),
            1000
        );
        assert_eq!(weight("application/json", "text/event-stream"), 0);
        assert_eq!(weight("nonsense;;q=x, text/csv;q=2", "text/csv"), 1000);
    }
}

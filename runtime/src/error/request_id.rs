//! The id that a server, or a proxy before it, gave to a request.

use reqwest::header::{HeaderMap, HeaderValue};

/// The usual headers, in this order.
const USUAL: [&str; 4] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "correlation-id",
];

/// The ends of the names of other such headers, which begin with the name of a product.
const ENDS: [&str; 5] = [
    "request-id",
    "requestid",
    "correlation-id",
    "trace-id",
    "traceid",
];

/// The headers by which gateways name a request. Those of the server come first.
const OF_GATEWAYS: [&str; 2] = ["cf-ray", "x-amz-cf-id"];

/// The maximum length of an id. A longer value is no id.
const LONGEST: usize = 256;

/// Returns the id of the request, by which the operator of the API finds it.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let first_of = |names: &[&str]| names.iter().find_map(|name| id(headers.get(*name)?));
    let other = || {
        headers.iter().find_map(|(name, value)| {
            let is_id = ENDS.iter().any(|end| name.as_str().ends_with(end));
            id(value).filter(|_| is_id)
        })
    };
    first_of(&USUAL)
        .or_else(other)
        .or_else(|| first_of(&OF_GATEWAYS))
}

/// Returns the id in a header, if the value is one.
fn id(value: &HeaderValue) -> Option<&str> {
    let id = value.to_str().ok()?.trim();
    (!id.is_empty() && id.len() <= LONGEST).then_some(id)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderName;

    use super::*;

    fn found(headers: &[(&'static str, &str)]) -> Option<String> {
        let headers = headers.iter().map(|(name, value)| {
            let value = HeaderValue::from_str(value).unwrap();
            (HeaderName::from_static(name), value)
        });
        let headers: HeaderMap = headers.collect();
        request_id(&headers).map(str::to_owned)
    }

    #[test]
    fn request_id_is_found_by_its_usual_names() {
        for name in [
            "x-request-id",
            "request-id",
            "x-ray-trace-id",
            "x-acme-requestid",
            "x-b3-traceid",
            "cf-ray",
        ] {
            assert_eq!(found(&[(name, " r-1 ")]).as_deref(), Some("r-1"), "{name}");
        }
        let both = [("x-acme-request-id", "a"), ("x-request-id", "r-1")];
        assert_eq!(found(&both).as_deref(), Some("r-1"));
        assert_eq!(
            found(&[("x-request-id", ""), ("request-id", "b")]).as_deref(),
            Some("b")
        );
        let long = "x".repeat(300);
        for other in [
            [("x-request-id", &*long)],
            [("x-request", "a")],
            [("date", "b")],
        ] {
            assert_eq!(found(&other), None);
        }
    }
}

//! JSON bodies, and sequences of JSON values.

use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

use crate::model::encode;

/// Sets `value` as the body of a request, as `application/json` unless the request has a media
/// type.
///
/// # Errors
/// Fails for a value that JSON cannot express, such as NaN, and names the location of the value.
pub fn body(request: &mut Request, value: &(impl Serialize + ?Sized)) -> Result<(), String> {
    let json = encode::to_vec(value).map_err(|why| format!("body: {why}"))?;
    *request.body_mut() = Some(json.into());
    request
        .headers_mut()
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static("application/json"));
    Ok(())
}

/// Sets `values` as the body of a request, each on a line of its own, as `application/jsonl` unless
/// the request has a media type.
///
/// # Errors
/// Fails for a value that JSON cannot express, and names its line and location.
pub fn lines(request: &mut Request, values: &[impl Serialize]) -> Result<(), String> {
    put(request, values, "", "application/jsonl")
}

/// Sets `values` as a JSON text sequence (RFC 7464), the body of a request.
///
/// # Errors
/// Fails like [`lines`].
pub fn sequence(request: &mut Request, values: &[impl Serialize]) -> Result<(), String> {
    put(request, values, "\u{1e}", "application/json-seq")
}

fn put(
    request: &mut Request,
    values: &[impl Serialize],
    before: &str,
    media_type: &'static str,
) -> Result<(), String> {
    let mut body = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let line =
            encode::to_vec(value).map_err(|why| format!("body, line {}: {why}", index + 1))?;
        body.extend_from_slice(before.as_bytes());
        body.extend_from_slice(&line);
        body.push(b'\n');
    }
    *request.body_mut() = Some(body.into());
    request
        .headers_mut()
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static(media_type));
    Ok(())
}

#[cfg(test)]
mod tests {
    use reqwest::{Method, Url};

    use super::*;

    #[test]
    fn sequence_is_written_value_by_value() {
        let mut request = Request::new(Method::POST, Url::parse("http://h/").unwrap());
        let text = |request: &Request| {
            let bytes = request.body().unwrap().as_bytes().unwrap().to_vec();
            String::from_utf8(bytes).unwrap()
        };
        lines(&mut request, &["a\nb", "c"]).unwrap();
        assert_eq!(text(&request), "\"a\\nb\"\n\"c\"\n");
        assert_eq!(request.headers()[CONTENT_TYPE], "application/jsonl");
        sequence(&mut request, &[1]).unwrap();
        assert_eq!(text(&request), "\u{1e}1\n");
        let why = lines(&mut request, &[1.0, f64::NAN]).unwrap_err();
        assert!(why.starts_with("body, line 2: "), "{why}");
    }
}

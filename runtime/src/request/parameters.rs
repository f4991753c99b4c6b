//! Adds query, header and cookie parameters to a request.

use reqwest::Request;
use reqwest::header::{COOKIE, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use crate::model::encode;
use crate::request::parameter_style::{Escape, Style, inline, joined, pairs};
use crate::request::urlencoded::{self, Encoding};

/// Adds a parameter to the query. `None` adds nothing.
pub fn query(
    request: &mut Request,
    name: &str,
    style: Style,
    escape: Escape,
    value: &impl Serialize,
) -> Result<(), String> {
    let pairs = pairs(name, style, escape, &json(name, value)?);
    append(request, &joined(&pairs, "&"));
    Ok(())
}

/// Adds a value that is the whole query (OpenAPI 3.2, `in: querystring`): JSON, text, or the fields
/// of a form. `None` adds nothing.
pub fn querystring(
    request: &mut Request,
    name: &str,
    style: Style,
    encodings: &[Encoding],
    value: &impl Serialize,
) -> Result<(), String> {
    let value = json(name, value)?;
    let text = match (style, &value) {
        (_, Value::Null) => String::new(),
        (Style::Json, value) => Escape::AllButUnreserved.apply(&value.to_string()),
        (_, Value::String(text)) => Escape::AllButUnreserved.apply(text),
        (_, value) => urlencoded::text_of(encodings, value),
    };
    append(request, &text);
    Ok(())
}

/// Appends pairs to the query.
fn append(request: &mut Request, pairs: &str) {
    if pairs.is_empty() {
        return;
    }
    let query = match request.url().query() {
        None | Some("") => pairs.to_owned(),
        Some(before) => format!("{before}&{pairs}"),
    };
    request.url_mut().set_query(Some(&query));
}

/// Sets a header. `None` sets nothing. The value is marked sensitive, because its content is
/// unknown here.
pub fn header(
    request: &mut Request,
    name: &'static str,
    style: Style,
    value: &impl Serialize,
) -> Result<(), String> {
    let value = json(name, value)?;
    if value.is_null() {
        return Ok(());
    }
    let text = inline(name, style, Escape::Nothing, &value);
    let header = HeaderName::try_from(name).map_err(|_| format!("{name}: not a header name"))?;
    request.headers_mut().insert(header, sensitive(name, text)?);
    Ok(())
}

/// Adds a cookie to the one `Cookie` header (RFC 6265 section 5.4). `None` adds nothing. A value
/// that is not escaped must not end the cookie.
pub fn cookie(
    request: &mut Request,
    name: &str,
    style: Style,
    escape: Escape,
    value: &impl Serialize,
) -> Result<(), String> {
    let cookies = pairs(name, style, escape, &json(name, value)?);
    let ends = |text: &str| text.contains(';') || text.chars().any(char::is_control);
    if cookies
        .iter()
        .any(|(name, value)| ends(name) || ends(value))
    {
        return Err(format!("{name}: holds characters that no cookie can hold"));
    }
    if cookies.is_empty() {
        return Ok(());
    }
    let mut all = match request.headers().get(COOKIE) {
        Some(before) => String::from_utf8_lossy(before.as_bytes()).into_owned() + "; ",
        None => String::new(),
    };
    all.push_str(&joined(&cookies, "; "));
    let all = sensitive(name, all)?;
    request.headers_mut().insert(COOKIE, all);
    Ok(())
}

fn json(name: &str, value: &impl Serialize) -> Result<Value, String> {
    encode::to_value(value).map_err(|why| format!("{name}: {why}"))
}

fn sensitive(name: &str, text: String) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::try_from(text)
        .map_err(|_| format!("{name}: holds characters that no header can hold"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::query::{in_query, replace_in_query};
    use serde_json::json;

    const FORM: Style = Style::Form { explode: true };

    fn request() -> Request {
        let url = reqwest::Url::parse("http://h/a?first=1").unwrap();
        Request::new(reqwest::Method::GET, url)
    }

    #[test]
    fn query_appends_pairs() {
        let mut request = request();
        let all = Escape::AllButUnreserved;
        query(
            &mut request,
            "ids",
            Style::PipeDelimited,
            all,
            &["a b", "c|d"],
        )
        .unwrap();
        query(&mut request, "none", FORM, all, &None::<u8>).unwrap();
        query(&mut request, "empty", FORM, all, &"").unwrap();
        query(&mut request, "at", FORM, Escape::ToDelimiters, &"x/y?z'").unwrap();
        assert_eq!(
            request.url().query(),
            Some("first=1&ids=a%20b%7Cc%7Cd&empty=&at=x/y?z%27")
        );
    }

    #[test]
    fn cookies_share_one_sensitive_header() {
        let mut request = request();
        let all = Escape::AllButUnreserved;
        cookie(&mut request, "session", FORM, all, &"a;b").unwrap();
        cookie(&mut request, "none", FORM, all, &None::<u8>).unwrap();
        let list = Style::Form { explode: false };
        cookie(&mut request, "ids", list, all, &[1, 2]).unwrap();
        let simple = Style::Simple { explode: true };
        header(
            &mut request,
            "x-filter",
            simple,
            &json!({"a": 1, "b": "c d"}),
        )
        .unwrap();
        header(&mut request, "x-none", simple, &None::<u8>).unwrap();
        let headers = request.headers();
        assert_eq!(headers.get(COOKIE).unwrap(), "session=a%3Bb; ids=1,2");
        assert_eq!(headers.get("x-filter").unwrap(), "a=1,b=c d");
        assert_eq!(headers.len(), 2);
        assert!(!format!("{headers:?}").contains("a%3Bb"));
    }

    #[test]
    fn cookie_without_escapes_stays_one_cookie() {
        let mut request = request();
        cookie(&mut request, "at", FORM, Escape::Nothing, &["a=b c%", "d"]).unwrap();
        assert_eq!(request.headers().get(COOKIE).unwrap(), "at=a=b c%; at=d");
        for hostile in ["a; admin=1", "a\r\nb", "a\0"] {
            let error = cookie(&mut request, "at", FORM, Escape::Nothing, &hostile).unwrap_err();
            assert!(
                error.starts_with("at: ") && !error.contains("admin"),
                "{error}"
            );
        }
    }

    #[test]
    fn whole_query_is_form_json_or_text() {
        let query = |style, value: &Value| {
            let mut request = request();
            querystring(&mut request, "all", style, &[], value).unwrap();
            request.url().query().unwrap_or_default().to_owned()
        };
        let value = json!({"a b": [1, 2], "c": "d&e"});
        assert_eq!(query(FORM, &value), "first=1&a%20b=1&a%20b=2&c=d%26e");
        assert_eq!(
            query(Style::Json, &json!({"a": 1})),
            "first=1&%7B%22a%22%3A1%7D"
        );
        assert_eq!(query(FORM, &json!("a b")), "first=1&a%20b");
        assert_eq!(query(FORM, &Value::Null), "first=1");
    }

    #[test]
    fn invalid_header_value_is_an_unquoted_error() {
        let simple = Style::Simple { explode: false };
        let error = header(&mut request(), "x-a", simple, &"canary\r\nx-b: 1").unwrap_err();
        assert!(
            error.contains("x-a") && !error.contains("canary"),
            "{error}"
        );
    }

    #[test]
    fn query_edit_keeps_other_pairs() {
        for (query, expected) in [
            ("", "cursor=a%20b%26"),
            ("?", "cursor=a%20b%26"),
            ("?cursor=1", "cursor=a%20b%26"),
            (
                "?id=1&cursor=x&id=2&c%75rsor=y&at=x/y%20z",
                "id=1&id=2&at=x/y%20z&cursor=a%20b%26",
            ),
            ("?&&flag&=&x==&", "flag&=&x==&cursor=a%20b%26"),
        ] {
            let mut url = reqwest::Url::parse(&format!("http://h/p{query}")).unwrap();
            replace_in_query(&mut url, "cursor", "a b&");
            assert_eq!(url.query(), Some(expected), "{query}");
            assert_eq!(in_query(&url, "cursor").as_deref(), Some("a b&"));
        }
    }

    #[test]
    fn empty_query_value_is_none() {
        let url = reqwest::Url::parse("http://h/p?a=&b&c=1&c=2").unwrap();
        assert_eq!(in_query(&url, "a"), None);
        assert_eq!(in_query(&url, "b"), None);
        assert_eq!(in_query(&url, "c").as_deref(), Some("2"));
    }
}

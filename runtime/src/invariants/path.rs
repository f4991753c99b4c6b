//! Invariants of paths: no value changes the shape of a path, and no path leaves the base URL.

use std::sync::LazyLock;

use reqwest::{Method, Url};
use serde_json::{Value, json};

use super::secret::assert_line;
use crate::client::Api;
use crate::client::Client;
use crate::operation::Operation;
use crate::request::parameter_style::{Escape, Style};
use crate::request::path;

/// Plain http, so that a build without TLS has a client for it.
const BASE: &str = "http://127.0.0.1:8080/gate/api";

/// An API to name in errors.
static API: Api = Api::new("test", "Test", "1").operations(OPERATIONS);

const OPERATIONS: &[Operation] = &[Operation::new(
    "get-item",
    "items.get",
    "GET",
    "/items/{id}",
)];

/// A client with the base URL [`BASE`]. `None` if it cannot be built.
static CLIENT: LazyLock<Option<Client>> =
    LazyLock::new(|| Client::builder(&API).base_url(BASE).build().ok());

/// A path parameter stays in its place in the template, unchanged, or is rejected, in each style
/// and form.
pub fn path_value(value: &str) {
    let (Some(operation), Some(client)) = (API.operations.first(), &*CLIENT) else {
        panic!("no client of {BASE}");
    };
    let mut fields = serde_json::Map::new();
    fields.insert(value.to_owned(), "x".into());
    let forms = [
        json!(value),
        json!(["x", value]),
        json!({"x": value}),
        Value::Object(fields),
    ];
    for (form, explode) in forms.iter().flat_map(|form| [(form, true), (form, false)]) {
        for style in [
            Style::Simple { explode },
            Style::Label { explode },
            Style::Matrix { explode },
        ] {
            let written = path::value(operation, "id", style, Escape::AllButUnreserved, form);
            if let Err(error) = &written {
                assert_line(&error.to_string());
            }
            let Ok(written) = written else { continue };
            for pieces in [
                ["/a/", &written, "/b"],
                ["/a/", &written, &written],
                ["/a/.", &written, "."],
            ] {
                let Ok(request) = path::request(client, operation, &pieces) else {
                    continue;
                };
                let url = request.url().as_str();
                let sent = is_below_base(url);
                let segments = |path: &str| path.split('/').count();
                assert_eq!(segments(&sent), segments(&pieces.concat()), "{url}");
                let inner = sent
                    .strip_prefix("/a/")
                    .and_then(|it| it.strip_suffix("/b"));
                let is_kept = inner.map(decoded).is_some_and(|it| it == value);
                let is_plain = form.is_string() && matches!(style, Style::Simple { .. });
                assert!(
                    is_kept || !is_plain || pieces != ["/a/", &written, "/b"],
                    "{url} of {value:?}"
                );
            }
        }
    }
}

/// A path of the caller is requested below the base URL, segment by segment, or is rejected.
pub fn request_path(path: &str) {
    let Some(client) = &*CLIENT else {
        panic!("no client of {BASE}");
    };
    match client.request(Method::GET, path).into_parts() {
        Err(error) => assert_line(&error.to_string()),
        Ok((_, _, request)) => {
            let sent = is_below_base(request.url().as_str());
            let segments = |path: &str| path.split('/').map(decoded).collect::<Vec<_>>();
            assert_eq!(segments(&sent), segments(path), "{path:?}");
        }
    }
}

/// Returns the rest of `url` after [`BASE`], after everything that a server may decode before it
/// splits segments.
fn is_below_base(url: &str) -> String {
    let (Ok(base), Ok(url)) = (Url::parse(BASE), Url::parse(url)) else {
        panic!("{url} is no URL");
    };
    assert_eq!(url.origin(), base.origin(), "{url}");
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{url}"
    );
    assert_eq!((url.query(), url.fragment()), (None, None), "{url}");
    let rest = url.path().strip_prefix(base.path());
    let Some(rest) = rest.filter(|rest| rest.starts_with('/')) else {
        panic!("{url} is not below {BASE}");
    };
    let seen = decoded(rest);
    assert!(
        !seen.split(['/', '\\']).any(|it| matches!(it, "." | "..")),
        "{url}"
    );
    rest.to_owned()
}

/// As in RFC 3986 section 2.1.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let octet = (*first == b'%')
            .then(|| {
                tail.get(..2)
                    .filter(|it| it.iter().all(u8::is_ascii_hexdigit))
            })
            .flatten()
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(octet.unwrap_or(*first));
        rest = tail
            .get(if octet.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{path_value, request_path};
    use crate::invariants::strategies::config;

    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[./\\\\%2eE5cCfF?#@: \t\n;a]{0,12}"]
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_path_value_stays_in_its_segment(value in hostile()) {
            path_value(&value);
        }

        #[test]
        fn any_raw_path_is_safe(path in prop_oneof![hostile(), hostile().prop_map(|it| format!("/{it}"))]) {
            request_path(&path);
        }
    }

    #[test]
    fn path_regressions_hold() {
        for value in ["/..", "a/../b", "/x", "\\..\\"] {
            path_value(value);
        }
        for path in ["/.. ", "/a/. ", "/a ", "/ "] {
            request_path(path);
        }
    }
}

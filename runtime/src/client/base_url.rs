//! The base URL, parsed and checked once, and the origin that credentials are bound to.

use std::net::{IpAddr, Ipv4Addr};

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::Url;

use crate::error::Error;

/// The destination of every request of a client.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    url: Url,
    /// The URL without a trailing slash, so that a path can be appended.
    text: String,
}

impl BaseUrl {
    /// Parses `text`. The URL must be https unless the host is loopback or `allow_insecure_http` is
    /// set, and must have no user info, query or fragment. Errors do not show the value, which may
    /// hold a password.
    pub(crate) fn parse(text: &str, allow_insecure_http: bool) -> Result<Self, Error> {
        let wrong = |why: &str| Err(Error::configuration(format!("the base URL {why}")));
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err(error) => {
                return wrong("is not an absolute URL such as `https://api.example.com`")
                    .map_err(|it| it.caused_by(error));
            }
        };
        let Some(host) = url
            .host_str()
            .filter(|_| matches!(url.scheme(), "https" | "http"))
        else {
            return wrong("must begin with `https://`");
        };
        if url.scheme() == "http" && !allow_insecure_http && !is_loopback(host) {
            return wrong(
                "must begin with `https://`: over http anyone on the way could read the credential \
                 (`allow_insecure_http` permits it all the same)",
            );
        }
        if !url.username().is_empty() || url.password().is_some() {
            return wrong(
                "must not hold a user name or password: give an API key or a bearer token",
            );
        }
        if url.query().is_some() {
            return wrong("must not have a query");
        }
        if url.fragment().is_some() {
            return wrong("must not have a fragment");
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, text })
    }

    /// Returns the URL without a trailing slash.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the URL of a path below the base URL. The path begins with `/`, and a query or a
    /// fragment may follow it. Only the path is parsed.
    pub(crate) fn join(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        let end = memchr::memchr2(b'?', b'#', path.as_bytes());
        let (path, rest) = path.split_at(end.unwrap_or(path.len()));
        match self.url.path().trim_end_matches('/') {
            "" => url.set_path(path),
            prefix => url.set_path(&[prefix, path].concat()),
        }
        if !rest.is_empty() {
            let (rest, fragment) = match rest.split_once('#') {
                Some((rest, fragment)) => (rest, Some(fragment)),
                None => (rest, None),
            };
            url.set_query(rest.strip_prefix('?'));
            url.set_fragment(fragment);
        }
        url
    }

    /// Returns another path at the same origin.
    pub(crate) fn with_path(&self, path: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(path);
        url.as_str().trim_end_matches('/').to_owned()
    }

    /// Returns whether `url` has the same origin.
    pub(crate) fn is_same(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| self.is_origin_of(&url))
    }

    /// Returns the host as written in the URL.
    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Returns the port: the one in the URL, or the default of the scheme.
    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns the proxy that `proxies` sets for requests to the base URL.
    pub(crate) fn proxy(&self, proxies: &Matcher) -> Option<Intercept> {
        proxies.intercept(&self.url.as_str().parse().ok()?)
    }

    /// Returns whether `url` has the same scheme, host and port (RFC 6454 section 5).
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        // Compared part by part, which allocates nothing.
        self.url.scheme() == url.scheme()
            && self.url.host() == url.host()
            && self.url.port_or_known_default() == url.port_or_known_default()
    }
}

/// Returns whether packets to `host` stay on this machine: 127.0.0.0/8, `::1`, and the names that
/// RFC 6761 section 6.3 reserves.
fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    match address.unwrap_or(host).parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback(),
        Ok(IpAddr::V6(address)) => {
            let mapped = address.to_ipv4_mapped();
            address.is_loopback() || mapped.as_ref().is_some_and(Ipv4Addr::is_loopback)
        }
        Err(_) => {
            let name = host.strip_suffix('.').unwrap_or(host);
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_slash_is_removed_and_path_kept() {
        for (given, kept) in [
            ("https://api.example", "https://api.example"),
            ("https://api.example/", "https://api.example"),
            ("HTTPS://API.example:443//", "https://api.example"),
            (
                "https://api.example/gate/api/",
                "https://api.example/gate/api",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(BaseUrl::parse(given, false).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn joined_path_is_that_of_the_parsed_url() {
        for base in [
            "https://api.example",
            "http://localhost:8080/gate/",
            "http://[::1]/a%20b",
        ] {
            let base = BaseUrl::parse(base, false).unwrap();
            for path in [
                "/",
                "/v1/cats",
                "//v1//cats/",
                "/v1/c\u{e4}t%2F:@ x",
                "/v1?page=1&q=a b#c?d",
                "/v1#c/../?d",
                "/v1?",
            ] {
                let parsed = Url::parse(&format!("{}{path}", base.as_str())).unwrap();
                assert_eq!(base.join(path), parsed, "{path}");
            }
        }
    }

    #[test]
    fn http_is_accepted_on_loopback_only() {
        for host in [
            "127.0.0.1",
            "127.8.9.10:1",
            "[::1]:8080",
            "[::ffff:127.0.0.1]",
            "localhost",
            "LOCALHOST:80",
            "localhost.",
            "api.localhost:3000",
        ] {
            assert!(
                BaseUrl::parse(&format!("http://{host}"), false).is_ok(),
                "{host}"
            );
        }
        for host in [
            "api.example",
            "128.0.0.1",
            "0.0.0.0",
            "[::]",
            "[::2]",
            "10.0.0.1",
            "localhost.example",
            "notlocalhost",
            "127.0.0.1.example",
        ] {
            let url = format!("http://{host}");
            assert!(BaseUrl::parse(&url, false).is_err(), "{host}");
            assert!(BaseUrl::parse(&url, true).is_ok(), "{host}");
        }
    }

    #[test]
    fn origin_is_scheme_host_and_port() {
        let base = BaseUrl::parse("https://api.example/gate", false).unwrap();
        let same = |url| base.is_origin_of(&Url::parse(url).unwrap());
        assert!(same("https://api.example:443/elsewhere?x=1"));
        assert!(!same("http://api.example/gate"));
        assert!(!same("https://api.example:444/gate"));
        assert!(!same("https://api.example.evil/gate"));
        assert!(!same("https://a.api.example/gate"));
    }
}

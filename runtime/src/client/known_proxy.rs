//! The proxy through which an HTTP client sends requests, as far as it is known.

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::HeaderValue;

use crate::client::base_url::BaseUrl;

/// A proxy, and the credential for it.
pub(crate) struct KnownProxy {
    pub(crate) uri: Uri,
    /// `None` if there is none, or if it is unknown.
    pub(crate) credential: Option<HeaderValue>,
}

impl KnownProxy {
    /// Returns the proxy that the environment sets for the base URL.
    pub(crate) fn of_environment(base: &BaseUrl) -> Option<Self> {
        let proxy = base.proxy(&Matcher::from_system())?;
        Some(Self {
            uri: proxy.uri().clone(),
            credential: proxy.basic_auth().cloned(),
        })
    }

    /// Returns the proxy that `client` uses for the base URL. Its credential is unknown.
    ///
    /// reqwest tells its proxies by `Debug` only. If the text is not understood, no proxy is known.
    pub(crate) fn of_client(client: &reqwest::Client, base: &BaseUrl) -> Option<Self> {
        let text = format!("{client:?}");
        let (_, proxies) = text.split_once("proxies: [")?;
        let scheme = if base.is_https() { "https" } else { "http" };
        let uri = uri_in(proxies, scheme)?.parse().ok()?;
        Some(Self {
            uri,
            credential: None,
        })
    }

    /// Returns the proxy as an error names it, without a user and a password.
    pub(crate) fn name(&self) -> Option<String> {
        let address = self.uri.authority()?.as_str();
        let host = address.rsplit_once('@').map_or(address, |(_, host)| host);
        Some(format!("the proxy `{host}`"))
    }
}

/// Returns the URL of the first proxy for `scheme` in the `Debug` text of proxies.
fn uri_in<'t>(proxies: &'t str, scheme: &str) -> Option<&'t str> {
    let field = format!(" {scheme}: Intercept {{ uri: ");
    for proxy in proxies.split("Matcher {").skip(1) {
        if let Some((_, rest)) = proxy.split_once(&field) {
            // The hosts without a proxy may include the base URL; they are unknown.
            let is_for_all = !proxy.contains(" no: ");
            return rest.split(' ').next().filter(|_| is_for_all);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use reqwest::{NoProxy, Proxy};

    use super::*;

    fn name(url: &str, proxies: impl IntoIterator<Item = Proxy>) -> Option<String> {
        let builder = reqwest::Client::builder().no_proxy();
        let builder = proxies
            .into_iter()
            .fold(builder, |it, proxy| it.proxy(proxy));
        let base = BaseUrl::parse(url, true).unwrap();
        KnownProxy::of_client(&builder.build().unwrap(), &base)?.name()
    }

    #[test]
    fn proxy_of_a_client_is_known_by_its_debug_text() {
        let (http, https) = ("http://depot.example", "https://depot.example");
        let all = || Proxy::all("http://user:canary@proxy.example:3128").unwrap();
        let expected = Some("the proxy `proxy.example:3128`".to_owned());
        assert_eq!(name(http, [all()]), expected);
        assert_eq!(name(https, [all()]), expected);
        let other = Proxy::http("http://other.example:1").unwrap();
        assert_eq!(name(https, [other, all()]), expected);
        assert_eq!(name(http, []), None);
        let some = all().no_proxy(NoProxy::from_string("example"));
        assert_eq!(name(http, [some]), None);
        let custom = Proxy::custom(|_| Some("http://proxy.example"));
        assert_eq!(name(http, [custom]), None);
    }
}

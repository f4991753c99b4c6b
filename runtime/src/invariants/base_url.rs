//! Invariants of base URLs, for any input.

use reqwest::Url;

use super::secret::assert_line;
use crate::client::base_url::BaseUrl;

/// An accepted base URL is the origin of every request, uses https or stays on this machine, and
/// contains nothing but a path.
pub fn base_url(text: &str) {
    for allow_insecure_http in [false, true] {
        match BaseUrl::parse(text, allow_insecure_http) {
            Ok(base) => accepted(&base, allow_insecure_http),
            Err(error) => {
                assert_line(&error.to_string());
                assert_line(&format!("{error:#}"));
                // Text that may be a password is not shown.
                let password = Url::parse(text)
                    .ok()
                    .and_then(|url| url.password().map(str::to_owned));
                let shown = format!("{error:?}{error:#}");
                assert!(
                    password.is_none_or(|it| it.len() < 12 || !shown.contains(&it)),
                    "{shown}"
                );
            }
        }
    }
}

fn accepted(base: &BaseUrl, allow_insecure_http: bool) {
    let text = base.as_str();
    let (Ok(url), Ok(asked)) = (Url::parse(text), Url::parse(&format!("{text}/api/v1/x"))) else {
        panic!("{text} is no URL");
    };
    match url.scheme() {
        "https" => {}
        "http" if allow_insecure_http || is_on_this_machine(&url) => {}
        _ => panic!("{text} is neither https nor on this machine"),
    }
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{text}"
    );
    assert!(
        !text.contains(['@', '?', '#', '\\']) || url.path().contains('@'),
        "{text}"
    );
    assert!(
        !text.ends_with('/')
            && !base.host().is_empty()
            && base.port() == url.port_or_known_default().unwrap_or(1)
    );

    assert!(base.is_origin_of(&asked), "{asked}");
    assert_eq!(asked.host_str(), Some(base.host()));
    let prefix = url.path().trim_end_matches('/');
    assert_eq!(asked.path(), format!("{prefix}/api/v1/x"));
    assert_eq!((asked.query(), asked.fragment()), (None, None));
}

fn is_on_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = host.strip_suffix('.').unwrap_or(host);
    let address = host.parse::<std::net::IpAddr>().ok();
    address.map_or(name == "localhost" || name.ends_with(".localhost"), |it| {
        it.to_canonical().is_loopback()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::base_url;
    use crate::invariants::strategies::config;

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_text_as_base_url_is_safe(text in prop_oneof![
            any::<String>(),
            "(https?|HTTP|ftp|file|blob:https)[:/\\\\]{0,4}([a-z]{1,3}:[a-z]{12}@)?(localhost|127[.]1|0x7f[.]1|\\[::1\\]|api[.]example|[a-z.]{0,9})\
             (:[0-9]{0,5})?[/a.%2e?#@ \\\\]{0,9}",
        ]) {
            base_url(&text);
        }
    }

    #[test]
    fn base_url_regressions_hold() {
        for text in [
            "https://api.example/a@b/",
            "http://127.1//",
            "https://api.example/a/ ",
        ] {
            base_url(text);
        }
    }
}

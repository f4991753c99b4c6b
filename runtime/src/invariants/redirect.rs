//! Invariants of redirects, for any target.

use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode, Url};

use super::secret::assert_line;
use crate::send::redirect::target;

const ASKED: &str = "https://api.example:8443/gate/x?y=1";

/// A followed redirect leads to the same origin over the same scheme, without credentials in the
/// URL.
pub fn redirect(status: u16, get: bool, location: &[u8]) {
    let (Ok(asked), Ok(status)) = (Url::parse(ASKED), StatusCode::from_u16(status)) else {
        return;
    };
    let method = if get { Method::GET } else { Method::POST };
    let Ok(location) = HeaderValue::from_bytes(location) else {
        return;
    };
    let headers = HeaderMap::from_iter([(LOCATION, location)]);
    match target(&method, &asked, status, &headers) {
        Ok(None) => {}
        Ok(Some(target)) => {
            let parts = |url: &Url| {
                (
                    url.scheme().to_owned(),
                    url.host_str().map(str::to_owned),
                    url.port(),
                )
            };
            assert_eq!(parts(&target), parts(&asked), "{target}");
            assert!(
                target.username().is_empty() && target.password().is_none(),
                "{target}"
            );
            assert!(get || matches!(status.as_u16(), 307 | 308), "{status}");
        }
        Err(refused) => assert_line(&crate::text::one_line::showable(&refused.to_string(), &[])),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::redirect;
    use crate::invariants::strategies::config;

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_location_keeps_the_origin(
            status in prop_oneof![Just(301u16), Just(302), Just(303), Just(307), Just(308), 100..1000u16],
            get in any::<bool>(),
            location in prop_oneof![
                any::<Vec<u8>>(),
                "((blob:|BLOB:)?https?:|javascript:)?[/\\\\]{0,3}([a-z]:?[a-z]?@)?(api[.]example|[a-z.]{0,5})(:8443|:[0-9]{0,5})?[/a.?#@]{0,9}"
                    .prop_map(String::into_bytes),
            ],
        ) {
            redirect(status, get, &location);
        }
    }

    #[test]
    fn redirect_regressions_hold() {
        for location in [
            "blob:https://api.example:8443/x",
            "https://a:b@api.example:8443/x",
            "//a@api.example:8443",
        ] {
            redirect(307, true, location.as_bytes());
        }
    }
}

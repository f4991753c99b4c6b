//! Puts credentials into requests, as their security schemes say.

use std::sync::Arc;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

use super::credential::{CachedHeader, Credential, Kind};
use super::scheme::{SecurityScheme, SecuritySchemeKind, is_framing};
use crate::text::query::replace_in_query;

impl Credential {
    /// Checks that the credential can be sent as `scheme` says.
    ///
    /// # Errors
    /// When a user name and a password are given for anything but `Basic`, when `Basic` gets
    /// anything else, and when a space or a separator cannot be sent there.
    pub(crate) fn check(&self, scheme: &SecurityScheme) -> Result<(), String> {
        let secret = self.expose_secret();
        let name = scheme.name;
        match (scheme.kind, self.kind()) {
            (SecuritySchemeKind::Header(header), _) if is_framing(header) => Err(format!(
                "the scheme `{name}` names the header `{header}`, which belongs to the HTTP client: correct the OpenAPI document"
            )),
            (SecuritySchemeKind::MutualTls, _) | (SecuritySchemeKind::Basic, Kind::Basic) => Ok(()),
            (SecuritySchemeKind::Basic, _) => Err(format!(
                "the credential for `{name}` must be a user name and a password"
            )),
            (_, Kind::Basic) => Err(format!(
                "the credential for `{name}` must not be a user name and a password"
            )),
            (SecuritySchemeKind::Header(_) | SecuritySchemeKind::Authorization(_), _) => Ok(()),
            (SecuritySchemeKind::Cookie(_), _) if secret.contains([';', ',', '"']) => {
                Err(unfit(scheme))
            }
            _ if secret.contains(' ') => {
                Err(format!("the credential for `{name}` must not hold a space"))
            }
            _ => Ok(()),
        }
    }

    /// Puts the credential into a request, as `scheme` says. `is_first`: no other credential of the
    /// request uses the scheme's header.
    pub(crate) fn apply(
        &self,
        scheme: &SecurityScheme,
        request: &mut Request,
        is_first: bool,
    ) -> Result<(), String> {
        if let Some(cached) = self.header.get().filter(|it| it.kind == scheme.kind) {
            put(request, cached.name.clone(), cached.value.clone(), is_first);
            return Ok(());
        }
        self.check(scheme)?;
        let secret = self.expose_secret();
        let (name, value) = match scheme.kind {
            SecuritySchemeKind::MutualTls => return Ok(()),
            SecuritySchemeKind::Query(name) => {
                replace_in_query(request.url_mut(), name, secret);
                return Ok(());
            }
            SecuritySchemeKind::Cookie(name) => return self.add_cookie(scheme, name, request),
            SecuritySchemeKind::Header(name) => {
                let name = HeaderName::try_from(name);
                (name.map_err(|_| unfit(scheme))?, secret.to_owned())
            }
            SecuritySchemeKind::Basic => {
                let encoded = self.encoded().ok_or_else(|| unfit(scheme))?;
                (AUTHORIZATION, format!("Basic {encoded}"))
            }
            SecuritySchemeKind::Bearer => (AUTHORIZATION, format!("Bearer {secret}")),
            SecuritySchemeKind::Authorization(word) => (AUTHORIZATION, format!("{word} {secret}")),
        };
        let mut value = HeaderValue::try_from(value).map_err(|_| unfit(scheme))?;
        value.set_sensitive(true);
        // Another scheme may have been first.
        let _ = self.header.set(CachedHeader {
            kind: scheme.kind,
            name: name.clone(),
            value: value.clone(),
        });
        put(request, name, value, is_first);
        Ok(())
    }

    /// Adds the cookie to those that the request has, in place of one with the same name.
    fn add_cookie(
        &self,
        scheme: &SecurityScheme,
        name: &str,
        request: &mut Request,
    ) -> Result<(), String> {
        let own = format!("{name}={}", self.expose_secret());
        let mut cookies = Vec::new();
        for written in request.headers().get_all(COOKIE) {
            for pair in written.as_bytes().split(|byte| *byte == b';') {
                let pair = pair.trim_ascii();
                let key = pair.strip_prefix(name.as_bytes());
                let is_own =
                    key.is_some_and(|rest| matches!(rest.trim_ascii_start(), [] | [b'=', ..]));
                if !pair.is_empty() && !is_own {
                    cookies.extend_from_slice(pair);
                    cookies.extend_from_slice(b"; ");
                }
            }
        }
        cookies.extend_from_slice(own.as_bytes());
        let value = HeaderValue::from_bytes(&cookies);
        let mut value = value.map_err(|_| unfit(scheme))?;
        value.set_sensitive(true);
        request.headers_mut().insert(COOKIE, value);
        Ok(())
    }
}

/// Adds a header. `is_first`: no other credential of the request uses it.
fn put(request: &mut Request, name: HeaderName, value: HeaderValue, is_first: bool) {
    match is_first {
        true => drop(request.headers_mut().insert(name, value)),
        false => drop(request.headers_mut().append(name, value)),
    }
}

fn unfit(scheme: &SecurityScheme) -> String {
    format!(
        "the credential for `{}` cannot be sent where the API wants it",
        scheme.name
    )
}

/// A credential as issued for one request.
#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) scheme: &'static SecurityScheme,
    pub(crate) credential: Arc<Credential>,
    /// Which renewal it comes from, so that a 401 against an old one does not throw away a newer
    /// one. `None` for a credential that is not renewed.
    pub(crate) generation: Option<u64>,
}

#[cfg(test)]
mod tests {
    use reqwest::{Method, Url};

    use super::*;

    fn sent(credential: &Credential, kind: SecuritySchemeKind, url: &str) -> Request {
        let scheme = SecurityScheme::new("Scheme", "scheme", kind);
        let mut request = Request::new(Method::GET, Url::parse(url).unwrap());
        request
            .headers_mut()
            .insert(COOKIE, HeaderValue::from_static("a=1"));
        credential.apply(&scheme, &mut request, true).unwrap();
        request
    }

    #[test]
    fn credential_is_sent_where_the_scheme_says() {
        let key = Credential::api_key("k:1/2+3").unwrap();
        let header = |credential: &Credential, kind, name: &str| {
            let request = sent(credential, kind, "https://api.example/");
            let value = request.headers().get(name).unwrap();
            assert!(value.is_sensitive());
            value.to_str().unwrap().to_owned()
        };
        let kind = SecuritySchemeKind::Header("X-Token");
        assert_eq!(header(&key, kind, "x-token"), "k:1/2+3");
        assert_eq!(
            header(&key, SecuritySchemeKind::Cookie("sid"), "cookie"),
            "a=1; sid=k:1/2+3"
        );
        assert_eq!(
            header(&key, SecuritySchemeKind::Bearer, "authorization"),
            "Bearer k:1/2+3"
        );
        let other = SecuritySchemeKind::Authorization("DPoP");
        assert_eq!(header(&key, other, "authorization"), "DPoP k:1/2+3");
        let basic = Credential::basic("Aladdin", "open sesame").unwrap();
        let expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
        assert_eq!(
            header(&basic, SecuritySchemeKind::Basic, "authorization"),
            expected
        );

        let url = "https://api.example/?q=a+b&appid=old&x=1";
        let request = sent(&key, SecuritySchemeKind::Query("appid"), url);
        assert_eq!(request.url().query(), Some("q=a+b&x=1&appid=k%3A1%2F2%2B3"));
    }

    #[test]
    fn credential_that_does_not_fit_is_not_shown() {
        let key = Credential::api_key("canary;1").unwrap();
        for kind in [SecuritySchemeKind::Cookie("sid"), SecuritySchemeKind::Basic] {
            let scheme = SecurityScheme::new("Scheme", "scheme", kind);
            let mut request =
                Request::new(Method::GET, Url::parse("https://api.example/").unwrap());
            let why = key.apply(&scheme, &mut request, true).unwrap_err();
            assert!(why.contains("`Scheme`") && !why.contains("canary"), "{why}");
        }
        for wrong in [
            Credential::basic("a:canary", "b"),
            Credential::basic("a", "canary\n"),
            Credential::basic("", ""),
            Credential::api_key(""),
            Credential::api_key("canary "),
            Credential::api_key(" canary"),
            Credential::bearer_token("can ary"),
            Credential::api_key("canary\u{0}"),
            Credential::bearer_token("can\u{e4}ry"),
            Credential::bearer_token("Bearer canary"),
        ] {
            let error = wrong.unwrap_err();
            assert!(!format!("{error:?} {error}").contains("can"), "{error}");
        }
    }

    fn checked(credential: &Credential, kind: SecuritySchemeKind) -> Result<(), String> {
        credential.check(&SecurityScheme::new("Scheme", "scheme", kind))
    }

    #[test]
    fn inner_spaces_are_for_headers() {
        let key = Credential::api_key("Bearer abc").unwrap();
        let kind = SecuritySchemeKind::Header("Authorization");
        let request = sent(&key, kind, "https://api.example/");
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer abc");
        checked(&key, SecuritySchemeKind::Authorization("Signature")).unwrap();
        for kind in [
            SecuritySchemeKind::Bearer,
            SecuritySchemeKind::Cookie("sid"),
            SecuritySchemeKind::Query("key"),
        ] {
            let why = checked(&key, kind).unwrap_err();
            assert!(why.contains("a space") && !why.contains("abc"), "{why}");
        }
    }

    #[test]
    fn user_and_password_are_for_basic_only() {
        let basic = Credential::basic("Aladdin", "open sesame").unwrap();
        for kind in [
            SecuritySchemeKind::Header("X-Token"),
            SecuritySchemeKind::Query("key"),
            SecuritySchemeKind::Cookie("sid"),
            SecuritySchemeKind::Bearer,
            SecuritySchemeKind::Authorization("DPoP"),
        ] {
            let why = checked(&basic, kind).unwrap_err();
            assert!(why.contains("`Scheme`") && !why.contains("sesame"), "{why}");
        }
        checked(&basic, SecuritySchemeKind::Basic).unwrap();
    }

    #[test]
    fn cookie_replaces_those_of_its_name() {
        let scheme = SecurityScheme::new("Scheme", "scheme", SecuritySchemeKind::Cookie("sid"));
        let mut request = Request::new(Method::GET, Url::parse("https://api.example/").unwrap());
        for written in ["a=1; sid=old", "sidecar=2;sid = older ; b=3"] {
            let value = HeaderValue::from_static(written);
            request.headers_mut().append(COOKIE, value);
        }
        let key = Credential::api_key("new").unwrap();
        key.apply(&scheme, &mut request, true).unwrap();
        let cookies: Vec<_> = request.headers().get_all(COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; sidecar=2; b=3; sid=new"]);
    }

    #[test]
    fn framing_header_holds_no_credential() {
        let key = Credential::api_key("canary").unwrap();
        for name in ["Host", "content-length", "Transfer-Encoding", "COOKIE"] {
            let why = checked(&key, SecuritySchemeKind::Header(name)).unwrap_err();
            assert!(why.contains(name) && !why.contains("canary"), "{why}");
        }
    }
}

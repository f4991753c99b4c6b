//! Credentials: secrets, and how each security scheme sends them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::scheme::{SecurityScheme, SecuritySchemeKind};
use crate::error::Error;
use crate::text::query::replace_in_query;
use crate::text::redact::SHORTEST_SECRET;

/// An API key, a bearer token, or a user name and a password. Never printed: `Debug` shows the kind
/// only.
#[derive(Clone)]
pub struct Credential {
    kind: Kind,
    secret: SecretString,
    /// The Base64 encoding of the user name and the password, which is sent.
    encoded: Option<SecretString>,
    /// The user name, if it is redacted like a password.
    user: Option<SecretString>,
    scheme: Option<&'static str>,
    expires_in: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    ApiKey,
    Bearer,
    Basic,
}

impl Credential {
    /// Returns an API key.
    ///
    /// # Errors
    /// When the key is empty, begins or ends with a space, or holds anything but visible ASCII
    /// characters and spaces. A key with a space can be sent in a header only. The error does not
    /// show the key.
    pub fn api_key(key: impl Into<String>) -> Result<Self, Error> {
        Self::new(Kind::ApiKey, key.into())
    }

    /// Creates a bearer token, sent as `Authorization: Bearer <token>` (RFC 6750 section 2.1).
    ///
    /// # Errors
    /// When the token is empty, begins with the word `Bearer`, or holds anything but visible ASCII
    /// characters. The error does not show the token.
    pub fn bearer_token(token: impl Into<String>) -> Result<Self, Error> {
        let token = token.into();
        let first_word = token.split(char::is_whitespace).next();
        if first_word.is_some_and(|word| word.eq_ignore_ascii_case("bearer")) {
            return Err(Error::configuration(
                "the bearer token must be given without the word `Bearer`: give only what comes after it",
            ));
        }
        Self::new(Kind::Bearer, token)
    }

    /// Returns a user name and a password, sent as `Authorization: Basic` (RFC 7617).
    ///
    /// # Errors
    /// When both are empty, the user name holds a colon, or either holds a control character. The
    /// error does not show them.
    pub fn basic(user: impl AsRef<str>, password: impl Into<String>) -> Result<Self, Error> {
        let (user, password) = (user.as_ref(), password.into());
        let wrong = |what: &str| Err(Error::configuration(what.to_owned()));
        if user.is_empty() && password.is_empty() {
            return wrong("the user name and the password are both empty");
        }
        if user.contains(':') {
            return wrong("the user name must not hold a colon");
        }
        if user.chars().chain(password.chars()).any(char::is_control) {
            return wrong("the user name and the password must not hold control characters");
        }
        let encoded = STANDARD.encode(format!("{user}:{password}"));
        // Many APIs take a key as the user name, with an empty or fixed password.
        let is_key = password.len() < SHORTEST_SECRET;
        Ok(Self {
            kind: Kind::Basic,
            secret: password.into(),
            encoded: Some(encoded.into()),
            user: is_key.then(|| user.to_owned().into()),
            scheme: None,
            expires_in: None,
        })
    }

    fn new(kind: Kind, secret: String) -> Result<Self, Error> {
        if let Some(flaw) = flaw(&secret, kind == Kind::ApiKey) {
            return Err(Error::configuration(format!("the {} {flaw}", kind.name())));
        }
        Ok(Self {
            kind,
            secret: secret.into(),
            encoded: None,
            user: None,
            scheme: None,
            expires_in: None,
        })
    }

    /// Names the security scheme that the credential is for: the key in the document's
    /// `components.securitySchemes`.
    ///
    /// A provider for several schemes needs it; a credential for one scheme does not.
    #[must_use]
    pub fn for_scheme(mut self, name: &'static str) -> Self {
        self.scheme = Some(name);
        self
    }

    /// Sets how long the credential is valid, counted from the moment when the provider returns it.
    ///
    /// The credential is renewed 30 seconds before it expires, or in the last fifth of a shorter
    /// lifetime. Without a lifetime, the credential is kept until the server responds with 401.
    /// This setting has no effect on a credential that is passed to the builder, because such a
    /// credential is never renewed.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime);
        self
    }

    /// Returns whether it is an API key.
    #[must_use]
    pub fn is_api_key(&self) -> bool {
        self.kind == Kind::ApiKey
    }

    /// Returns the secret: the key, the token or the password.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.secret.expose_secret()
    }

    pub(crate) fn lifetime(&self) -> Option<Duration> {
        self.expires_in
    }

    pub(crate) fn scheme(&self) -> Option<&'static str> {
        self.scheme
    }

    pub(crate) fn kind_name(&self) -> &'static str {
        self.kind.name()
    }

    /// Returns the strings to redact in responses: the secret, the Base64 encoding and the user
    /// name, if any.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let others = [&self.encoded, &self.user].into_iter().flatten();
        [&self.secret]
            .into_iter()
            .chain(others)
            .map(ExposeSecret::expose_secret)
    }

    /// Checks that the credential can be sent as `scheme` says.
    ///
    /// # Errors
    /// When a user name and a password are given for anything but `Basic`, when `Basic` gets
    /// anything else, and when a space or a separator cannot be sent there.
    pub(crate) fn check(&self, scheme: &SecurityScheme) -> Result<(), String> {
        let secret = self.secret.expose_secret();
        let name = scheme.name;
        match (scheme.kind, self.kind) {
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
        self.check(scheme)?;
        let secret = self.secret.expose_secret();
        let encoded = self.encoded.as_ref().map(ExposeSecret::expose_secret);
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
                let encoded = encoded.ok_or_else(|| unfit(scheme))?;
                (AUTHORIZATION, format!("Basic {encoded}"))
            }
            SecuritySchemeKind::Bearer => (AUTHORIZATION, format!("Bearer {secret}")),
            SecuritySchemeKind::Authorization(word) => (AUTHORIZATION, format!("{word} {secret}")),
        };
        let mut value = HeaderValue::try_from(value).map_err(|_| unfit(scheme))?;
        value.set_sensitive(true);
        match is_first {
            true => drop(request.headers_mut().insert(name, value)),
            false => drop(request.headers_mut().append(name, value)),
        }
        Ok(())
    }

    /// Adds the cookie to those that the request has, in place of one with the same name.
    fn add_cookie(
        &self,
        scheme: &SecurityScheme,
        name: &str,
        request: &mut Request,
    ) -> Result<(), String> {
        let own = format!("{name}={}", self.secret.expose_secret());
        let is_other = |pair: &&[u8]| {
            let key = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
            !pair.is_empty() && key.trim_ascii() != name.as_bytes()
        };
        let written = request.headers().get_all(COOKIE).iter();
        let pairs = written.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
        let others = pairs.map(<[u8]>::trim_ascii).filter(is_other);
        let cookies: Vec<&[u8]> = others.chain([own.as_bytes()]).collect();
        let value = HeaderValue::from_bytes(&cookies.join(&b"; "[..]));
        let mut value = value.map_err(|_| unfit(scheme))?;
        value.set_sensitive(true);
        request.headers_mut().insert(COOKIE, value);
        Ok(())
    }
}

fn unfit(scheme: &SecurityScheme) -> String {
    format!(
        "the credential for `{}` cannot be sent where the API wants it",
        scheme.name
    )
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("kind", &self.kind)
            .field("secret", &format_args!("[redacted]"))
            .field("scheme", &self.scheme)
            .field("expires_in", &self.expires_in)
            .finish()
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::ApiKey => "API key",
            Kind::Bearer => "bearer token",
            Kind::Basic => "user name and password",
        }
    }
}

/// Returns why `secret` cannot be sent, without showing the secret. `may_hold_spaces`: spaces are
/// allowed, but neither at the beginning nor at the end.
fn flaw(secret: &str, may_hold_spaces: bool) -> Option<String> {
    if secret.is_empty() {
        return Some("is empty".to_owned());
    }
    let last = secret.len() - 1;
    let is_inner_space =
        |index: usize, it: char| may_hold_spaces && it == ' ' && index != 0 && index != last;
    let (index, character) = secret
        .char_indices()
        .find(|(index, it)| !it.is_ascii_graphic() && !is_inner_space(*index, *it))?;
    let what = match character {
        '\n' | '\r' => "a line break",
        ' ' | '\t' => "white space",
        _ if character.is_control() => "a control character",
        _ => "a character that is not ASCII",
    };
    let (place, length) = (index + 1, secret.len());
    Some(format!(
        "is not valid: it holds {what} (byte {place} of {length})"
    ))
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

impl Issued {
    /// Puts the credential into the query of a request again, if that is where it belongs.
    pub(crate) fn apply_to_query(&self, request: &mut Request) {
        if let SecuritySchemeKind::Query(name) = self.scheme.kind {
            replace_in_query(request.url_mut(), name, self.credential.expose_secret());
        }
    }
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
    fn user_name_with_a_short_password_is_a_secret() {
        let secrets = |password| {
            let basic = Credential::basic("key-canary", password).unwrap();
            basic.secrets().any(|secret| secret == "key-canary")
        };
        assert!(secrets("") && secrets("x") && !secrets("long password"));
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
}

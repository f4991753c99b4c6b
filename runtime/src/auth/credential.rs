//! Credentials: secrets, and what is known about them.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::characters::{Characters, flaw};
use super::scheme::SecuritySchemeKind;
use crate::error::Error;
use crate::text::redact::SHORTEST_SECRET;

/// An API key, a bearer token, or a user name and a password. `Debug` shows
/// everything but the secret and the user name.
///
/// ```
/// # use neo_client_runtime::{Credential, Error};
/// use std::time::Duration;
///
/// # fn main() -> Result<(), Error> {
/// let token = Credential::bearer_token("s3cret")?.expires_in(Duration::from_secs(3600));
/// assert!(!format!("{token:?}").contains("s3cret"));
/// # Ok(())
/// # }
/// ```
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
    /// The header of the first request that carried the credential.
    pub(super) header: OnceLock<CachedHeader>,
}

/// The header that carries a credential as a security scheme says.
#[derive(Clone)]
pub(super) struct CachedHeader {
    pub(super) kind: SecuritySchemeKind,
    pub(super) name: HeaderName,
    /// Marked as sensitive.
    pub(super) value: HeaderValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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
            header: OnceLock::new(),
        })
    }

    fn new(kind: Kind, secret: String) -> Result<Self, Error> {
        let characters = match kind {
            Kind::ApiKey => Characters::VisibleWithInnerSpaces,
            Kind::Bearer | Kind::Basic => Characters::Visible,
        };
        if let Some(flaw) = flaw(&secret, characters) {
            return Err(Error::configuration(format!("the {} {flaw}", kind.name())));
        }
        Ok(Self {
            kind,
            secret: secret.into(),
            encoded: None,
            user: None,
            scheme: None,
            expires_in: None,
            header: OnceLock::new(),
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

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the Base64 encoding of the user name and the password, if it is such a credential.
    pub(super) fn encoded(&self) -> Option<&str> {
        self.encoded.as_ref().map(ExposeSecret::expose_secret)
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

    /// Adds the user name and the password to `all` if the user name is a key, to be redacted even
    /// if they are short.
    pub(crate) fn add_words<'s>(&'s self, all: &mut Vec<&'s str>) {
        if let Some(user) = &self.user {
            all.push(user.expose_secret());
            all.push(self.expose_secret());
        }
    }

    /// Adds the strings to redact in responses to `all`: the secret, the Base64 encoding and the
    /// user name, if any.
    pub(crate) fn add_secrets<'s>(&'s self, all: &mut Vec<&'s str>) {
        all.push(self.expose_secret());
        if let Some(encoded) = self.encoded() {
            all.push(encoded);
        }
        if let Some(user) = &self.user {
            all.push(user.expose_secret());
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_name_with_a_short_password_is_a_secret() {
        let secrets = |password| {
            let basic = Credential::basic("key-canary", password).unwrap();
            let mut secrets = Vec::new();
            basic.add_secrets(&mut secrets);
            secrets.contains(&"key-canary")
        };
        assert!(secrets("") && secrets("x") && !secrets("long password"));
    }
}

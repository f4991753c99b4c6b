//! What a client proves its identity with, and where that comes from.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

/// How every API key of Neo begins.
const API_KEY_PREFIX: &str = "neo_sk_";

/// The header of an API key. It is not one that HTTP clients know to be secret.
pub(crate) const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// An API key or a bearer token. Never printed: `Debug` shows its kind only.
#[derive(Clone)]
pub struct Credential {
    scheme: Scheme,
    secret: SecretString,
    header: HeaderValue,
    expires_in: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    ApiKey,
    Bearer,
}

impl Credential {
    /// An API key, sent as `X-Api-Key`.
    ///
    /// # Errors
    /// When it does not begin with `neo_sk_`, or holds anything but ASCII letters, digits and `-._~+/=`. The error does
    /// not show it.
    pub fn api_key(key: impl Into<String>) -> Result<Self, Error> {
        let key = key.into();
        match key.strip_prefix(API_KEY_PREFIX) {
            None if !key.is_empty() => Err(Error::configuration(format!(
                "an API key begins with `{API_KEY_PREFIX}`, this one does not"
            ))),
            Some("") => Err(Error::configuration(format!(
                "the API key is only the prefix `{API_KEY_PREFIX}`"
            ))),
            _ => Self::new(Scheme::ApiKey, key),
        }
    }

    /// A bearer token, sent as `Authorization: Bearer <token>` (RFC 6750 section 2.1).
    ///
    /// # Errors
    /// When it is empty, begins with the word `Bearer`, or holds anything but ASCII letters, digits and `-._~+/`, with `=`
    /// at the end only. The error does not show it.
    pub fn bearer_token(token: impl Into<String>) -> Result<Self, Error> {
        let token = token.into();
        let first_word = token.split(char::is_whitespace).next();
        if first_word.is_some_and(|word| word.eq_ignore_ascii_case("bearer")) {
            return Err(Error::configuration(
                "the bearer token must be given without the word `Bearer`: give only what comes after it",
            ));
        }
        Self::new(Scheme::Bearer, token)
    }

    fn new(scheme: Scheme, secret: String) -> Result<Self, Error> {
        let name = scheme.name();
        if let Some(flaw) = scheme.flaw(&secret) {
            return Err(Error::configuration(format!("the {name} {flaw}")));
        }
        let value = match scheme {
            Scheme::ApiKey => HeaderValue::from_str(&secret),
            Scheme::Bearer => HeaderValue::from_str(&format!("Bearer {secret}")),
        };
        let mut header =
            value.map_err(|_| Error::configuration(format!("the {name} is not a header value")))?;
        header.set_sensitive(true);
        Ok(Self {
            scheme,
            secret: secret.into(),
            header,
            expires_in: None,
        })
    }

    /// How long the credential is valid, counted from the moment the provider returns it.
    ///
    /// A new one is asked for 30 seconds before the end, or for the last fifth of a shorter life. Without this it is kept
    /// until the server answers 401. A credential that is given to the builder is not renewed, so this does nothing there.
    #[must_use]
    pub fn expires_in(mut self, life: Duration) -> Self {
        self.expires_in = Some(life);
        self
    }

    pub(crate) fn life(&self) -> Option<Duration> {
        self.expires_in
    }

    pub(crate) fn scheme_name(&self) -> &'static str {
        self.scheme.name()
    }

    /// The header to send. The value is marked sensitive.
    pub(crate) fn header(&self) -> (HeaderName, HeaderValue) {
        let name = match self.scheme {
            Scheme::ApiKey => X_API_KEY,
            Scheme::Bearer => AUTHORIZATION,
        };
        (name, self.header.clone())
    }

    /// The secret itself, to look for in what the server sends back.
    pub(crate) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("scheme", &self.scheme)
            .field("secret", &format_args!("[redacted]"))
            .field("expires_in", &self.expires_in)
            .finish()
    }
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Scheme::ApiKey => "API key",
            Scheme::Bearer => "bearer token",
        }
    }

    /// Why `secret` cannot be sent, without showing it.
    ///
    /// The characters are those of RFC 6750 section 2.1, `b64token`. What JSON has to escape, `"` and `\`, is not among
    /// them, so that a server that quotes the secret quotes it as it is and it is found and redacted.
    fn flaw(self, secret: &str) -> Option<String> {
        if secret.is_empty() {
            return Some("is empty".to_owned());
        }
        let padding = match secret.trim_end_matches('=').len() {
            // An API key is not base64: a `=` may stand anywhere in it.
            _ if self == Scheme::ApiKey => 0,
            0 => secret.len(),
            end => end,
        };
        let is_legal = |(index, character): (usize, char)| match character {
            '=' => index >= padding,
            _ => character.is_ascii_alphanumeric() || "-._~+/".contains(character),
        };
        let (index, character) = secret.char_indices().find(|it| !is_legal(*it))?;
        let what = match character {
            '\n' | '\r' => "a line break",
            ' ' | '\t' => "white space",
            '"' | '\'' => "a quotation mark",
            '=' => "a `=` that is not at its end",
            _ if character.is_control() => "a control character",
            _ if !character.is_ascii() => "a character that is not ASCII",
            _ => "a character other than letters, digits and `-._~+/=`",
        };
        let (place, length) = (index + 1, secret.len());
        Some(format!(
            "is not valid: it holds {what} (byte {place} of {length})"
        ))
    }
}

/// A credential as it was handed out for one request.
#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) credential: Arc<Credential>,
    /// Which renewal it comes from, so that a 401 against an old one does not throw away a newer one.
    pub(crate) generation: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_each_scheme_is_sensitive() {
        let (name, value) = Credential::api_key("neo_sk_x").unwrap().header();
        assert_eq!(
            (name.as_str(), value.as_bytes()),
            ("x-api-key", &b"neo_sk_x"[..])
        );
        assert!(value.is_sensitive());
        let (name, value) = Credential::bearer_token("a.b-c_d~e+f/g==")
            .unwrap()
            .header();
        assert_eq!(name, AUTHORIZATION);
        assert_eq!(value.as_bytes(), b"Bearer a.b-c_d~e+f/g==");
        assert!(value.is_sensitive());
    }

    #[test]
    fn flaws_are_named_and_never_shown() {
        for (key, expected) in [
            ("", "the API key is empty"),
            ("neo_sk_", "the API key is only the prefix `neo_sk_`"),
            (
                "sk_canary",
                "an API key begins with `neo_sk_`, this one does not",
            ),
            (
                " neo_sk_canary",
                "an API key begins with `neo_sk_`, this one does not",
            ),
            (
                "neo_sk_canary\n",
                "the API key is not valid: it holds a line break (byte 14 of 14)",
            ),
            (
                "neo_sk_ canary",
                "the API key is not valid: it holds white space (byte 8 of 14)",
            ),
            (
                "neo_sk_\u{0}canary",
                "the API key is not valid: it holds a control character (byte 8 of 14)",
            ),
            (
                "neo_sk_canäry",
                "the API key is not valid: it holds a character that is not ASCII (byte 11 of 14)",
            ),
        ] {
            let error = Credential::api_key(key).unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert!(!format!("{error:?}").contains("canary"));
        }
        let illegal = "a character other than letters, digits and `-._~+/=`";
        for (token, expected) in [
            ("", "is empty".to_owned()),
            (
                "canary\"",
                "is not valid: it holds a quotation mark (byte 7 of 7)".to_owned(),
            ),
            (
                "can\\ary",
                format!("is not valid: it holds {illegal} (byte 4 of 7)"),
            ),
            (
                "canary:x",
                format!("is not valid: it holds {illegal} (byte 7 of 8)"),
            ),
            (
                "canary=x=",
                "is not valid: it holds a `=` that is not at its end (byte 7 of 9)".to_owned(),
            ),
            (
                "canary x",
                "is not valid: it holds white space (byte 7 of 8)".to_owned(),
            ),
        ] {
            let error = Credential::bearer_token(token).unwrap_err();
            assert_eq!(error.to_string(), format!("the bearer token {expected}"));
            assert!(!format!("{error:?}").contains("canary"));
        }
        assert!(Credential::bearer_token("==").is_err());
    }

    #[test]
    fn both_kinds_hold_only_what_json_does_not_escape() {
        for byte in 0..=127 {
            let character = char::from(byte);
            let legal = character.is_ascii_alphanumeric() || "-._~+/=".contains(character);
            let key = Credential::api_key(format!("neo_sk_{character}x"));
            assert_eq!(key.is_ok(), legal, "{character:?}");
            let token = Credential::bearer_token(format!("x{character}"));
            assert_eq!(token.is_ok(), legal, "{character:?}");
        }
    }

    #[test]
    fn the_word_bearer_is_no_part_of_a_token() {
        for token in [
            "Bearer canary",
            "bearer canary",
            "BEARER\tcanary",
            "Bearer ",
            "Bearer",
            "bearer",
        ] {
            let error = Credential::bearer_token(token).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the bearer token must be given without the word `Bearer`: give only what comes after it"
            );
            assert!(!format!("{error:?}").contains("canary"));
        }
        assert!(Credential::bearer_token("bearer-of-news").is_ok());
    }
}

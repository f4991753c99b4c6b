//! The secret by which a webhook proves its sender, compared in constant time.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use crate::error::Error;

/// A secret that a service sends with each webhook as `Authorization: Bearer <secret>` (RFC 6750
/// section 2.1). `Debug` does not show the secret.
///
/// ```
/// # use neo_client_runtime::{Error, HeaderMap, WebhookSecret, serde_json::Value};
/// # fn main() -> Result<(), Error> {
/// let secret = WebhookSecret::new("s3cret")?;
/// let mut headers = HeaderMap::new();
/// assert!(secret.open::<Value>(&headers, b"{}").is_err());
/// headers.insert("authorization", "Bearer s3cret".parse().unwrap());
/// assert!(secret.open::<Value>(&headers, b"{}").is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WebhookSecret(SecretString);

/// The reason why a webhook was rejected. No variant holds a part of the request's secret or body.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WebhookError {
    /// The request has no bearer token, or several values of `Authorization`.
    MissingToken,
    /// The bearer token is not the secret.
    WrongToken,
    /// The body is not JSON of the expected shape.
    Body,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingToken => {
                "the webhook has no bearer token: send `Authorization: Bearer <secret>`"
            }
            Self::WrongToken => "the bearer token of the webhook is not the shared secret",
            Self::Body => "the body of the webhook is not JSON of the expected shape",
        })
    }
}

impl std::error::Error for WebhookError {}

impl WebhookError {
    /// Returns the status with which to respond: 401 or 400.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::MissingToken | Self::WrongToken => StatusCode::UNAUTHORIZED,
            Self::Body => StatusCode::BAD_REQUEST,
        }
    }
}

impl WebhookSecret {
    /// Returns a secret.
    ///
    /// # Errors
    ///
    /// Fails if the secret is empty or has white space at an end, because every request would then
    /// match or fail by mistake.
    pub fn new(secret: impl Into<String>) -> Result<Self, Error> {
        let secret = secret.into();
        if secret.is_empty() || secret.trim() != secret {
            return Err(Error::configuration(
                "the secret of a webhook must not be empty, or begin or end with white space: \
                 set the value that the service sends",
            ));
        }
        Ok(Self(secret.into()))
    }

    /// Checks the bearer token of a webhook. The time of the comparison depends on the length of
    /// the token only.
    ///
    /// # Errors
    ///
    /// - [`WebhookError::MissingToken`] without a bearer token.
    /// - [`WebhookError::WrongToken`] if the token is not the secret.
    pub fn verify(&self, headers: &HeaderMap) -> Result<(), WebhookError> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(WebhookError::MissingToken);
        };
        let token = bearer(value.as_bytes()).ok_or(WebhookError::MissingToken)?;
        let secret = self.0.expose_secret().as_bytes();
        match token.ct_eq(secret).into() {
            true => Ok(()),
            false => Err(WebhookError::WrongToken),
        }
    }

    /// Checks the bearer token of a webhook, and then decodes the body as JSON.
    ///
    /// # Errors
    ///
    /// Fails as [`verify`](Self::verify) does, and with [`WebhookError::Body`] if the body does not
    /// fit `T`.
    pub fn open<T: DeserializeOwned>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<T, WebhookError> {
        self.verify(headers)?;
        serde_json::from_slice(body).map_err(|_| WebhookError::Body)
    }
}

/// Returns the token of a value of `Authorization`. The scheme is case-insensitive (RFC 9110
/// section 11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked("bearer".len())?;
    let token = rest.trim_ascii_start();
    let is_bearer = scheme.eq_ignore_ascii_case(b"bearer") && token.len() < rest.len();
    is_bearer.then_some(token).filter(|token| !token.is_empty())
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use serde_json::{Value, json};

    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        let values = values.iter();
        let values = values.map(|value| (AUTHORIZATION, HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn only_the_secret_opens_a_webhook() {
        let secret = WebhookSecret::new("s3cret").unwrap();
        for (values, expected) in [
            (&["Bearer s3cret"][..], Ok(())),
            (&["bearer   s3cret"], Ok(())),
            (&["Bearer s3cre"], Err(WebhookError::WrongToken)),
            (&["Bearer s3cret2"], Err(WebhookError::WrongToken)),
            (&["Bearer s3creT"], Err(WebhookError::WrongToken)),
            (&["Bearer "], Err(WebhookError::MissingToken)),
            (&["Bearers3cret"], Err(WebhookError::MissingToken)),
            (&["Basic s3cret"], Err(WebhookError::MissingToken)),
            (&["s3cret"], Err(WebhookError::MissingToken)),
            (&[], Err(WebhookError::MissingToken)),
            (
                &["Bearer s3cret", "Bearer s3cret"],
                Err(WebhookError::MissingToken),
            ),
        ] {
            assert_eq!(secret.verify(&headers(values)), expected, "{values:?}");
        }
        assert_eq!(format!("{secret:?}"), "WebhookSecret([redacted])");
    }

    #[test]
    fn body_is_read_after_the_check() {
        let secret = WebhookSecret::new("s3cret").unwrap();
        let open = |token, body: &str| secret.open::<Value>(&headers(&[token]), body.as_bytes());
        assert_eq!(open("Bearer s3cret", "{\"a\":1}"), Ok(json!({ "a": 1 })));
        assert_eq!(open("Bearer s3cret", "{"), Err(WebhookError::Body));
        assert_eq!(open("Bearer x", "{"), Err(WebhookError::WrongToken));
        assert_eq!(WebhookError::Body.status(), StatusCode::BAD_REQUEST);
        assert_eq!(WebhookError::WrongToken.status(), StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn empty_secret_is_rejected() {
        for secret in ["", " ", "a\n"] {
            let error = WebhookSecret::new(secret).unwrap_err();
            assert!(error.to_string().contains("secret of a webhook"), "{error}");
        }
    }
}

//! Credentials of the Neo API, from code and from the environment.

use std::ffi::OsString;

use neo_client_runtime::codegen::{Characters, flaw};
use neo_client_runtime::{BoxError, Credential, CredentialsProvider, Error};

use crate::generated::{Client, ClientBuilder};

/// The security schemes of the document.
const API_KEY_SCHEME: &str = "ApiKeyAuth";
const BEARER_SCHEME: &str = "BearerAuth";

/// How every API key of Neo begins.
const API_KEY_PREFIX: &str = "neo_sk_";

impl Client {
    /// Returns a client with settings from environment variables:
    ///
    /// | variable | |
    /// |---|---|
    /// | `NEO_API_KEY` | an API key, sent as `X-Api-Key` |
    /// | `NEO_BEARER_TOKEN` | a bearer token, sent as `Authorization: Bearer`; read only when `NEO_API_KEY` is not set |
    /// | `NEO_BASE_URL` | another server than production; may be unset |
    ///
    /// ```no_run
    /// # async fn show() -> Result<(), neo_client::Error> {
    /// let neo = neo_client::Client::from_env()?;
    /// println!("{:?}", neo.user().get_current_user().await?.email);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if neither credential is set, or if a variable is empty or invalid. The error names
    /// the variable.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_lookup(|name| std::env::var_os(name))?.build()
    }
}

impl ClientBuilder {
    /// Sets an API key, which begins with `neo_sk_` and is sent as `X-Api-Key`. A later API key
    /// replaces an earlier one.
    ///
    /// A client may have an API key and a bearer token. An operation that accepts either gets the
    /// one that the OpenAPI document names first.
    ///
    /// ```
    /// # fn main() -> Result<(), neo_client::Error> {
    /// let neo = neo_client::Client::builder().api_key("neo_sk_0123456789abcdef").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn api_key(self, key: impl Into<String>) -> Self {
        Self(self.0.credential(API_KEY_SCHEME, api_key(key.into())))
    }

    /// Sets a bearer token, sent as `Authorization: Bearer`. A later bearer token replaces an
    /// earlier one. See [`api_key`](ClientBuilder::api_key) for a client with both.
    ///
    /// ```
    /// # fn main() -> Result<(), neo_client::Error> {
    /// let neo = neo_client::Client::builder().bearer_token("eyJhbGciOi.eyJzdWIi.c2ln").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn bearer_token(self, token: impl Into<String>) -> Self {
        Self(self.0.credential(BEARER_SCHEME, bearer_token(token.into())))
    }

    /// Sets a provider of credentials that expire, which returns API keys or bearer tokens. A later
    /// credential replaces an earlier one.
    ///
    /// ```
    /// use neo_client::{BoxError, Client, Credential, CredentialsProvider};
    ///
    /// struct Login;
    ///
    /// impl CredentialsProvider for Login {
    ///     async fn credentials(&self) -> Result<Credential, BoxError> {
    ///         // Request a token from your identity provider here.
    ///         Ok(Credential::bearer_token("eyJhbGciOi.eyJzdWIi.c2ln")?)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), neo_client::Error> {
    /// let neo = Client::builder().credentials(Login).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn credentials(self, provider: impl CredentialsProvider) -> Self {
        let builder = self.0.without_credentials();
        Self(builder.credentials_provider([BEARER_SCHEME, API_KEY_SCHEME], Checked(provider)))
    }

    fn only(self, scheme: &'static str, credential: Result<Credential, Error>) -> Self {
        Self(self.0.without_credentials().credential(scheme, credential))
    }

    /// Reads the settings from variables; see [`Client::from_env`].
    pub(crate) fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let variable = |name: &'static str| {
            match lookup(name).map(OsString::into_string) {
                None => Ok(None),
                Some(Ok(value)) if value.is_empty() => {
                    Err("is set but empty: unset it, or give it a value")
                }
                Some(Ok(value)) => Ok(Some(value)),
                Some(Err(_)) => Err("is not UTF-8: set it to plain text"),
            }
            .map_err(|why| Error::configuration(why).in_setting(name))
        };

        let builder = Client::builder();
        let builder = if let Some(key) = variable("NEO_API_KEY")? {
            let credential = api_key(key).map_err(|it| it.in_setting("NEO_API_KEY"));
            builder.only(API_KEY_SCHEME, credential)
        } else if let Some(token) = variable("NEO_BEARER_TOKEN")? {
            let credential = bearer_token(token).map_err(|it| it.in_setting("NEO_BEARER_TOKEN"));
            builder.only(BEARER_SCHEME, credential)
        } else {
            return Err(Error::configuration(
                "no credential: set `NEO_API_KEY` to an API key, or `NEO_BEARER_TOKEN` to a bearer token",
            ));
        };
        Ok(match variable("NEO_BASE_URL")? {
            None => builder,
            Some(url) => Self(builder.0.base_url_of("NEO_BASE_URL", &url)?),
        })
    }
}

/// An API key of Neo.
fn api_key(key: String) -> Result<Credential, Error> {
    let wrong = |why: String| Err(Error::configuration(why));
    match key.strip_prefix(API_KEY_PREFIX) {
        None if !key.is_empty() => wrong(format!(
            "an API key begins with `{API_KEY_PREFIX}`, this one does not: copy the whole key"
        )),
        Some("") => wrong(format!(
            "the API key is only the prefix `{API_KEY_PREFIX}`: copy the whole key"
        )),
        _ => match flaw(&key, Characters::Token68) {
            Some(flaw) => wrong(format!("the API key {flaw}")),
            None => Credential::api_key(key),
        },
    }
}

fn bearer_token(token: String) -> Result<Credential, Error> {
    let first_word = token.split(char::is_whitespace).next();
    let has_word = first_word.is_some_and(|word| word.eq_ignore_ascii_case("bearer"));
    match flaw(&token, Characters::B64Token).filter(|_| !has_word) {
        Some(flaw) => Err(Error::configuration(format!("the bearer token {flaw}"))),
        None => Credential::bearer_token(token),
    }
}

/// A provider whose credentials are checked, and sent as their kind says.
struct Checked<P>(P);

impl<P: CredentialsProvider> CredentialsProvider for Checked<P> {
    async fn credentials(&self) -> Result<Credential, BoxError> {
        let credential = self.0.credentials().await?;
        if !credential.is_api_key() {
            return Ok(credential.for_scheme(BEARER_SCHEME));
        }
        api_key(credential.expose_secret().to_owned())?;
        Ok(credential.for_scheme(API_KEY_SCHEME))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Client, Error> {
        let find = |name: &str| variables.iter().find(|(it, _)| *it == name);
        ClientBuilder::from_lookup(|name| find(name).map(|(_, value)| value.into()))?.build()
    }

    #[test]
    fn environment_variables_are_read() {
        let key = ("NEO_API_KEY", "neo_sk_canary");
        let token = ("NEO_BEARER_TOKEN", "canary");
        let shown = |client: Client| format!("{client:?}");
        assert!(shown(from(&[key]).unwrap()).contains("API key"));
        assert!(shown(from(&[key]).unwrap()).contains("https://neo.api.projectdiscovery.io"));
        assert!(shown(from(&[token]).unwrap()).contains("bearer token"));
        assert!(shown(from(&[token, key]).unwrap()).contains("API key"));
        let base = ("NEO_BASE_URL", "http://localhost:8080/");
        assert!(shown(from(&[key, base]).unwrap()).contains("\"http://localhost:8080\""));

        for (variables, expected) in [
            (&[][..], "no credential: set `NEO_API_KEY`"),
            (
                &[("NEO_API_KEY", ""), token],
                "`NEO_API_KEY`: is set but empty",
            ),
            (
                &[("NEO_BEARER_TOKEN", "")],
                "`NEO_BEARER_TOKEN`: is set but empty",
            ),
            (
                &[key, ("NEO_BASE_URL", "")],
                "`NEO_BASE_URL`: is set but empty",
            ),
            (
                &[("NEO_API_KEY", "canary")],
                "`NEO_API_KEY`: an API key begins with",
            ),
            (
                &[("NEO_BEARER_TOKEN", "canary\n")],
                "`NEO_BEARER_TOKEN`: the bearer token is not",
            ),
            (
                &[key, ("NEO_BASE_URL", "http://canary.example")],
                "`NEO_BASE_URL`: the base URL must",
            ),
        ] {
            let error = from(variables).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
            assert!(
                !format!("{error:?} {error:#}").contains("canary"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn first_invalid_setting_is_reported() {
        let error = |builder: ClientBuilder| builder.build().unwrap_err().to_string();
        assert!(error(Client::builder().timeout(Duration::ZERO)).contains("timeout"));
        for suffix in ["a\nb", "ä", "a\tb"] {
            assert!(error(Client::builder().user_agent_suffix(suffix)).contains("user agent"));
        }
        let both = Client::builder().base_url("ftp://x").api_key("wrong");
        assert!(error(both).contains("API key"));
    }

    #[test]
    fn last_credential_of_a_scheme_wins() {
        let client = Client::builder()
            .api_key("wrong")
            .bearer_token("right")
            .api_key("neo_sk_right")
            .build();
        let shown = format!("{:?}", client.unwrap());
        assert!(
            shown.contains("bearer token") && shown.contains("API key"),
            "{shown}"
        );
    }

    #[test]
    fn credential_flaw_is_named_and_not_shown() {
        for (key, expected) in [
            (
                "",
                "the API key is empty: leave the setting out, or give it a value",
            ),
            (
                "neo_sk_",
                "the API key is only the prefix `neo_sk_`: copy the whole key",
            ),
            (
                "sk_canary",
                "an API key begins with `neo_sk_`, this one does not: copy the whole key",
            ),
            (
                " neo_sk_canary",
                "an API key begins with `neo_sk_`, this one does not: copy the whole key",
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
            let error = api_key(key.to_owned()).unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert!(!format!("{error:?}").contains("canary"));
        }
        let illegal = "a character other than letters, digits and `-._~+/=`";
        for (token, expected) in [
            (
                "",
                "is empty: leave the setting out, or give it a value".to_owned(),
            ),
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
            let error = bearer_token(token.to_owned()).unwrap_err();
            assert_eq!(error.to_string(), format!("the bearer token {expected}"));
            assert!(!format!("{error:?}").contains("canary"));
        }
        assert!(bearer_token("==".to_owned()).is_err());
    }

    #[test]
    fn credential_alphabet_needs_no_json_escape() {
        for byte in 0..=127 {
            let character = char::from(byte);
            let legal = character.is_ascii_alphanumeric() || "-._~+/=".contains(character);
            let key = api_key(format!("neo_sk_{character}x"));
            assert_eq!(key.is_ok(), legal, "{character:?}");
            let token = bearer_token(format!("x{character}"));
            assert_eq!(token.is_ok(), legal, "{character:?}");
        }
    }

    #[test]
    fn bearer_token_with_the_word_is_rejected() {
        for token in [
            "Bearer canary",
            "bearer canary",
            "BEARER\tcanary",
            "Bearer ",
            "Bearer",
            "bearer",
        ] {
            let error = bearer_token(token.to_owned()).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the bearer token must be given without the word `Bearer`: give only what comes after it"
            );
            assert!(!format!("{error:?}").contains("canary"));
        }
        assert!(bearer_token("bearer-of-news".to_owned()).is_ok());
    }
}

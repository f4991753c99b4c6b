//! Credentials of the Neo API, from code and from the environment.

use std::ffi::OsString;

use neo_client_runtime::{Credential, CredentialsProvider, Error};

use crate::client::{Client, ClientBuilder};

impl Client {
    /// Returns a client with settings from environment variables:
    ///
    /// | variable | |
    /// |---|---|
    /// | `NEO_API_KEY` | an API key, sent as `X-Api-Key` |
    /// | `NEO_BEARER_TOKEN` | a bearer token, sent as `Authorization: Bearer`; read only when `NEO_API_KEY` is not set |
    /// | `NEO_BASE_URL` | another server than production; may be unset |
    ///
    /// # Errors
    /// Fails if neither credential is set, or if a variable is empty or invalid. The error names
    /// the variable.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_lookup(|name| std::env::var_os(name))?.build()
    }
}

impl ClientBuilder {
    /// Sets an API key, which begins with `neo_sk_` and is sent as `X-Api-Key`. A later credential
    /// replaces an earlier one.
    pub fn api_key(self, key: impl Into<String>) -> Self {
        Self(self.0.credential(Credential::api_key(key)))
    }

    /// Sets a bearer token, sent as `Authorization: Bearer`. A later credential replaces an earlier
    /// one.
    pub fn bearer_token(self, token: impl Into<String>) -> Self {
        Self(self.0.credential(Credential::bearer_token(token)))
    }

    /// Sets a provider of credentials that expire. A later credential replaces an earlier one.
    pub fn credentials(self, provider: impl CredentialsProvider) -> Self {
        Self(self.0.credentials(provider))
    }

    /// Reads the settings from variables; see [`Client::from_env`].
    pub(crate) fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let variable = |name: &'static str| {
            match lookup(name).map(OsString::into_string) {
                None => Ok(None),
                Some(Ok(value)) if value.is_empty() => Err("is set but empty"),
                Some(Ok(value)) => Ok(Some(value)),
                Some(Err(_)) => Err("is not UTF-8"),
            }
            .map_err(|why| Error::configuration(why).in_setting(name))
        };

        let builder = Self::default();
        let builder = if let Some(key) = variable("NEO_API_KEY")? {
            let credential = Credential::api_key(key).map_err(|it| it.in_setting("NEO_API_KEY"));
            Self(builder.0.credential(credential))
        } else if let Some(token) = variable("NEO_BEARER_TOKEN")? {
            let credential = Credential::bearer_token(token);
            Self(
                builder
                    .0
                    .credential(credential.map_err(|it| it.in_setting("NEO_BEARER_TOKEN"))),
            )
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Client, Error> {
        let find = |name: &str| variables.iter().find(|(it, _)| *it == name);
        ClientBuilder::from_lookup(|name| find(name).map(|(_, value)| value.into()))?.build()
    }

    #[test]
    fn the_environment() {
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
    fn the_first_wrong_setting_is_reported() {
        let error = |builder: ClientBuilder| builder.build().unwrap_err().to_string();
        assert!(error(Client::builder().timeout(Duration::ZERO)).contains("timeout"));
        for suffix in ["a\nb", "ä", "a\tb"] {
            assert!(error(Client::builder().user_agent_suffix(suffix)).contains("user agent"));
        }
        let both = Client::builder().base_url("ftp://x").api_key("wrong");
        assert!(error(both).contains("API key"));
    }

    #[test]
    fn the_last_credential_counts() {
        let client = Client::builder()
            .api_key("wrong")
            .bearer_token("right")
            .build();
        assert!(format!("{:?}", client.unwrap()).contains("bearer token"));
    }
}

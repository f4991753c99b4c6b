//! The settings of a client: setters of credentials and servers.

mod build;
mod http;
mod limits;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Api, Client};
use crate::auth::credential::Credential;
use crate::auth::provider::{CredentialsProvider, Provider};
use crate::auth::scheme::SecuritySchemeKind;
use crate::client::base_url::BaseUrl;
use crate::client::call_options::CallOptions;
use crate::client::http_client::Change;
use crate::client::retry_budget::RetryBudget;
use crate::client::servers::ServerSettings;
use crate::client::transport::Wrap;
use crate::error::Error;
use crate::operation::Server;

/// Builds a [`Client`]. [`build`](ClientBuilder::build) validates the settings and reports the
/// first error.
#[must_use]
pub struct ClientBuilder {
    api: &'static Api,
    credentials: Vec<(Vec<&'static str>, CredentialSetting)>,
    servers: ServerSettings,
    options: CallOptions,
    connect_timeout: Duration,
    user_agent_suffix: Option<String>,
    http_client: Option<reqwest::Client>,
    http_changes: Vec<Arc<Change>>,
    transport: Option<Wrap>,
    retry_budget: RetryBudget,
    max_requests: Option<usize>,
}

enum CredentialSetting {
    /// An invalid credential is kept, so that `build` reports the error.
    Fixed(Result<Credential, Error>),
    Provider(Box<dyn Provider>),
}

impl Client {
    /// Returns a builder for a client of `api`, with its default server and no credentials.
    pub fn builder(api: &'static Api) -> ClientBuilder {
        ClientBuilder {
            api,
            credentials: Vec::new(),
            servers: ServerSettings::default(),
            options: CallOptions::default(),
            connect_timeout: Duration::from_secs(10),
            user_agent_suffix: None,
            http_client: None,
            http_changes: Vec::new(),
            transport: None,
            retry_budget: RetryBudget::new(),
            max_requests: None,
        }
    }
}

impl ClientBuilder {
    /// Sets the credential for a security scheme, by the key of the scheme in the document. It
    /// replaces an earlier one for the same scheme; an error is reported by
    /// [`build`](ClientBuilder::build).
    pub fn credential(self, scheme: &'static str, credential: Result<Credential, Error>) -> Self {
        self.set(vec![scheme], CredentialSetting::Fixed(credential))
    }

    /// Sets the key or the token for a security scheme. For generated code.
    #[doc(hidden)]
    pub fn secret(self, scheme: &'static str, secret: impl Into<String>) -> Self {
        let kind = self.api.security_scheme(scheme).map(|scheme| scheme.kind);
        let credential = match kind {
            Some(SecuritySchemeKind::Bearer) => Credential::bearer_token(secret),
            _ => Credential::api_key(secret),
        };
        self.credential(scheme, credential)
    }

    /// Sets the user name and the password for a security scheme. For generated code.
    #[doc(hidden)]
    pub fn user_and_password(
        self,
        scheme: &'static str,
        user: impl Into<String>,
        password: impl Into<String>,
    ) -> Self {
        self.credential(scheme, Credential::basic(user.into(), password))
    }

    /// Sets a provider of credentials that expire, for a security scheme or several. A provider for
    /// several names the scheme of each credential with [`Credential::for_scheme`].
    pub fn credentials_provider(
        self,
        schemes: impl IntoIterator<Item = &'static str>,
        provider: impl CredentialsProvider,
    ) -> Self {
        let schemes = schemes.into_iter().collect();
        self.set(schemes, CredentialSetting::Provider(Box::new(provider)))
    }

    /// Forgets all credentials that were set before.
    pub fn without_credentials(mut self) -> Self {
        self.credentials.clear();
        self
    }

    fn set(mut self, schemes: Vec<&'static str>, setting: CredentialSetting) -> Self {
        for (earlier, _) in &mut self.credentials {
            earlier.retain(|scheme| !schemes.contains(scheme));
        }
        self.credentials.retain(|(schemes, _)| !schemes.is_empty());
        self.credentials.push((schemes, setting));
        self
    }

    /// Sets another server than that of the document.
    ///
    /// The URL is `https`, or `http` on a loopback host. It may have a path, which is prepended to
    /// the path of each request, and must have no user info, query or fragment. A trailing slash
    /// makes no difference. If the server of the document is a path such as `/api/v3`, and the URL
    /// has no path, the path of the document follows.
    ///
    /// Operations with servers of their own keep them; set these with
    /// [`server_url`](ClientBuilder::server_url). A URL on a loopback host stands for them as well.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.servers.base_url = Some(url.as_ref().to_owned());
        self
    }

    /// Chooses one of the servers of the document, instead of the first.
    ///
    /// ```
    /// # use neo_client_runtime::{Api, Client, Server};
    /// # fn show(api: &'static Api, staging: &'static Server) -> Result<(), neo_client_runtime::Error> {
    /// let client = Client::builder(api).server(staging).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn server(mut self, server: &'static Server) -> Self {
        self.servers.server = Some(server);
        self
    }

    /// Sets a variable of the servers of the document. [`build`](ClientBuilder::build) rejects a
    /// value that the document does not list.
    ///
    /// ```
    /// # fn show(api: &'static neo_client_runtime::Api) -> Result<(), neo_client_runtime::Error> {
    /// let client = neo_client_runtime::Client::builder(api)
    ///     .server_variable("region", "eu")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn server_variable(mut self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        let value = value.as_ref().to_owned();
        self.servers.variables.push((name.into(), value));
        self
    }

    /// Sets the URL that replaces one server of the document, also where operations have servers of
    /// their own.
    ///
    /// ```
    /// # fn show(api: &'static neo_client_runtime::Api, files: &'static neo_client_runtime::Server)
    /// # -> Result<(), neo_client_runtime::Error> {
    /// let client = neo_client_runtime::Client::builder(api)
    ///     .base_url("https://staging.example.com")
    ///     .server_url(files, "https://files.staging.example.com")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn server_url(mut self, server: &'static Server, url: impl Into<String>) -> Self {
        self.servers.replaced.push((server.url, url.into()));
        self
    }

    /// [`base_url`](ClientBuilder::base_url) from a variable, which an error names.
    ///
    /// # Errors
    /// When the URL is not valid.
    #[doc(hidden)]
    pub fn base_url_of(self, variable: &str, url: &str) -> Result<Self, Error> {
        BaseUrl::parse(url, false).map_err(|error| error.in_setting(variable))?;
        Ok(self.base_url(url))
    }

    /// Allows a base URL with `http` to a host that is not loopback. Everyone on the network path
    /// can then read the credentials.
    pub fn allow_insecure_http(mut self) -> Self {
        self.servers.allow_insecure_http = true;
        self
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.credentials.iter().map(|(_, setting)| match setting {
            CredentialSetting::Fixed(_) => "[redacted]",
            CredentialSetting::Provider(_) => "provider",
        });
        let kinds: Vec<&str> = kinds.collect();
        // A base URL that is not validated yet may hold a password.
        let base_url = self.servers.base_url.as_ref().map(|_| "[not checked yet]");
        f.debug_struct("ClientBuilder")
            .field("credentials", &kinds)
            .field(
                "base_url",
                &format_args!("{}", base_url.or(self.api.default_server).unwrap_or("none")),
            )
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::SecurityScheme;

    static API: Api = Api::new("pets", "Pets", "1")
        .default_server("https://pets.example")
        .security_schemes(&[SecurityScheme::new(
            "Token",
            "token",
            SecuritySchemeKind::Bearer,
        )]);

    #[test]
    fn wrong_setting_is_reported_by_build() {
        let error = |builder: ClientBuilder| builder.build().unwrap_err().to_string();
        assert!(error(Client::builder(&API).timeout(Duration::ZERO)).contains("timeout"));
        for suffix in ["a\nb", "ä", "a\tb"] {
            assert!(error(Client::builder(&API).user_agent_suffix(suffix)).contains("user agent"));
        }
        let wrong = Credential::bearer_token("");
        let both = Client::builder(&API)
            .base_url("ftp://x")
            .credential("Token", wrong);
        assert!(error(both).contains("bearer token"));
        let unknown = Client::builder(&API).credential("Tok", Credential::bearer_token("x"));
        assert!(error(unknown).contains("`Tok`"));
        let basic = Client::builder(&API).credential("Token", Credential::basic("a", "canary"));
        let error = error(basic);
        assert!(
            error.contains("`Token`") && !error.contains("canary"),
            "{error}"
        );
    }

    #[test]
    fn server_missing_is_an_error() {
        static NOWHERE: Api = Api::new("pets", "Pets", "1");
        let error = Client::builder(&NOWHERE).build().unwrap_err();
        assert!(error.to_string().contains("`base_url`"), "{error}");
    }
}

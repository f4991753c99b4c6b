//! The settings of a client, and their checks.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use super::{Api, Client, Settings};
use crate::auth::credential::Credential;
use crate::auth::provider::{CredentialsProvider, Provider};
use crate::auth::scheme::SecuritySchemeKind;
use crate::auth::source::{CredentialSource, Origin};
use crate::auth::token_cache::TokenCache;
use crate::client::base_url::BaseUrl;
use crate::client::call_options::CallOptions;
use crate::client::http_client::{Change, HttpClient, Recipe};
use crate::client::request_limit::RequestLimit;
use crate::client::retry_budget::{RetryBucket, RetryBudget};
use crate::client::retry_policy::RetryPolicy;
use crate::client::servers::{ServerSettings, Servers};
use crate::client::tls;
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
    /// use neo_client_runtime::{Api, Client, Server};
    ///
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

    /// Limits the duration of a call, including all attempts and the waits between them. The
    /// default is 90 seconds. See [`CallOptions::timeout`].
    pub fn timeout(self, limit: Duration) -> Self {
        self.options(|options| options.timeout(limit))
    }

    /// Limits the duration of one attempt; an upload that makes progress is not ended. The default
    /// is 30 seconds. See [`CallOptions::attempt_timeout`].
    pub fn attempt_timeout(self, limit: Duration) -> Self {
        self.options(|options| options.attempt_timeout(limit))
    }

    /// Sets how long making a connection may take, with TLS; 10 seconds by default.
    ///
    /// A client set by [`http_client`](ClientBuilder::http_client) keeps its own connect timeout.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Sets how often and after which waits a failed request is retried. The default is
    /// [`RetryPolicy::default`].
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        self.options(|options| options.retry_policy(policy))
    }

    /// Limits the number of bytes of a response that are read into memory. The default is 32 MiB.
    /// See [`CallOptions::response_limit`].
    pub fn response_limit(self, bytes: usize) -> Self {
        self.options(|options| options.response_limit(bytes))
    }

    /// Adds a header to each request of the client, such as the key of a gateway. A header that a
    /// call itself sets takes precedence. See [`CallOptions::header`].
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options(|options| options.header(name, value))
    }

    /// Appends text to [`Api::user_agent`] in `User-Agent`, by convention `name/version` of the
    /// calling program.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Sets how many retries all calls of the client may make together. The default is
    /// [`RetryBudget::new`].
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Limits the number of requests in flight at once, and with it the number of connections.
    /// There is no limit by default.
    ///
    /// A request counts until its response is complete, a stream as long as it is open. Further
    /// requests wait for their turn, within the timeout of their call. The attempt timeout begins
    /// after the wait. Zero counts as one.
    ///
    /// ```
    /// # static API: neo_client_runtime::Api =
    /// #     neo_client_runtime::Api::new("pets", "Pets", "1").default_server("https://pets.example");
    /// let client = neo_client_runtime::Client::builder(&API)
    ///     .max_concurrent_requests(16)
    ///     .build()?;
    /// # Ok::<(), neo_client_runtime::Error>(())
    /// ```
    pub fn max_concurrent_requests(mut self, max: usize) -> Self {
        self.max_requests = Some(max.max(1));
        self
    }

    /// Changes settings of the HTTP client: proxies, root certificates, client certificates, DNS,
    /// connection pool, HTTP/2.
    ///
    /// Unlike with [`http_client`](ClientBuilder::http_client), the guards of this crate stay in
    /// force, whatever `change` does: no redirect is followed to another origin, no proxy is used
    /// for a base URL on this machine, reqwest repeats no request by itself, and
    /// [`connect_timeout`](ClientBuilder::connect_timeout) applies. Changes are applied in the
    /// order in which they were set.
    ///
    /// `change` runs again when a connection is replaced, so it must return the same settings each
    /// time.
    ///
    /// ```
    /// use neo_client_runtime::reqwest::Proxy;
    ///
    /// # static API: neo_client_runtime::Api =
    /// #     neo_client_runtime::Api::new("pets", "Pets", "1").default_server("https://pets.example");
    /// let proxy = Proxy::https("http://proxy.corporate.example:3128")?;
    /// let client = neo_client_runtime::Client::builder(&API)
    ///     .http(move |http| http.proxy(proxy.clone()).pool_max_idle_per_host(4))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http(
        mut self,
        change: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http_changes.push(Arc::new(change));
        self
    }

    /// Uses your own HTTP client, for example with another TLS library. Prefer
    /// [`http`](ClientBuilder::http) for proxies and certificates.
    ///
    /// With your own client, these guards are lost:
    ///
    /// - **Redirects.** Build the HTTP client with `redirect::Policy::none()`: this crate follows
    ///   redirects itself, within the origin of the base URL. The default policy of reqwest sends
    ///   credential headers other than `Authorization` to any host that a redirect names. A call in
    ///   which reqwest followed a redirect is an error, but the credential may have been sent by
    ///   then.
    /// - **Proxies.** For an `http` base URL on this machine, the client must be built with
    ///   `no_proxy()` if it could use a proxy. [`build`](ClientBuilder::build) returns an error
    ///   otherwise.
    /// - **Retries.** reqwest repeats some refused HTTP/2 requests by itself, which
    ///   [`Error::attempts`] does not count, unless the client is built with
    ///   `retry(reqwest::retry::never())`.
    /// - **Dead HTTP/2 connections.** They are not replaced after a timeout. Set
    ///   `http2_keep_alive_interval`.
    /// - **Timeouts.** Those of your client apply in addition, also to streaming responses.
    ///
    /// ```
    /// use neo_client_runtime::reqwest::{self, redirect::Policy};
    ///
    /// # static API: neo_client_runtime::Api =
    /// #     neo_client_runtime::Api::new("pets", "Pets", "1").default_server("https://pets.example");
    /// let http = reqwest::Client::builder()
    ///     .redirect(Policy::none())
    ///     .retry(reqwest::retry::never())
    ///     .build()?;
    /// let client = neo_client_runtime::Client::builder(&API).http_client(http).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Validates the settings and builds the client. Opens no connection.
    ///
    /// # Errors
    /// Returns an error for the first invalid setting. The error says why and does not show the
    /// value.
    pub fn build(self) -> Result<Client, Error> {
        let mut credentials = Vec::new();
        for (schemes, setting) in self.credentials {
            let unknown = schemes
                .iter()
                .find(|name| self.api.security_scheme(name).is_none());
            if let Some(unknown) = unknown {
                let why = format!("the document has no security scheme `{unknown}`");
                return Err(Error::configuration(why));
            }
            let origin = match setting {
                CredentialSetting::Fixed(credential) => {
                    let credential = credential?;
                    let known = schemes
                        .iter()
                        .filter_map(|name| self.api.security_scheme(name));
                    for scheme in known {
                        credential.check(scheme).map_err(Error::configuration)?;
                    }
                    Origin::Fixed(Arc::new(credential))
                }
                CredentialSetting::Provider(provider) => {
                    Origin::Provider(TokenCache::new(provider))
                }
            };
            credentials.push(CredentialSource { schemes, origin });
        }
        let extras = &self.options.extras;
        extras.check(self.api).map_err(Error::configuration)?;
        let Servers {
            base,
            of_operations,
        } = self.servers.resolve(self.api)?;
        for (name, limit) in [
            ("timeout", self.options.timeout),
            ("attempt timeout", self.options.attempt_timeout),
            ("connect timeout", self.connect_timeout),
        ] {
            if limit.is_zero() {
                let why = format!("the {name} must be longer than zero");
                return Err(Error::configuration(why));
            }
        }
        let has_changes = !self.http_changes.is_empty();
        let http = match self.http_client {
            Some(_) if has_changes => {
                return Err(Error::configuration(
                    "`http` changes the HTTP client of this crate and has no effect on that of `http_client`: set one of them",
                ));
            }
            Some(client) => HttpClient::of_caller(client, &base)?,
            None if !tls::IS_PRESENT && !has_changes && base.is_https() => {
                return Err(Error::configuration(
                    "an https base URL needs TLS: enable the feature `rustls` or `native-tls`, or give `http_client` a client with TLS",
                ));
            }
            None => HttpClient::build(Recipe {
                base: base.clone(),
                connect_timeout: self.connect_timeout,
                changes: self.http_changes,
            })?,
        };
        let settings = Settings {
            api: self.api,
            credentials,
            retry_budget: RetryBucket::new(self.retry_budget),
            requests: self.max_requests.map(RequestLimit::new),
            user_agent: user_agent(self.api.user_agent, self.user_agent_suffix.as_deref())?,
            http,
            base,
            servers: of_operations,
        };
        Ok(Client::new(settings, self.options))
    }

    fn options(mut self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        self.options = change(self.options);
        self
    }
}

fn user_agent(own: &'static str, suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(suffix) = suffix else {
        return Ok(HeaderValue::from_static(own));
    };
    let is_legal = |it: char| it == ' ' || it.is_ascii_graphic();
    let value = HeaderValue::from_str(&format!("{own} {suffix}"));
    match value {
        Ok(value) if suffix.chars().all(is_legal) => Ok(value),
        _ => Err(Error::configuration(
            "the user agent suffix may hold visible ASCII characters and spaces only",
        )),
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

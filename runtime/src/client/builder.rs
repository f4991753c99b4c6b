//! The settings of a client, and their checks.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
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
use crate::client::retry_budget::RetryBudget;
use crate::client::retry_policy::RetryPolicy;
use crate::error::Error;

/// Builds a [`Client`]. [`build`](ClientBuilder::build) validates the settings and reports the
/// first error.
#[must_use]
pub struct ClientBuilder {
    api: &'static Api,
    credentials: Vec<(Vec<&'static str>, CredentialSetting)>,
    base_url: Option<String>,
    allow_insecure_http: bool,
    options: CallOptions,
    connect_timeout: Duration,
    user_agent_suffix: Option<String>,
    http_client: Option<reqwest::Client>,
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
            base_url: None,
            allow_insecure_http: false,
            options: CallOptions::default(),
            connect_timeout: Duration::from_secs(10),
            user_agent_suffix: None,
            http_client: None,
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

    /// Another server than [`Api::default_server`].
    ///
    /// The URL is `https`, or `http` on a loopback host. It may have a path, which is prepended to
    /// the path of each request, and must have no user info, query or fragment. A trailing slash
    /// makes no difference.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.base_url = Some(url.as_ref().to_owned());
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
        self.allow_insecure_http = true;
        self
    }

    /// Limits the duration of a call, including all attempts and the waits between them. The
    /// default is 90 seconds. See [`CallOptions::timeout`].
    pub fn timeout(self, limit: Duration) -> Self {
        self.options(|options| options.timeout(limit))
    }

    /// Limits the duration of one attempt. The default is 30 seconds. See
    /// [`CallOptions::attempt_timeout`].
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

    /// Appends text to [`Api::user_agent`] in `User-Agent`, by convention `name/version` of the
    /// calling program.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Uses your own HTTP client, for another TLS library, a proxy or a certificate.
    ///
    /// **Build the HTTP client with `redirect::Policy::none()`**: this crate follows redirects
    /// itself, within the origin of the base URL. The default policy of reqwest sends credential
    /// headers other than `Authorization` to any host that a redirect names. A call in which
    /// reqwest followed a redirect is an error, but the credential may have been sent by then. The
    /// timeouts of your client apply in addition, also to streaming responses.
    ///
    /// ```
    /// use neo_client_runtime::reqwest::{self, redirect::Policy};
    ///
    /// # static API: neo_client_runtime::Api =
    /// #     neo_client_runtime::Api::new("pets", "Pets", "1").default_server("https://pets.example");
    /// let http = reqwest::Client::builder().redirect(Policy::none()).build()?;
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
        let base_url = self.base_url.as_deref().or(self.api.default_server);
        let base_url = base_url.ok_or_else(|| {
            Error::configuration(
                "no server is known: give the base URL to the builder with `base_url`",
            )
        })?;
        let base = BaseUrl::parse(base_url, self.allow_insecure_http)?;
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
        let settings = Settings {
            api: self.api,
            credentials,
            retry_budget: RetryBudget::new(),
            user_agent: user_agent(self.api.user_agent, self.user_agent_suffix.as_deref())?,
            connect_timeout: self.http_client.is_none().then_some(self.connect_timeout),
            http: match self.http_client {
                Some(client) => client,
                None => http_client(&base, self.connect_timeout)?,
            },
            base,
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

/// Builds the HTTP client that is used unless the caller provides one.
fn http_client(base: &BaseUrl, connect_timeout: Duration) -> Result<reqwest::Client, Error> {
    if cfg!(not(feature = "rustls")) && base.is_https() {
        return Err(Error::configuration(
            "an https base URL needs TLS: enable the feature `rustls`, or give `http_client` a client with TLS",
        ));
    }
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Another crate may have enabled these features of reqwest. This crate decodes content
        // codings itself; see `content_coding.rs`.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(connect_timeout);
    #[cfg(feature = "rustls")]
    if !base.is_https() {
        // No TLS is spoken. Setting up certificate verification would take longer than a call.
        builder = builder.tls_certs_only([]);
    }
    if base.is_loopback() {
        // Plain http is allowed because nothing leaves the machine: neither a proxy of the
        // environment nor a name server may change that.
        let addresses = [
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
        ];
        builder = builder.no_proxy().resolve_to_addrs(base.host(), &addresses);
    }
    builder.build().map_err(|error| {
        Error::configuration("the HTTP client could not be set up").caused_by(error)
    })
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.credentials.iter().map(|(_, setting)| match setting {
            CredentialSetting::Fixed(_) => "[redacted]",
            CredentialSetting::Provider(_) => "provider",
        });
        let kinds: Vec<&str> = kinds.collect();
        // A base URL that is not validated yet may hold a password.
        let base_url = self.base_url.as_ref().map(|_| "[not checked yet]");
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

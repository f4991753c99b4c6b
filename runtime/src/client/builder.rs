//! The settings of a client, from code or from the environment, and their checks.

use std::ffi::OsString;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::base_url::{BaseUrl, PRODUCTION};
use crate::client::{Client, Settings};
use crate::connect_limit::ConnectLimit;
use crate::credentials::{Credential, CredentialSource, CredentialsProvider, Provider};
use crate::error::Error;
use crate::options::CallOptions;
use crate::retry::RetryBudget;
use crate::retry_policy::RetryPolicy;
use crate::token_cache::TokenCache;

const USER_AGENT: &str = concat!("neo-client/", env!("CARGO_PKG_VERSION"));

/// Settings of a [`Client`]. Nothing is checked before [`build`](ClientBuilder::build), which reports what is wrong.
///
/// ```
/// use std::time::Duration;
///
/// let neo = neo_client::Client::builder()
///     .api_key("neo_sk_a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6")
///     .timeout(Duration::from_secs(20))
///     .user_agent_suffix("nightly-scan/2.1")
///     .build()?;
/// # Ok::<(), neo_client::Error>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct ClientBuilder {
    credential: Option<CredentialSetting>,
    base_url: Option<String>,
    allow_insecure_http: bool,
    options: CallOptions,
    user_agent_suffix: Option<String>,
    http_client: Option<reqwest::Client>,
}

enum CredentialSetting {
    /// What is wrong with it is kept for `build`.
    Fixed(Result<Credential, Error>),
    Provider(Box<dyn Provider>),
}

impl ClientBuilder {
    /// An API key, which begins with `neo_sk_`, sent as `X-Api-Key`. Of several credentials the last one counts.
    pub fn api_key(self, key: impl Into<String>) -> Self {
        self.fixed(Credential::api_key(key))
    }

    /// A bearer token, sent as `Authorization: Bearer`. Of several credentials the last one counts.
    pub fn bearer_token(self, token: impl Into<String>) -> Self {
        self.fixed(Credential::bearer_token(token))
    }

    /// A source of credentials that expire. Of several credentials the last one counts.
    pub fn credentials(mut self, provider: impl CredentialsProvider) -> Self {
        self.credential = Some(CredentialSetting::Provider(Box::new(provider)));
        self
    }

    /// Another server than `https://neo.api.projectdiscovery.io`.
    ///
    /// The URL is `https`, or `http` on a loopback host; it may have a path, which comes before that of each request, and
    /// no user info, query or fragment. A trailing slash makes no difference.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.base_url = Some(url.as_ref().to_owned());
        self
    }

    /// Permits a base URL with `http` to a host that is not loopback: everyone on the way can read the credentials.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allow_insecure_http = true;
        self
    }

    /// How long a call may take in all, with every attempt and the waits between them; 90 seconds unless set. See
    /// [`CallOptions::timeout`].
    pub fn timeout(self, limit: Duration) -> Self {
        self.options(|options| options.timeout(limit))
    }

    /// How long one attempt may take; 30 seconds unless set. See [`CallOptions::attempt_timeout`].
    pub fn attempt_timeout(self, limit: Duration) -> Self {
        self.options(|options| options.attempt_timeout(limit))
    }

    /// How long making a connection may take; 10 seconds unless set. See [`CallOptions::connect_timeout`].
    pub fn connect_timeout(self, limit: Duration) -> Self {
        self.options(|options| options.connect_timeout(limit))
    }

    /// How often and after which waits a request that failed is sent again; [`RetryPolicy::default`] unless set.
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        self.options(|options| options.retry_policy(policy))
    }

    /// The most bytes of a reply that are read into memory; 32 MiB unless set. See [`CallOptions::response_limit`].
    pub fn response_limit(self, bytes: usize) -> Self {
        self.options(|options| options.response_limit(bytes))
    }

    /// What comes after `neo-client/<version>` in `User-Agent`, by convention `name/version` of the calling program.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// An HTTP client of the caller's own, for another TLS library, a proxy or a certificate.
    ///
    /// **Build it with `redirect::Policy::none()`**: this crate follows redirects itself, within the origin of the base
    /// URL. reqwest's default policy carries `X-Api-Key` to any host that a redirect names; a call in which it followed
    /// one is an error, but then the key may have been sent already. The client's own time limits apply in addition, to
    /// streaming replies too.
    ///
    /// ```
    /// use neo_client::reqwest::redirect::Policy;
    ///
    /// let http = neo_client::reqwest::Client::builder().redirect(Policy::none()).build()?;
    /// let neo = neo_client::Client::builder().http_client(http).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Checks the settings and makes the client. It opens no connection.
    ///
    /// # Errors
    /// The first setting that is wrong, and why, without its value.
    pub fn build(self) -> Result<Client, Error> {
        let credentials = match self.credential {
            None => CredentialSource::None,
            Some(CredentialSetting::Fixed(credential)) => {
                CredentialSource::Fixed(Arc::new(credential?))
            }
            Some(CredentialSetting::Provider(provider)) => {
                CredentialSource::Provider(TokenCache::new(provider))
            }
        };
        let base_url = self.base_url.as_deref().unwrap_or(PRODUCTION);
        let base = BaseUrl::parse(base_url, self.allow_insecure_http)?;
        for (name, limit) in [
            ("timeout", self.options.timeout),
            ("attempt timeout", self.options.attempt_timeout),
            ("connect timeout", self.options.connect_timeout),
        ] {
            if limit.is_zero() {
                let why = format!("the {name} must be longer than zero");
                return Err(Error::configuration(why));
            }
        }
        let settings = Settings {
            credentials,
            retry_budget: RetryBudget::new(),
            user_agent: user_agent(self.user_agent_suffix.as_deref())?,
            http: match self.http_client {
                Some(client) => client,
                None => http_client(&base)?,
            },
            base,
        };
        Ok(Client::new(settings, self.options))
    }

    /// Settings from variables; see [`Client::from_env`].
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
            builder.fixed(Credential::api_key(key).map_err(|it| it.in_setting("NEO_API_KEY")))
        } else if let Some(token) = variable("NEO_BEARER_TOKEN")? {
            let credential = Credential::bearer_token(token);
            builder.fixed(credential.map_err(|it| it.in_setting("NEO_BEARER_TOKEN")))
        } else {
            return Err(Error::configuration(
                "no credential: set `NEO_API_KEY` to an API key, or `NEO_BEARER_TOKEN` to a bearer token",
            ));
        };
        Ok(match variable("NEO_BASE_URL")? {
            None => builder,
            Some(url) => {
                BaseUrl::parse(&url, false).map_err(|it| it.in_setting("NEO_BASE_URL"))?;
                builder.base_url(url)
            }
        })
    }

    fn options(mut self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        self.options = change(self.options);
        self
    }

    fn fixed(mut self, credential: Result<Credential, Error>) -> Self {
        self.credential = Some(CredentialSetting::Fixed(credential));
        self
    }
}

fn user_agent(suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(suffix) = suffix else {
        return Ok(HeaderValue::from_static(USER_AGENT));
    };
    let is_legal = |it: char| it == ' ' || it.is_ascii_graphic();
    let value = HeaderValue::from_str(&format!("{USER_AGENT} {suffix}"));
    match value {
        Ok(value) if suffix.chars().all(is_legal) => Ok(value),
        _ => Err(Error::configuration(
            "the user agent suffix may hold visible ASCII characters and spaces only",
        )),
    }
}

/// The HTTP client that is used unless the caller gives one.
fn http_client(base: &BaseUrl) -> Result<reqwest::Client, Error> {
    if cfg!(not(feature = "rustls")) && base.is_https() {
        return Err(Error::configuration(
            "an https base URL needs TLS: enable the feature `rustls` of neo-client, or give `http_client` a client with TLS",
        ));
    }
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Another crate may have switched these on. This one decodes by itself, see `content_coding.rs`.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connector_layer(ConnectLimit);
    #[cfg(feature = "rustls")]
    if !base.is_https() {
        // No TLS is ever spoken: what verifies certificates need not be set up, which takes longer than a call.
        builder = builder.tls_certs_only([]);
    }
    if base.is_loopback() {
        // http is allowed here because nothing leaves the machine: see to it that neither a proxy of the environment nor
        // a name server changes that.
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
        let credential = match &self.credential {
            None => "none",
            Some(CredentialSetting::Fixed(_)) => "[redacted]",
            Some(CredentialSetting::Provider(_)) => "provider",
        };
        // A base URL that is not checked yet may hold a password.
        let base_url = self.base_url.as_ref().map(|_| "[not checked yet]");
        f.debug_struct("ClientBuilder")
            .field("credential", &format_args!("{credential}"))
            .field(
                "base_url",
                &format_args!("{}", base_url.unwrap_or(PRODUCTION)),
            )
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
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
        assert!(shown(from(&[key]).unwrap()).contains(PRODUCTION));
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

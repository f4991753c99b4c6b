//! The client of the Neo API: newtypes over the runtime's client and its builder.

use std::time::Duration;

use neo_client_runtime as runtime;
use neo_client_runtime::{CallOptions, Error, Method, Request, RetryPolicy, reqwest};

/// A client of the Neo API.
///
/// Clones share one pool of connections and one credential; make one client and clone it. Calls run on tokio, with its
/// I/O and timers enabled.
///
/// ```no_run
/// # async fn show() -> Result<(), neo_client::Error> {
/// let neo = neo_client::Client::from_env()?;
/// let balance = neo.billing().get_credit_balance().await?;
/// println!("{} of {} credits left", balance.available_credits, balance.issued_credits);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client(pub(crate) runtime::Client);

impl Client {
    /// Returns a builder with the production base URL and no credentials.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns a request to a path that the OpenAPI document lacks, with the same credentials, checks and errors as any
    /// operation.
    ///
    /// `path` comes after the base URL, begins with one `/`, and has no query: use [`Request::query`]. An invalid path is
    /// reported when the request is sent.
    ///
    /// ```no_run
    /// # async fn show(neo: neo_client::Client) -> Result<(), neo_client::Error> {
    /// use neo_client::{Method, serde_json::{Value, json}};
    ///
    /// let found: Value = neo
    ///     .request(Method::POST, "/api/v1/knowledge/search")
    ///     .json(&json!({"query": "rotating keys"}))
    ///     .send_as()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> Request {
        self.0.request(method, path)
    }

    /// Returns this client with other timeouts, retries or limits, for one call or many.
    ///
    /// Both clients share connections, credentials and the retry budget.
    ///
    /// ```no_run
    /// # async fn show(neo: neo_client::Client) -> Result<(), neo_client::Error> {
    /// use std::time::Duration;
    ///
    /// let hasty = neo.with(|call| call.retries(0).timeout(Duration::from_secs(2)));
    /// let balance = hasty.billing().get_credit_balance().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "this client stays as it is"]
    pub fn with(&self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        Self(self.0.with(change))
    }
}

/// Settings of a [`Client`]. Nothing is checked before [`build`](ClientBuilder::build), which reports the first error.
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
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder(pub(crate) runtime::ClientBuilder);

impl Default for ClientBuilder {
    fn default() -> Self {
        let hint = "set `NEO_API_KEY` or `NEO_BEARER_TOKEN` and use `Client::from_env`, or ";
        Self(runtime::Client::builder(&crate::API).credential_hint(hint))
    }
}

impl ClientBuilder {
    /// Another server than `https://neo.api.projectdiscovery.io`.
    ///
    /// The URL is `https`, or `http` on a loopback host; it may have a path, which comes before that of each request, and
    /// no user info, query or fragment. A trailing slash makes no difference.
    pub fn base_url(self, url: impl AsRef<str>) -> Self {
        Self(self.0.base_url(url))
    }

    /// Permits a base URL with `http` to a host that is not loopback: everyone on the way can read the credentials.
    pub fn allow_insecure_http(self) -> Self {
        Self(self.0.allow_insecure_http())
    }

    /// How long a call may take in all, with every attempt and the waits between them; 90 seconds unless set. See
    /// [`CallOptions::timeout`].
    pub fn timeout(self, limit: Duration) -> Self {
        Self(self.0.timeout(limit))
    }

    /// How long one attempt may take; 30 seconds unless set. See [`CallOptions::attempt_timeout`].
    pub fn attempt_timeout(self, limit: Duration) -> Self {
        Self(self.0.attempt_timeout(limit))
    }

    /// How long making a connection may take; 10 seconds unless set. See [`CallOptions::connect_timeout`].
    pub fn connect_timeout(self, limit: Duration) -> Self {
        Self(self.0.connect_timeout(limit))
    }

    /// How often and after which waits a request that failed is sent again; [`RetryPolicy::default`] unless set.
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        Self(self.0.retry_policy(policy))
    }

    /// The most bytes of a reply that are read into memory; 32 MiB unless set. See [`CallOptions::response_limit`].
    pub fn response_limit(self, bytes: usize) -> Self {
        Self(self.0.response_limit(bytes))
    }

    /// What comes after `neo-client/<version>` in `User-Agent`, by convention `name/version` of the calling program.
    pub fn user_agent_suffix(self, suffix: impl Into<String>) -> Self {
        Self(self.0.user_agent_suffix(suffix))
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
    pub fn http_client(self, client: reqwest::Client) -> Self {
        Self(self.0.http_client(client))
    }

    /// Checks the settings and makes the client. It opens no connection.
    ///
    /// # Errors
    /// The first setting that is wrong, and why, without its value.
    pub fn build(self) -> Result<Client, Error> {
        self.0.build().map(Client)
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn client_is_send_and_small() {
        fn everywhere<T: Clone + Send + Sync + 'static>() {}
        everywhere::<Client>();
        assert_eq!(size_of::<Client>(), 2 * size_of::<usize>());
    }
}

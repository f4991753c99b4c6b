//! The client of the Neo API: newtypes over the client and the builder of the runtime.

use std::time::Duration;

use neo_client_runtime as runtime;
use neo_client_runtime::{CallOptions, Error, Method, RawRequest, RetryPolicy, reqwest};

/// A client of the Neo API.
///
/// Clones share one connection pool and the credentials. Build one client and clone it. Calls need
/// a tokio runtime with I/O and timers enabled.
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

    /// Starts a request to a path that the OpenAPI document lacks. The request has the same
    /// credentials, checks and errors as any operation.
    ///
    /// `path` is relative to the base URL, begins with one `/`, and has no query; use
    /// [`RawRequest::query`]. An invalid path is reported when the request is sent.
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
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> RawRequest {
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
    /// let hasty = neo.with_options(|call| call.retries(0).timeout(Duration::from_secs(2)));
    /// let balance = hasty.billing().get_credit_balance().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "this client stays as it is"]
    pub fn with_options(&self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        Self(self.0.with_options(change))
    }
}

/// Builds a [`Client`]. [`build`](ClientBuilder::build) validates the settings and reports the
/// first error.
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
        Self(runtime::Client::builder(&crate::API))
    }
}

impl ClientBuilder {
    /// Sets a server other than `https://neo.api.projectdiscovery.io`.
    ///
    /// The URL is `https`, or `http` on a loopback host. It may have a path, which is prepended to
    /// the path of each request, and must have no user info, query or fragment. A trailing slash
    /// makes no difference.
    pub fn base_url(self, url: impl AsRef<str>) -> Self {
        Self(self.0.base_url(url))
    }

    /// Allows a base URL with `http` to a host that is not loopback. Everyone on the network path
    /// can then read the credentials.
    pub fn allow_insecure_http(self) -> Self {
        Self(self.0.allow_insecure_http())
    }

    /// Limits the duration of a call, including all attempts and the waits between them. The
    /// default is 90 seconds. See [`CallOptions::timeout`].
    pub fn timeout(self, limit: Duration) -> Self {
        Self(self.0.timeout(limit))
    }

    /// Limits the duration of one attempt. The default is 30 seconds. See
    /// [`CallOptions::attempt_timeout`].
    pub fn attempt_timeout(self, limit: Duration) -> Self {
        Self(self.0.attempt_timeout(limit))
    }

    /// Sets how long making a connection may take, with TLS; 10 seconds by default.
    pub fn connect_timeout(self, limit: Duration) -> Self {
        Self(self.0.connect_timeout(limit))
    }

    /// Sets how often and after which waits a failed request is retried. The default is
    /// [`RetryPolicy::default`].
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        Self(self.0.retry_policy(policy))
    }

    /// Limits the number of bytes of a response that are read into memory. The default is 32 MiB.
    /// See [`CallOptions::response_limit`].
    pub fn response_limit(self, bytes: usize) -> Self {
        Self(self.0.response_limit(bytes))
    }

    /// Appends text to the `User-Agent` header, by convention `name/version` of the calling
    /// program.
    pub fn user_agent_suffix(self, suffix: impl Into<String>) -> Self {
        Self(self.0.user_agent_suffix(suffix))
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
    /// use neo_client::reqwest::redirect::Policy;
    ///
    /// let http = neo_client::reqwest::Client::builder().redirect(Policy::none()).build()?;
    /// let neo = neo_client::Client::builder().http_client(http).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http_client(self, client: reqwest::Client) -> Self {
        Self(self.0.http_client(client))
    }

    /// Validates the settings and builds the client. Opens no connection.
    ///
    /// # Errors
    /// Returns an error for the first invalid setting. The error says why and does not show the
    /// value.
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

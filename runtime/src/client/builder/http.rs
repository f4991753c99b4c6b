//! Setters of the HTTP client: its settings, a client or a transport of the caller, and the number
//! of requests in flight.

use std::sync::Arc;
use std::time::Duration;

use super::ClientBuilder;
use crate::client::transport::{HttpService, Transport};

impl ClientBuilder {
    /// Sets how long making a connection may take, with TLS; 10 seconds by default.
    ///
    /// A client set by [`http_client`](ClientBuilder::http_client) keeps its own connect timeout.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
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
    /// # use neo_client_runtime::reqwest::Proxy;
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
    ///   [`Error::attempts`](crate::Error::attempts) does not count, unless the client is built
    ///   with `retry(reqwest::retry::never())`.
    /// - **Dead HTTP/2 connections.** They are not replaced after a timeout. Set
    ///   `http2_keep_alive_interval`.
    /// - **Timeouts.** Those of your client apply in addition, also to streaming responses.
    ///
    /// ```
    /// # use neo_client_runtime::reqwest::{self, redirect::Policy};
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
    /// Sends requests through a service of your own, beneath credentials, retries and redirects:
    /// tower layers around the HTTP client, or a fake in a test.
    ///
    /// `wrap` receives the HTTP client of this client, with all settings and guards, as a service.
    /// The service that it returns receives each request as it goes out, with credentials and
    /// headers, once for each attempt and each redirect; see [`Transport`]. A later call replaces
    /// `wrap`.
    ///
    /// ```
    /// # static API: neo_client_runtime::Api =
    /// #     neo_client_runtime::Api::new("pets", "Pets", "1").default_server("https://pets.example");
    /// use std::time::Duration;
    ///
    /// use tower::ServiceBuilder;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), neo_client_runtime::Error> {
    /// let client = neo_client_runtime::Client::builder(&API)
    ///     .transport(|http| {
    ///         ServiceBuilder::new()
    ///             .rate_limit(10, Duration::from_secs(1))
    ///             .service(http)
    ///     })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport<T: Transport>(
        mut self,
        wrap: impl FnOnce(HttpService) -> T + Send + 'static,
    ) -> Self {
        self.transport = Some(Box::new(move |http| Box::new(wrap(http))));
        self
    }
}

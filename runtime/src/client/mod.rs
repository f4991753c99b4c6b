//! The client, which is cheap to clone and is used for all calls.

mod api;
pub(crate) mod base_url;
pub(crate) mod builder;
pub(crate) mod call_options;
pub(crate) mod extras;
pub(crate) mod http_client;
pub(crate) mod known_proxy;
pub(crate) mod known_urls;
pub(crate) mod proxy_refusal;
pub(crate) mod request_limit;
pub(crate) mod reserved_header;
pub(crate) mod retry_budget;
pub(crate) mod retry_policy;
mod servers;
pub(crate) mod tls;
pub(crate) mod transport;

use std::fmt;
use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderValue};

use crate::auth::source::CredentialSource;
use crate::error::Error;
use crate::error::api_error::redacted;
use crate::operation::Operation;
use base_url::BaseUrl;
use http_client::HttpClient;
use known_urls::KnownUrls;
use request_limit::RequestLimit;
use retry_budget::RetryBucket;
use transport::TransportSlot;

pub use api::Api;
pub use builder::ClientBuilder;
pub use call_options::CallOptions;
pub use retry_budget::RetryBudget;
pub use retry_policy::RetryPolicy;
pub use transport::{HttpService, Transport};

/// A client of an API.
///
/// Clones share one connection pool and the credentials. Build one client and clone it. Calls need
/// a tokio runtime with I/O and timers enabled. One client may be used in several runtimes; each
/// has connections of its own.
///
/// A program without async code calls a client as follows:
///
/// ```
/// # static API: neo_client_runtime::Api =
/// #     neo_client_runtime::Api::new("pets", "Pets", "1").default_server("http://localhost:1");
/// # let client = neo_client_runtime::Client::builder(&API).build()?;
/// # use neo_client_runtime::Method;
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// let response = runtime.block_on(client.request(Method::GET, "/v1/pets").send());
/// # response.unwrap_err();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Settings>,
    options: Arc<CallOptions>,
}

/// The validated settings of [`ClientBuilder::build`].
pub(crate) struct Settings {
    pub(crate) api: &'static Api,
    pub(crate) base: BaseUrl,
    pub(crate) http: Arc<HttpClient>,
    /// The service that sends requests in place of the HTTP client.
    pub(crate) transport: Option<TransportSlot>,
    /// `None` if the number of requests in flight has no limit.
    pub(crate) requests: Option<RequestLimit>,
    /// The servers that operations have of their own, by the URL in the document.
    pub(crate) servers: Vec<(&'static str, Result<BaseUrl, String>)>,
    pub(crate) credentials: Vec<CredentialSource>,
    pub(crate) retry_budget: RetryBucket,
    pub(crate) user_agent: HeaderValue,
    pub(crate) known_urls: KnownUrls,
}

impl Settings {
    /// Returns whether the client calls this origin: that of its base URL, or of the server of an
    /// operation.
    pub(crate) fn is_origin_of(&self, url: &reqwest::Url) -> bool {
        let mut servers = self
            .servers
            .iter()
            .filter_map(|(_, server)| server.as_ref().ok());
        self.base.is_origin_of(url) || servers.any(|server| server.is_origin_of(url))
    }
}

impl Client {
    /// Returns a client with other timeouts, retries or limits, or with headers, query pairs or
    /// body properties that the OpenAPI document lacks. Connections, credentials and the retry
    /// budget are shared with this client. The cost is that of a clone.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # fn show(client: neo_client_runtime::Client) {
    /// let hasty = client.with_options(|call| call.retries(0).timeout(Duration::from_secs(2)));
    /// # }
    /// ```
    #[must_use = "this client stays as it is"]
    pub fn with_options(&self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            options: Arc::new(change(CallOptions::clone(&self.options))),
        }
    }

    pub(crate) fn new(settings: Settings, options: CallOptions) -> Self {
        Self {
            inner: Arc::new(settings),
            options: Arc::new(options),
        }
    }

    pub(crate) fn options(&self) -> &Arc<CallOptions> {
        &self.options
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner
    }

    /// Adds the headers of a response to an error, without echoes of the last credentials.
    pub(crate) fn answered(&self, error: Error, headers: &HeaderMap) -> Error {
        let mut credentials = Vec::new();
        for source in &self.inner.credentials {
            if let Some(credential) = source.last() {
                credentials.push(credential);
            }
        }
        let mut secrets = Vec::new();
        for credential in &credentials {
            credential.add_secrets(&mut secrets);
        }
        self.options.extras.add_secrets(&mut secrets);
        error.with_headers(redacted(headers, &secrets))
    }

    /// Returns the API that the client was built for.
    pub fn api(&self) -> &'static Api {
        self.inner.api
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.inner.base
    }

    /// Returns the base URL of an operation.
    pub(crate) fn base_of(&self, operation: &'static Operation) -> Result<&BaseUrl, Error> {
        let Some(server) = operation.server else {
            return Ok(self.base());
        };
        let resolved = self
            .inner
            .servers
            .iter()
            .find(|(url, _)| *url == server.url);
        match resolved {
            Some((_, Ok(base))) => Ok(base),
            Some((_, Err(why))) => Err(Error::invalid_request(operation, why)),
            None => Ok(self.base()),
        }
    }

    /// Returns an HTTP client to build requests with, and not to send them.
    pub(crate) fn http(&self) -> &reqwest::Client {
        self.inner.http.requests()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base().as_str())
            .field("credentials", &self.inner.credentials)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn client_is_send_sync_and_cheap_to_clone() {
        fn everywhere<T: Clone + Send + Sync + 'static>() {}
        everywhere::<Client>();
        assert_eq!(size_of::<Client>(), 2 * size_of::<usize>());
    }
}

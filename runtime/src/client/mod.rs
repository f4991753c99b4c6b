//! The client: cheap to clone, and the same for all calls.

use std::fmt;
use std::sync::Arc;

use reqwest::Method;
use reqwest::header::HeaderValue;

use crate::base_url::BaseUrl;
use crate::builder::ClientBuilder;
use crate::credentials::CredentialSource;
use crate::error::Error;
use crate::options::CallOptions;
use crate::request::Request;
use crate::retry::RetryBudget;

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
#[derive(Clone)]
pub struct Client {
    inner: Arc<Settings>,
    options: Arc<CallOptions>,
}

/// What [`ClientBuilder::build`] has checked.
pub(crate) struct Settings {
    pub(crate) base: BaseUrl,
    pub(crate) http: reqwest::Client,
    pub(crate) credentials: CredentialSource,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) user_agent: HeaderValue,
}

impl Client {
    /// Everything that can be set, production and no credential to begin with.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client from the environment:
    ///
    /// | variable | |
    /// |---|---|
    /// | `NEO_API_KEY` | an API key, sent as `X-Api-Key` |
    /// | `NEO_BEARER_TOKEN` | a bearer token, sent as `Authorization: Bearer`; read only when `NEO_API_KEY` is not set |
    /// | `NEO_BASE_URL` | another server than production; may be unset |
    ///
    /// # Errors
    /// When neither credential is set, or a variable is empty or not valid. The error names the variable.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_lookup(|name| std::env::var_os(name))?.build()
    }

    /// A request to a path that the document lacks, with the same credentials, checks and errors as any operation.
    ///
    /// `path` comes after the base URL, begins with one `/`, and has no query: use [`Request::query`]. What is wrong with
    /// it is said when the request is sent.
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
        Request::new(self.clone(), method, path.as_ref())
    }

    /// This client with other time limits, repetitions or ceilings, for one call or many. Everything else is shared with
    /// this client: connections, credentials, the retry budget. It costs no more than a clone.
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

    /// The base URL without a trailing slash.
    pub(crate) fn base(&self) -> &str {
        self.inner.base.as_str()
    }

    /// The HTTP client, to build requests with.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base())
            .field("credentials", &self.inner.credentials)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn a_client_goes_everywhere_and_costs_nothing_to_clone() {
        fn everywhere<T: Clone + Send + Sync + 'static>() {}
        everywhere::<Client>();
        assert_eq!(size_of::<Client>(), 2 * size_of::<usize>());
    }
}

//! The `reqwest::Client` of a client: built with the guards of this crate, once for each tokio
//! runtime, and replaced when its connection is dead.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Version;
use tokio::runtime::{Handle, Id};

use crate::client::base_url::BaseUrl;
use crate::client::known_proxy::KnownProxy;
use crate::client::tls;
use crate::error::{Error, Unprocessed};

/// Changes the settings of the HTTP client.
pub(crate) type Change = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

/// How long an HTTP/2 connection with requests in flight may be silent before it is probed.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// How long the response to a probe may take before the connection counts as dead.
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// The time for which an idle connection is kept: shorter than servers keep theirs, which is 60
/// seconds (AWS) or 75 (nginx). A request that meets the end of its connection may not be safe to
/// retry.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(50);

/// The maximum number of runtimes for which connections are kept.
const MAX_RUNTIMES: usize = 8;

/// No response has come yet.
const UNKNOWN: u8 = 0;
const HTTP_1: u8 = 1;
const HTTP_2: u8 = 2;

/// The `reqwest::Client` that sends the requests of a client.
pub(crate) struct HttpClient {
    /// Builds requests. Sends none.
    requests: reqwest::Client,
    /// Builds another client with the same settings and no connections; `None` for a client of the
    /// caller.
    recipe: Option<Recipe>,
    /// The clients that send requests, the latest last. Never empty.
    ///
    /// A connection is driven by the runtime in which it was opened. In another runtime, it would
    /// stand still whenever its own does not run.
    current: Mutex<Vec<Current>>,
    /// The number of clients so far.
    generations: AtomicU64,
    /// The version of the last response: one of the constants.
    version: AtomicU8,
    /// The number of requests without a response.
    waiting: AtomicUsize,
    /// The number of responses so far.
    responses: AtomicUsize,
}

/// The client that sends requests of one runtime.
#[derive(Clone)]
pub(crate) struct Current {
    pub(crate) client: reqwest::Client,
    /// The number of clients before this one.
    pub(crate) generation: u64,
    /// `None` until the first request is sent.
    runtime: Option<Id>,
}

/// The settings of an HTTP client.
pub(crate) struct Recipe {
    pub(crate) base: BaseUrl,
    pub(crate) connect_timeout: Duration,
    pub(crate) changes: Vec<Arc<Change>>,
}

impl HttpClient {
    /// Builds the HTTP client that is used unless the caller provides one.
    ///
    /// # Errors
    /// Fails if the settings of the caller are invalid.
    pub(crate) fn build(recipe: Recipe) -> Result<Self, Error> {
        tls::check_provider()?;
        let client = recipe.build().map_err(|error| {
            Error::configuration("the HTTP client could not be set up: check the settings that `http` changes, and the certificates of the system").caused_by(error)
        })?;
        Ok(Self::new(client, Some(recipe)))
    }

    /// Takes the client of the caller.
    ///
    /// # Errors
    /// Fails if the client may send requests for this machine to a proxy.
    pub(crate) fn of_caller(client: reqwest::Client, base: &BaseUrl) -> Result<Self, Error> {
        if base.is_loopback() && !base.is_https() && may_use_proxy(&client, base) {
            return Err(Error::configuration(
                "the HTTP client may send requests for this machine to a proxy, which could read the credential: \
                 build it with `no_proxy()`, or use `ClientBuilder::http`",
            ));
        }
        Ok(Self::new(client, None))
    }

    fn new(client: reqwest::Client, recipe: Option<Recipe>) -> Self {
        let current = Current {
            client: client.clone(),
            generation: 0,
            runtime: None,
        };
        Self {
            requests: client,
            recipe,
            current: Mutex::new(vec![current]),
            generations: AtomicU64::new(1),
            version: AtomicU8::new(UNKNOWN),
            waiting: AtomicUsize::new(0),
            responses: AtomicUsize::new(0),
        }
    }

    /// Returns a client to build requests with.
    pub(crate) fn requests(&self) -> &reqwest::Client {
        &self.requests
    }

    /// Returns whether the caller provided the client.
    pub(crate) fn is_of_caller(&self) -> bool {
        self.recipe.is_none()
    }

    /// Returns the proxy for the base URL, if it is known.
    pub(crate) fn proxy(&self, base: &BaseUrl) -> Option<KnownProxy> {
        match &self.recipe {
            Some(_) if base.is_loopback() => None,
            Some(recipe) if recipe.changes.is_empty() => KnownProxy::of_environment(base),
            _ => KnownProxy::of_client(&self.requests, base),
        }
    }

    /// Checks that requests to servers on this machine go to no proxy.
    ///
    /// # Errors
    /// Fails if they may, and the base URL is on another machine, where the proxy is needed.
    pub(crate) fn check_servers(&self, servers: &[&BaseUrl]) -> Result<(), Error> {
        let is_guarded = |recipe: &Recipe| recipe.base.is_loopback();
        if self.recipe.as_ref().is_some_and(is_guarded) {
            return Ok(());
        }
        let is_exposed = |it: &&&BaseUrl| {
            it.is_loopback() && !it.is_https() && may_use_proxy(&self.requests, it)
        };
        match servers.iter().find(is_exposed) {
            None => Ok(()),
            Some(server) => Err(Error::configuration(format!(
                "requests to the server `{}` on this machine may go to a proxy, which could read the credential: \
                 add its host to the environment variable `NO_PROXY`",
                server.as_str()
            ))),
        }
    }

    /// Returns the connect timeout; `None` for a client of the caller.
    pub(crate) fn connect_timeout(&self) -> Option<Duration> {
        Some(self.recipe.as_ref()?.connect_timeout)
    }

    /// Returns the client to send a request with, in the runtime of the caller.
    pub(crate) fn current(&self) -> Current {
        let runtime = Handle::try_current().ok().map(|handle| handle.id());
        if let Some(current) = self.of_runtime(runtime) {
            return current;
        }
        // The same settings have been accepted before.
        let built = self.recipe.as_ref().and_then(|it| it.build().ok());
        let mut all = self.lock();
        let client = built.unwrap_or_else(|| self.requests.clone());
        let current = self.next_generation(client, runtime);
        if all.len() >= MAX_RUNTIMES {
            all.remove(0);
        }
        all.push(current.clone());
        current
    }

    /// Returns the client of a runtime. The first runtime takes the first client, and a client of
    /// the caller serves all runtimes.
    fn of_runtime(&self, runtime: Option<Id>) -> Option<Current> {
        let is_shared = self.recipe.is_none();
        let mut all = self.lock();
        let own = all
            .iter_mut()
            .find(|it| is_shared || it.runtime.is_none() || it.runtime == runtime)?;
        own.runtime = own.runtime.or(runtime);
        Some(own.clone())
    }

    fn next_generation(&self, client: reqwest::Client, runtime: Option<Id>) -> Current {
        Current {
            client,
            generation: self.generations.fetch_add(1, Ordering::Relaxed),
            runtime,
        }
    }

    /// Remembers the version of a response.
    pub(crate) fn saw(&self, version: Version) {
        let version = match version == Version::HTTP_2 {
            true => HTTP_2,
            false => HTTP_1,
        };
        self.version.store(version, Ordering::Relaxed);
        self.responses.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a request that waits for its response, until the value is dropped.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting {
            http: self,
            responses: self.responses.load(Ordering::Relaxed),
        }
    }

    /// Returns whether the last response came over HTTP/2.
    pub(crate) fn has_http2(&self) -> bool {
        self.version.load(Ordering::Relaxed) == HTTP_2
    }

    /// Makes later requests use new connections, after a request of `generation` had no response in
    /// time.
    ///
    /// All requests to a server share one HTTP/2 connection. If a load balancer or a firewall drops
    /// its packets, the connection stays in the pool, and each retry would wait on it again.
    /// Requests in flight keep their connection.
    pub(crate) fn renew(&self, generation: u64) {
        let Some(recipe) = &self.recipe else { return };
        // An HTTP/1 connection that is waited for in vain is closed.
        let has_http1 = self.version.load(Ordering::Relaxed) == HTTP_1;
        let is_current = || self.lock().iter().any(|it| it.generation == generation);
        if has_http1 || !is_current() {
            return;
        }
        // The same settings have been accepted before.
        let Ok(client) = recipe.build() else { return };
        let mut all = self.lock();
        if let Some(current) = all.iter_mut().find(|it| it.generation == generation) {
            *current = self.next_generation(client, current.runtime);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Current>> {
        // No code that holds the lock panics halfway through a change.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits for its response.
pub(crate) struct Waiting<'h> {
    http: &'h HttpClient,
    /// The number of responses before.
    responses: usize,
}

impl Waiting<'_> {
    /// Returns whether the server deals with other requests of the client.
    pub(crate) fn company(&self) -> Unprocessed {
        let has_others = self.http.waiting.load(Ordering::Relaxed) > 1;
        match has_others || self.http.responses.load(Ordering::Relaxed) != self.responses {
            true => Unprocessed::AmongOthers,
            false => Unprocessed::Alone,
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.http.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Recipe {
    /// The changes of the caller come between the defaults, which they may replace, and the
    /// guards, which they may not.
    fn build(&self) -> reqwest::Result<reqwest::Client> {
        let defaults = tls::choose(reqwest::Client::builder())
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .http2_keep_alive_interval(PING_INTERVAL)
            .http2_keep_alive_timeout(PING_TIMEOUT);
        let changed = self
            .changes
            .iter()
            .fold(defaults, |builder, change| change(builder));
        self.guard(changed).build()
    }

    fn guard(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        let mut builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // reqwest would repeat refused HTTP/2 requests without counting them. With a maximum
            // above zero, it would also copy each request.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            // Another crate may have enabled these features of reqwest. This crate decodes content
            // codings itself; see `content_coding.rs`.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(self.connect_timeout);
        if self.base.is_loopback() {
            // Plain http is allowed because nothing leaves the machine: neither a proxy nor a name
            // server may change that.
            let addresses = [
                SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
            ];
            builder = builder
                .no_proxy()
                .resolve_to_addrs(self.base.host(), &addresses);
            #[cfg(feature = "rustls-no-provider")]
            if !self.base.is_https() {
                // No TLS is spoken. Setting up certificate verification would take longer than a
                // call.
                builder = builder.tls_certs_only([]);
            }
        }
        builder
    }
}

/// Returns whether requests of `client` to the base URL may go to a proxy.
///
/// reqwest shows its proxies by `Debug` only. Returns `true` if the text is not understood.
fn may_use_proxy(client: &reqwest::Client, base: &BaseUrl) -> bool {
    let text = format!("{client:?}");
    if !text.contains("proxies") {
        return false;
    }
    let system = Matcher::from_system();
    let has_system_proxies_only = text.contains(&format!("proxies: [{system:?}]"));
    !has_system_proxies_only || base.proxy(&system).is_some()
}

//! A server on 127.0.0.1 that responds to every operation of the API, for tests of your own code
//! (feature `mock`).
//!
//! [`MockServer`] speaks HTTP/1.1. Each operation responds with a sample that its schema accepts
//! and that is the same in every run: the examples of the OpenAPI document, or else values
//! generated from the schema, including optional properties. A list that comes in pages has one
//! page. Inspect the requests of your code with [`MockServer::requests`], and script responses:
//!
//! | To have | Call |
//! |---|---|
//! | one reply from now on | [`respond`](MockServer::respond) |
//! | other replies from request to request, as of a task that goes through its states | [`respond_each`](MockServer::respond_each) |
//! | events with ids and names, at a pace | [`respond_events`](MockServer::respond_events) |
//! | a list in pages | [`respond_pages`](MockServer::respond_pages) |
//! | bytes of any media type | [`respond_bytes`](MockServer::respond_bytes) |
//! | a bad day: an error, HTML, silence, a reply that is late, cut or reset | [`fail_once`](MockServer::fail_once) |
//!
//! ```
//! use neo_client::mock::MockServer;
//! use neo_client::{Client, Error};
//! use serde_json::json;
//!
//! /// The code under test.
//! async fn has_credits(neo: &Client) -> Result<bool, Error> {
//!     Ok(neo.billing().get_credit_balance().await?.available_credits > 0.0)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::start().await?;
//! assert!(has_credits(&server.client()).await?); // the sample
//!
//! let empty = json!({ "issued_credits": 100.0, "used_credits": 100.0, "available_credits": 0.0 });
//! server.respond("billing.get_credit_balance", 200, &empty)?;
//! assert!(!has_credits(&server.client()).await?);
//!
//! let refusal = json!({ "error": "no credits left", "code": "insufficient_neo_credits" });
//! server.respond("billing.get_credit_balance", 402, &refusal)?;
//! assert!(has_credits(&server.client()).await.is_err());
//!
//! assert_eq!(server.requests().len(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! # What it replies
//!
//! | Request | Reply |
//! |---|---|
//! | a path that the document lacks | 404 |
//! | a known path with another method | 405 with `Allow` |
//! | no credentials where the operation asks for some | 401 |
//! | a body of more than 16 MiB | 413 |
//! | one for which there is a [`Fault`] | the fault |
//! | anything else | your reply, else the documented success |
//!
//! Errors have the error body of the API. Any credential that is not empty is accepted. The success
//! response is that of the lowest documented 2xx status (`2XX` counts as 200). If the document
//! lists several media types, `Accept` chooses, and JSON comes first: an operation that responds
//! with JSON or an event stream sends events only to requests that accept `text/event-stream`.
//! `HEAD` is served like `GET`.
//!
//! The server does not validate requests: a body or parameter that the API would reject still
//! receives the sample.
//!
//! # How good the samples are
//!
//! Samples satisfy their schemas, with these limits: `not`, `if`, `unevaluatedProperties`,
//! `$dynamicRef` and the names of `patternProperties` are ignored, and so is a `pattern` with
//! look-around or back-references. A recursive schema is cut at the first optional property or
//! array. Examples that their own schema rejects are not used.

use std::ops::Deref;

use neo_client_runtime::mock;

pub use neo_client_runtime::mock::{Fault, MockError, MockEvent, RecordedRequest};

use crate::Client;

/// The key of [`MockServer::client`]; no account has this key.
const API_KEY: &str = "neo_sk_mock0000mock0000mock0000mock0000";

/// A server on 127.0.0.1 that responds to every operation of the API; see the [module](self) for
/// the responses.
///
/// The server runs on a thread of its own until it is dropped. When the drop returns, the port is
/// free again. Servers are independent of each other, and many tests can share one server.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = neo_client::mock::MockServer::start().await?;
/// assert!(server.base_url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MockServer {
    server: mock::MockServer,
    client: Client,
}

impl MockServer {
    /// Starts a server on a free port.
    ///
    /// # Errors
    ///
    /// [`MockError::Start`] if no port or thread is available, [`MockError::Client`] if a client
    /// could not be built.
    pub async fn start() -> Result<Self, MockError> {
        let document = include_str!("../openapi.json");
        let server = mock::MockServer::start(&crate::API, document).await?;
        let client = Client::builder()
            .api_key(API_KEY)
            .base_url(server.base_url())
            .build()
            .map_err(MockError::Client)?;
        Ok(Self { server, client })
    }

    /// Returns a client for this server, with credentials for the mock. The client does not keep
    /// the server alive.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }
}

impl Deref for MockServer {
    type Target = mock::MockServer;

    fn deref(&self) -> &Self::Target {
        &self.server
    }
}

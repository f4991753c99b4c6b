//! A server on 127.0.0.1 that answers every operation of the API, for tests of your own code
//! (feature `mock`).
//!
//! [`MockServer`] speaks real HTTP/1.1 and knows the API from the OpenAPI document that this crate
//! was built from. Each operation replies with a sample that its schema accepts and that is the
//! same each time: the document's examples where it has some, else values made from the schema,
//! optional properties included; a list that comes in pages has one. Look at what your code sent with [`MockServer::requests`], and put
//! your own reply in the place of the sample:
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
//! The errors have the body of the API's own (`ErrorResponse`). Any credential is good that is not
//! empty. The success is that of the lowest documented 2xx status (`2XX` stands for 200); where the
//! document has several media types, `Accept` chooses, and JSON comes first: creating a task
//! replies with its events to a request that accepts `text/event-stream`, and with the JSON
//! acknowledgement to any other. `HEAD` is answered like `GET`.
//!
//! The server does not look into requests: a body or parameter that the API would refuse gets the
//! sample all the same.
//!
//! # How good the samples are
//!
//! They satisfy their schemas, with these limits: `not`, `if`, `unevaluatedProperties`,
//! `$dynamicRef` and the names of `patternProperties` are not considered, and a `pattern` with
//! look-around or back-references is passed over. A schema that refers to itself is cut at the
//! first optional property or array. An example of the document that its own schema does not accept
//! is not used.

mod body;
mod document;
mod events;
mod fault;
mod negotiation;
mod pages;
mod recorded;
mod routing;
mod sample;
mod security;
mod sequence;
mod server;

use std::{fmt, io};

use reqwest::StatusCode;
use serde::Serialize;

use crate::Client;
use document::Reply;
use server::{Running, Scripted};

pub use events::MockEvent;
pub use fault::Fault;
pub use recorded::RecordedRequest;

/// The key with which [`MockServer::client`] calls; no account has it.
const API_KEY: &str = "neo_sk_mock0000mock0000mock0000mock0000";

/// A server on 127.0.0.1 that answers every operation of the API; see the [module](self) for what
/// it replies.
///
/// It runs on a thread of its own until it is dropped; the drop returns when the port is free
/// again. Several servers do not know of each other, and one can be shared by many tests.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = neo_client::mock::MockServer::start().await?;
/// assert!(server.base_url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
pub struct MockServer {
    base_url: String,
    client: Client,
    running: Running,
}

impl MockServer {
    /// Starts a server on a free port.
    ///
    /// # Errors
    ///
    /// [`MockError::Start`] when the machine gives no port or thread, [`MockError::Client`] when a
    /// client could not be built.
    pub async fn start() -> Result<Self, MockError> {
        let running = Running::start().await.map_err(MockError::Start)?;
        let base_url = format!("http://{}", running.address);
        let client = Client::builder()
            .api_key(API_KEY)
            .base_url(&base_url)
            .build()
            .map_err(MockError::Client)?;
        Ok(Self {
            base_url,
            client,
            running,
        })
    }

    /// The base URL, such as `http://127.0.0.1:49152`, for a client of your own.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = neo_client::mock::MockServer::start().await?;
    /// let neo = neo_client::Client::builder()
    ///     .api_key("neo_sk_0123456789abcdef0123456789abcdef")
    ///     .base_url(server.base_url())
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A client that calls this server, with an API key made for it. It does not keep the server
    /// alive.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Lets an operation reply with `status` and `json` from now on, until the next call for it.
    ///
    /// `operation` is the document's `operationId` (`"get-v1-billing-credits"`) or the call in Rust
    /// (`"billing.get_credit_balance"`). Where two calls share one operation, as
    /// `tasks.create_task` and `tasks.create_task_stream` do, either name means both. The reply
    /// needs not follow the document. Requests without credentials still get 401.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = neo_client::mock::MockServer::start().await?;
    /// let outage = serde_json::json!({ "error": "down for maintenance" });
    /// server.respond("get-v1-billing-credits", 503, outage)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation,
    /// [`MockError::Status`] when `status` is not within 200 to 599, [`MockError::Json`] when
    /// `json` cannot be written as JSON.
    pub fn respond(
        &self,
        operation: &str,
        status: u16,
        json: impl Serialize,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        let status = self::status(status)?;
        let json = serde_json::to_value(json).map_err(MockError::Json)?;
        let reply = Scripted::Reply(Reply::json(status, &json));
        self.running.shared.override_reply(id, reply);
        Ok(())
    }

    /// Lets the next request of an operation fail. Called several times, the requests after it fail too, one by one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use neo_client::mock::{Fault, MockServer};
    ///
    /// let server = MockServer::start().await?;
    /// server.fail_once("billing.get_credit_balance", Fault::Status(503))?;
    /// server.fail_once("billing.get_credit_balance", Fault::Truncated)?;
    /// server.client().billing().get_credit_balance().await?; // the third attempt
    /// assert_eq!(server.requests().len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation, [`MockError::Status`] when the fault's
    /// status is not within 200 to 599, [`MockError::NotPaged`] when it is a fault of pages and the operation has none.
    pub fn fail_once(&self, operation: &str, fault: Fault) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        if let Some(status) = fault.impossible_status() {
            return Err(MockError::Status { status });
        }
        if fault == Fault::RepeatedCursor {
            self.pagination(id, operation)?;
        }
        self.running.shared.add_fault(id, fault);
        Ok(())
    }

    /// The requests that were answered so far, in the order in which they had come in whole.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.running.shared.requests()
    }

    /// The operation id that `name` is, or that the call of this name in Rust has.
    fn operation_id<'n>(&self, name: &'n str) -> Result<&'n str, MockError> {
        let call = || {
            let mut operations = crate::OPERATIONS.iter();
            operations.find(|it| it.name == name).map(|it| it.id)
        };
        let document = self.running.shared.document;
        document
            .endpoint(name)
            .map(|_| name)
            .or_else(call)
            .ok_or_else(|| MockError::UnknownOperation {
                name: name.to_owned(),
            })
    }
}

/// The status of a reply; 1xx are no final replies (RFC 9110 section 15.2).
fn status(status: u16) -> Result<StatusCode, MockError> {
    let is_final = (200..600).contains(&status);
    let code = StatusCode::from_u16(status).ok().filter(|_| is_final);
    code.ok_or(MockError::Status { status })
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// Why a [`MockServer`] did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// The server could not start to listen.
    #[error("the mock server could not start")]
    Start(#[source] io::Error),
    /// No client for the server could be built.
    #[error("a client for the mock server could not be built")]
    Client(#[source] crate::Error),
    /// The document has no operation of this name.
    #[error(
        "the document has no operation \"{name}\": give its operationId (\"get-v1-billing-credits\") \
         or its path in Rust (\"billing.get_credit_balance\"), as listed in neo_client::OPERATIONS"
    )]
    #[non_exhaustive]
    UnknownOperation {
        /// The name that was given.
        name: String,
    },
    /// The status is none that a server can reply with.
    #[error("{status} is no status of a reply: give one within 200 to 599")]
    #[non_exhaustive]
    Status {
        /// The number that was given.
        status: u16,
    },
    /// The operation does not give a list page by page.
    #[error("\"{name}\" is not paged: it has no methods `pages` and `items`")]
    #[non_exhaustive]
    NotPaged {
        /// The name that was given.
        name: String,
    },
    /// An item lacks the key by which pages of it are chosen.
    #[error("item {index} has no `{key}`, by which pages are chosen")]
    #[non_exhaustive]
    WithoutKey {
        /// The number of the item, from 0.
        index: usize,
        /// The JSON pointer to the key.
        key: &'static str,
    },
    /// The media type holds what no header can hold.
    #[error("the media type holds characters that no header can hold")]
    MediaType,
    /// The value cannot be written as JSON.
    #[error("the reply cannot be written as JSON")]
    Json(#[source] serde_json::Error),
}

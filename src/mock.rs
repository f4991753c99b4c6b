//! A server on 127.0.0.1 that responds to every operation of the API, for tests of your own code
//! (feature `mock`).
//!
//! [`MockServer`] speaks real HTTP/1.1. Each operation responds with a sample that its schema
//! accepts and that is the same each time. Tests replace the samples, let requests fail, and look
//! at the requests of the code under test:
//!
//! ```
//! use neo_client::mock::MockServer;
//! use neo_client::{Client, Error};
//! use neo_client::serde_json::json;
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
//! let error = json!({ "error": "no credits left", "code": "insufficient_neo_credits" });
//! server.respond("billing.get_credit_balance", 402, &error)?;
//! assert!(has_credits(&server.client()).await.is_err());
//!
//! assert_eq!(server.requests().len(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! The methods beside [`start`](MockServer::start) and [`client`](MockServer::client) are those of
//! [`runtime::mock::MockServer`](neo_client_runtime::mock::MockServer). Its
//! [module](neo_client_runtime::mock) says how the server responds to which request.
//!
//! # Responses that depend on the request
//!
//! [`respond_with`](neo_client_runtime::mock::MockServer::respond_with) makes a response for each
//! request, and [`respond_path`](neo_client_runtime::mock::MockServer::respond_path) adds a path
//! that the document lacks:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use neo_client::mock::{MockResponse, MockServer};
//! use neo_client::{Method, serde_json::{Value, json}};
//!
//! let server = MockServer::start().await?;
//! let neo = server.client();
//! server.respond_with("tasks.get_task_details", |request| match request.path_parameter("id") {
//!     Some("t-1") => MockResponse::json(200, json!({ "stream": { "streamStatus": "started" } })),
//!     _ => MockResponse::json(404, json!({ "error": "no such task", "code": "not_exists" })),
//! })?;
//! assert!(neo.tasks().get_task_details("t-1").await.is_ok());
//! assert!(neo.tasks().get_task_details("t-2").await.is_err());
//!
//! server.respond_path(Method::GET, "/api/v2/scans/{id}", 200, json!({ "progress": 0.5 }))?;
//! let scan: Value = neo.request(Method::GET, "/api/v2/scans/7").send_as().await?;
//! assert_eq!(scan["progress"], 0.5);
//! # Ok(())
//! # }
//! ```
//!
//! # Fakes without a server
//!
//! [`ClientBuilder::transport`](crate::ClientBuilder::transport) takes a fake in place of the HTTP
//! client: a test without a socket, which checks requests and makes responses.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), neo_client::Error> {
//! use neo_client::{BoxError, Client, reqwest};
//!
//! // `service_fn` is that of `tower` with its feature `util`.
//! let fake = tower::service_fn(|request: reqwest::Request| async move {
//!     assert_eq!(request.url().path(), "/api/v1/billing/credits");
//!     let balance = r#"{"issued_credits": 9, "used_credits": 2, "available_credits": 7}"#;
//!     Ok::<_, BoxError>(reqwest::Response::from(http::Response::new(balance)))
//! });
//! let neo = Client::builder().api_key("neo_sk_test").transport(move |_| fake).build()?;
//! assert_eq!(neo.billing().get_credit_balance().await?.available_credits, 7.0);
//! # Ok(())
//! # }
//! ```
//!
//! A unit test may also replace the code that calls. [`error`] and [`failure`] make the errors of
//! such a fake:
//!
//! ```
//! use neo_client::{ErrorCode, mock};
//!
//! let error = mock::error(402, "insufficient_neo_credits");
//! assert_eq!(ErrorCode::of(&error), Some(ErrorCode::InsufficientNeoCredits));
//! assert!(mock::failure(neo_client::ErrorKind::Timeout).is_timeout());
//! ```
//!
//! # Retries
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use neo_client::mock::{Fault, MockServer};
//!
//! let server = MockServer::start().await?;
//! server.fail_once("billing.get_credit_balance", Fault::Status(503))?;
//! server.fail_once("billing.get_credit_balance", Fault::Truncated)?;
//! server.client().billing().get_credit_balance().await?; // the third attempt
//! assert_eq!(server.requests().len(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! # Tasks
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use neo_client::{Outcome, mock::MockServer, serde_json::json, types::TaskCreateRequest};
//! use std::time::Duration;
//!
//! let server = MockServer::start().await?;
//! let states = ["started", "started", "completed"];
//! let responses = states.map(|state| (200, json!({ "stream": { "streamStatus": state } })));
//! server.respond_each("tasks.get_task_details", responses)?;
//!
//! let task = TaskCreateRequest::builder().task("scan example.com");
//! let brief = Duration::from_millis(1);
//! let run = server.client().tasks().run(task).poll_every(brief, brief).send().await?;
//! assert_eq!(run.outcome, Outcome::Succeeded);
//! # Ok(())
//! # }
//! ```
//!
//! # Event streams
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use neo_client::{TaskEvent, mock::MockServer, types::TaskCreateRequest};
//! use std::time::Duration;
//!
//! let server = MockServer::start().await?;
//! let call = r#"{"type": "tool-call", "payload": {"toolCallId": "c1"}}"#;
//! server.respond_events("tasks.create_task_stream", [call], Duration::from_millis(5))?;
//!
//! let task = TaskCreateRequest::builder().task("scan example.com");
//! let mut events = server.client().tasks().create_task_stream(task).await?;
//! while let Some(event) = events.next_event().await {
//!     assert_eq!(event?.data_as::<TaskEvent>()?.tool_call_id(), Some("c1"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Pages
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use neo_client::mock::{Fault, MockServer};
//! use neo_client::serde_json::json;
//!
//! let server = MockServer::start().await?;
//! let files = (0..5).map(|number| json!({ "key": format!("reports/{number}.pdf") }));
//! server.respond_pages("files.list_user_files", files, 2)?;
//!
//! let mut files = server.client().files().list_user_files().items();
//! let mut count = 0;
//! while let Some(file) = files.next_item().await {
//!     file?;
//!     count += 1;
//! }
//! assert_eq!((count, files.total(), server.requests().len()), (5, Some(5), 3));
//!
//! server.fail_once("files.list_user_files", Fault::RepeatedCursor)?;
//! let mut pages = server.client().files().list_user_files().pages();
//! assert!(pages.next_page().await.is_some_and(|page| page.is_ok()));
//! assert!(pages.next_page().await.is_some_and(|page| page.is_ok()));
//! assert!(pages.next_page().await.is_some_and(|page| page.is_err())); // not the third page
//! # Ok(())
//! # }
//! ```
//!
//! # Requests
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use neo_client::serde_json::Value;
//!
//! # let server = neo_client::mock::MockServer::start().await?;
//! # let neo = server.client();
//! let project = neo_client::types::ProjectCreateRequest::builder().name("Website");
//! neo.projects().create_project().body(project).await?;
//!
//! for request in server.requests() {
//!     assert_eq!(request.operation().map(|it| it.name), Some("projects.create_project"));
//!     assert_eq!(request.json::<Value>()?["name"], "Website");
//!     assert!(request.headers().contains_key("x-api-key"));
//! }
//! # Ok(())
//! # }
//! ```

use std::ops::Deref;

use neo_client_runtime::mock;

pub use neo_client_runtime::mock::{
    Fault, MockError, MockEvent, MockResponse, RecordedRequest, failure,
};

use crate::generated::MOCK_DATA;
use crate::{Client, Error};

/// The API key of [`MockServer::client`]. No account has this key.
const API_KEY: &str = "neo_sk_mock0000mock0000mock0000mock0000";

/// A server on 127.0.0.1 that responds to every operation of the API. See the [module](self) for
/// examples.
///
/// The server runs on a thread of its own until it is dropped. The drop returns when the port is
/// free again. Servers are independent of each other, and many tests can share one.
#[derive(Debug)]
pub struct MockServer {
    server: mock::MockServer,
    client: Client,
}

impl MockServer {
    /// Starts a server on a free port.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = neo_client::mock::MockServer::start().await?;
    /// assert!(server.base_url().starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`MockError::Start`] if the machine gives no port or thread.
    /// - [`MockError::Client`] if the client cannot be built.
    pub async fn start() -> Result<Self, MockError> {
        let server = mock::MockServer::start(&crate::API, MOCK_DATA).await?;
        let client = Client::builder()
            .api_key(API_KEY)
            .base_url(server.base_url())
            .build()
            .map_err(MockError::Client)?;
        Ok(Self { server, client })
    }

    /// Returns a client that calls this server with an API key of its own. The client does not keep
    /// the server alive.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }
}

/// Returns the error of a call to which the server responded with this status and code, for a fake
/// that replaces the code that calls.
///
/// ```
/// use neo_client::{Error, ErrorCode, mock};
///
/// /// The code under test.
/// fn explain(error: &Error) -> &'static str {
///     match ErrorCode::of(error) {
///         Some(ErrorCode::Forbidden) => "ask an admin",
///         _ if error.is_retryable() => "try again",
///         _ => "give up",
///     }
/// }
///
/// assert_eq!(explain(&mock::error(403, "forbidden")), "ask an admin");
/// assert_eq!(explain(&mock::error(503, "")), "try again");
/// assert_eq!(explain(&mock::error(400, "invalid_request")), "give up");
/// ```
#[must_use]
pub fn error(status: u16, code: &str) -> Error {
    mock::error(&crate::API, status, code)
}

impl Deref for MockServer {
    type Target = mock::MockServer;

    fn deref(&self) -> &Self::Target {
        &self.server
    }
}

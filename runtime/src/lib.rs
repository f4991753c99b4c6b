//! The HTTP runtime of API clients that
//! [neo-client-codegen](https://docs.rs/neo-client-codegen) generates from OpenAPI documents.
//!
//! Users of a generated crate do not depend on this crate: the generated crate re-exports its
//! types, so the examples hide their imports. The runtime knows HTTP and no vendor. A generated
//! crate describes its API as data ([`Api`]), and hands the description to [`Client::builder`].
//!
//! | subject | type |
//! |---|---|
//! | settings of a client, and of some of its calls | [`ClientBuilder`], [`CallOptions`], [`RetryPolicy`], [`RetryBudget`] |
//! | credentials that expire | [`CredentialsProvider`], [`Credential`] |
//! | layers beneath retries, and fakes | [`ClientBuilder::transport`], [`Transport`], [`HttpService`] |
//! | failures | [`Error`], [`ErrorKind`], [`ApiError`] |
//! | responses with status and headers | [`Response`] |
//! | event streams and downloads | [`EventStream`], [`ByteStream`] |
//! | lists that come in pages | [`Pages`], [`Items`] |
//! | long-running work | [`poll`] |
//! | uploads and forms | [`Part`], [`Form`], [`Body`] |
//! | paths that the OpenAPI document lacks | [`Client::request`] |
//! | webhooks | [`WebhookSecret`] |
//! | tests without a network | `mock` (feature `mock`) |
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls with aws-lc, and the platform's certificate store |
//! | `rustls-no-provider` | | TLS by rustls with the provider that the program installs |
//! | `native-tls` | | TLS by the platform's library |
//! | `chrono` | yes | dates and times |
//! | `uuid` | yes | UUIDs |
//! | `event-streams` | yes | event streams and JSON Lines |
//! | `poll` | yes | long-running work |
//! | `multipart` | yes | forms in requests, and bodies that are files or streams |
//! | `downloads` | yes | downloads to a file |
//! | `charset` | | responses in encodings beyond UTF-8, UTF-16 and windows-1252 |
//! | `gzip`, `brotli`, `zstd` | | compressed responses |
//! | `schemars` | | JSON Schema of types |
//! | `opentelemetry` | | trace context and metrics |
//! | `mock` | | a mock server |
//!
//! # Guarantees
//!
//! - A request is retried only if a retry is safe; see [`RetryPolicy`].
//! - Credentials are sent only to operations that ask for them and to paths of [`Client::request`]
//!   that the document lacks, and only to the origin of the base URL. Redirects to another origin
//!   are errors. `http` is accepted only for loopback hosts, unless
//!   [`ClientBuilder::allow_insecure_http`] is set.
//! - Neither errors nor `Debug` nor traces show a credential, even if the server echoes it.
//! - A response in memory is limited in size ([`CallOptions::response_limit`]), and every call is
//!   limited in time ([`CallOptions::timeout`]) until a streaming response begins.
//! - Unknown enum values, union variants and properties do not make a response fail to decode.
//!
//! # Tracing
//!
//! Each call is a [`tracing`](https://docs.rs/tracing) span named `call`, with an event of level
//! `DEBUG` for each attempt. Each attempt is a span named `attempt` within it, whose fields follow
//! OpenTelemetry's conventions for HTTP clients: `http.request.method`,
//! `http.request.resend_count`, `http.response.status_code`, `url.template`, `server.address`,
//! `server.port` and `error.type`. Both spans have the level `INFO`. Redirects belong to their
//! attempt. `api.name` of the call is the name of the generated crate. The fields contain no
//! header, query or body.
//!
//! A warning reports, once for each location, an enum value, a union variant or a property of a
//! response that this version does not know.
//!
//! All targets begin with `neo_client_runtime`: the filter `neo_client_runtime=debug` of
//! `tracing-subscriber` selects them.
//!
//! # OpenTelemetry
//!
//! With the feature `opentelemetry`, each request carries the W3C trace context of the current span
//! (`traceparent`, `tracestate`), and what the global propagator adds, such as baggage. The spans
//! are those of `tracing`: a program adds the layer of `tracing-opentelemetry`, which makes the
//! context of a span current. Its version must depend on the same version of `opentelemetry` as
//! this crate (0.33). A `traceparent` of the caller ([`CallOptions::header`]) takes precedence over
//! that of the span, whose `tracestate` is then not sent.
//!
//! The global meter provider, which is set before the first call, receives:
//!
//! | histogram | unit | of |
//! |---|---|---|
//! | `http.client.request.duration` | s | each attempt |
//! | `http.client.request.body.size` | By | each attempt with a body of known length |
//! | `http.client.response.body.size` | By | each response of known length |
//! | `api.client.call.duration` | s | each call, with its attempts and waits |
//! | `api.client.call.resends` | {request} | each call: the attempts after the first |
//!
//! The attributes are `http.request.method`, `server.address`, `server.port`, `url.template`,
//! `http.response.status_code` and `error.type`.
//!
//! # Without async
//!
//! A program without async blocks on a runtime of its own:
//!
//! ```no_run
//! # fn show(client: neo_client_runtime::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use neo_client_runtime::{Method, serde_json::Value};
//!
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let request = client.request(Method::GET, "/v1/cats");
//! let cats = runtime.block_on(request.send_as::<Value>())?;
//! # Ok(())
//! # }
//! ```
//!
//! A request of a generated crate becomes a future by `into_future()`, for `block_on`, `try_join!`
//! and `join_all`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod auth;
mod call;
mod client;
#[doc(hidden)]
pub mod codegen;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod invariants;
#[cfg(feature = "mock")]
pub mod mock;
#[doc(hidden)]
pub mod model;
mod operation;
#[doc(hidden)]
pub mod pages;
#[cfg(feature = "poll")]
pub mod poll;
#[cfg(feature = "event-streams")]
mod reconnect;
mod request;
mod response;
mod send;
mod text;

pub use auth::{
    Credential, CredentialsProvider, SecurityScheme, SecuritySchemeKind, WebhookError,
    WebhookSecret,
};
pub use client::{
    Api, CallOptions, Client, ClientBuilder, HttpService, RetryBudget, RetryPolicy, Transport,
};
pub use error::{ApiError, BoxError, Error, ErrorBody, ErrorKind};
pub use model::{ConversionError, Nullable, Scalar, UnknownJson, UnknownValue};
pub use operation::{
    Operation, PageStyle, Pagination, Parameter, ParameterLocation, RequestBody, Requirements,
    ResponseKind, Server, ServerVariable, ValueKind,
};
pub use pages::{Items, ItemsAs, Pages};
pub use request::RawRequest;
#[cfg(feature = "multipart")]
pub use request::{Form, Part};
#[cfg(feature = "downloads")]
pub use response::SaveToFile;
pub use response::{ByteStream, LostPart, Response};
#[cfg(feature = "event-streams")]
pub use response::{Event, EventStream, JsonLines, ResumeBy, StreamEnd};
pub use send::{PreparedRequest, SendAs};

// Crates whose types are part of this API. The re-exports let callers use the same versions without
// a dependency.
pub use bytes::{self, Bytes};
#[cfg(feature = "chrono")]
pub use chrono;
pub use reqwest::{self, Body, Method, StatusCode, header::HeaderMap};
pub use serde_json;
pub use tower_service;
#[cfg(feature = "uuid")]
pub use uuid;

// For macros.
#[doc(hidden)]
pub use serde;

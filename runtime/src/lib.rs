//! The HTTP runtime of API clients that
//! [neo-client-codegen](https://docs.rs/neo-client-codegen) generates from OpenAPI documents.
//!
//! Users of a generated crate do not depend on this crate: the generated crate re-exports its
//! types. The runtime knows HTTP and no vendor. A generated crate describes its API as data
//! ([`Api`]), and hands the description to [`Client::builder`].
//!
//! | subject | type |
//! |---|---|
//! | settings of a client, and of some of its calls | [`ClientBuilder`], [`CallOptions`], [`RetryPolicy`], [`RetryBudget`] |
//! | credentials that expire | [`CredentialsProvider`], [`Credential`] |
//! | failures | [`Error`], [`ErrorKind`], [`ApiError`] |
//! | responses with status and headers | [`Response`] |
//! | event streams and downloads | [`EventStream`], [`ByteStream`] |
//! | lists that come in pages | [`Pages`], [`Items`] |
//! | long-running work | [`poll`] |
//! | uploads and forms | [`Part`], [`Form`], [`Body`] |
//! | paths that the OpenAPI document lacks | [`Client::request`] |
//! | tests without a network | `mock` (feature `mock`) |
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
//! Each call is a [`tracing`](https://docs.rs/tracing) span named `call`, with the target
//! `neo_client_runtime` and an event for each attempt. The fields follow OpenTelemetry's
//! conventions for HTTP clients: `http.request.method`, `http.response.status_code`,
//! `url.template`, `server.address`, `server.port`, `error.type` and `http.request.resend_count`.
//! `api.name` is the name of the generated crate. The fields contain no header, query or body.

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
pub mod poll;
mod reconnect;
mod request;
mod response;
mod send;
mod text;

pub use auth::{
    Credential, CredentialsProvider, SecurityScheme, SecuritySchemeKind, WebhookError,
    WebhookSecret,
};
pub use client::{Api, CallOptions, Client, ClientBuilder, RetryBudget, RetryPolicy};
pub use error::{ApiError, BoxError, Error, ErrorBody, ErrorKind};
pub use model::{ConversionError, Nullable, UnknownJson, UnknownValue};
pub use operation::{
    Operation, PageStyle, Pagination, Parameter, ParameterLocation, RequestBody, Requirements,
    ResponseKind, Server, ServerVariable, ValueKind,
};
pub use pages::{Items, ItemsAs, Pages};
pub use request::{Form, Part, RawRequest};
pub use response::{
    ByteStream, Event, EventStream, JsonLines, Lost, Response, ResumeBy, SaveToFile, StreamEnd,
};

// Crates whose types are part of this API. The re-exports let callers use the same versions without
// a dependency.
pub use bytes::{self, Bytes};
pub use chrono;
pub use reqwest::{self, Body, Method, StatusCode, header::HeaderMap};
pub use serde_json;
pub use uuid;

// For macros.
#[doc(hidden)]
pub use serde;

#![doc = include_str!("../README.md")]

mod api_error;
mod base_url;
mod body;
mod builder;
mod byte_stream;
mod call;
mod charset;
mod client;
mod connect_limit;
mod content_coding;
mod credentials;
#[cfg(feature = "__decompress")]
mod decompress;
mod echo;
mod error;
mod error_kind;
mod event_stream;
mod excerpt;
mod failure;
mod generated;
mod idempotency;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod invariants;
mod lenient;
#[cfg(feature = "mock")]
pub mod mock;
mod open_enum;
mod operation;
mod options;
mod receive;
mod redirect;
mod reply;
mod request;
mod response;
mod retry;
mod retry_after;
mod retry_policy;
mod runtime;
mod save;
mod sends;
mod task_event;
mod token_cache;
mod transport;

// What of these generated code calls depends on the document.
#[allow(dead_code)]
mod decodes;
#[allow(dead_code)]
mod given;
#[allow(dead_code)]
mod long_running;
#[allow(dead_code)]
mod multipart;
#[allow(dead_code)]
mod pages;
#[allow(dead_code)]
mod parameter;
#[allow(dead_code)]
mod path;
#[allow(dead_code)]
mod style;
mod type_builder;
#[allow(dead_code)]
mod union;
#[allow(dead_code)]
mod urlencoded;

pub use api_error::{ApiError, ErrorCode};
pub use builder::ClientBuilder;
pub use byte_stream::ByteStream;
pub use client::Client;
pub use credentials::{Credential, CredentialsProvider};
pub use error::{BoxError, Error, ErrorKind};
pub use event_stream::{Event, EventStream, Resume};
pub use generated::{OPERATIONS, api, types};
pub use given::Nullable;
pub use long_running::{Finished, Outcome, Progress, Run};
pub use multipart::{Form, Part};
pub use open_enum::UnknownValue;
pub use operation::{Operation, Reply};
pub use options::CallOptions;
pub use pages::{Items, PageStyle, Pages, Pagination};
pub use request::Request;
pub use response::Response;
pub use retry_policy::RetryPolicy;
pub use save::Save;
pub use task_event::{TaskEvent, TaskEventKind};
pub use union::UnknownJson;

// Crates whose types are part of this API, so that a caller gets the same versions without naming them.
pub use bytes::{self, Bytes};
pub use chrono;
pub use reqwest::{self, Body, Method, StatusCode, header::HeaderMap};
pub use serde_json;
pub use uuid;

#![doc = include_str!("../README.md")]
//!
//! # Names in examples
//!
//! Examples on the pages of types name items of this crate without `neo_client::` in front. All of
//! them are in the root of the crate, or in its modules `api`, `mock`, `types`.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod credentials;
mod error_code;
mod generated;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "tasks")]
mod task_event;
#[cfg(feature = "tasks")]
mod tasks;
#[cfg(feature = "tasks")]
mod webhook;

pub use error_code::ErrorCode;
pub use generated::{API, Client, ClientBuilder, OPERATIONS, api, servers, types};
#[cfg(feature = "downloads")]
pub use neo_client_runtime::SaveToFile;
#[cfg(feature = "poll")]
pub use neo_client_runtime::poll::{
    Blocked, Finished, JobState, Outcome, Progress, Run, Signal, StatesOutcome,
};
pub use neo_client_runtime::{
    Api, ApiError, BoxError, ByteStream, CallOptions, ConversionError, Credential,
    CredentialsProvider, Error, ErrorBody, ErrorKind, HttpService, Items, ItemsAs, LostPart,
    Nullable, Operation, PageStyle, Pages, Pagination, Parameter, ParameterLocation,
    PreparedRequest, RawRequest, RequestBody, Response, ResponseKind, RetryBudget, RetryPolicy,
    Scalar, SendAs, Server, ServerVariable, Transport, UnknownJson, UnknownValue, ValueKind,
    WebhookError, WebhookSecret,
};
#[cfg(feature = "event-streams")]
pub use neo_client_runtime::{Event, EventStream, JsonLines, ResumeBy, StreamEnd};
#[cfg(feature = "multipart")]
pub use neo_client_runtime::{Form, Part};
#[cfg(feature = "tasks")]
pub use task_event::{TaskEvent, TaskEventKind};
#[cfg(feature = "tasks")]
pub use webhook::TaskCompleted;

// Crates whose types are part of this API. The re-exports let callers use the same versions without
// a dependency.
#[cfg(feature = "chrono")]
pub use neo_client_runtime::chrono;
#[cfg(feature = "uuid")]
pub use neo_client_runtime::uuid;
pub use neo_client_runtime::{
    Body, Bytes, HeaderMap, Method, StatusCode, bytes, reqwest, serde_json, tower_service,
};

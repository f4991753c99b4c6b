//! The runtime of API clients that `neo-client-codegen` generates: everything about HTTP, nothing about one API.

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

pub use auth::{Credential, CredentialsProvider};
pub use client::{Api, CallOptions, Client, ClientBuilder, RetryPolicy};
pub use error::{ApiError, BoxError, Error, ErrorBody, ErrorKind};
pub use model::{Nullable, UnknownJson, UnknownValue};
pub use operation::{Operation, PageStyle, Pagination, ResponseKind};
pub use pages::{Items, Pages};
pub use request::{Form, Part, Request};
pub use response::{ByteStream, Event, EventStream, Response, Resume, Save};

// Crates whose types are part of this API, so that a caller gets the same versions without naming them.
pub use bytes::{self, Bytes};
pub use chrono;
pub use reqwest::{self, Body, Method, StatusCode, header::HeaderMap};
pub use serde_json;
pub use uuid;

// For macros.
#[doc(hidden)]
pub use serde;

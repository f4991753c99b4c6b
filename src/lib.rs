#![doc = include_str!("../README.md")]

mod api_error;
mod base_url;
mod builder;
mod byte_stream;
mod call;
mod client;
mod credentials;
mod error;
mod error_kind;
mod excerpt;
mod generated;
mod given;
#[cfg(feature = "mock")]
pub mod mock;
mod null;
mod open_enum;
mod operation;
mod redirect;
mod reply;
mod request;
mod response;
mod retry_after;
mod runtime;
mod token_cache;
mod transport;

pub use api_error::{ApiError, ErrorCode};
pub use builder::ClientBuilder;
pub use byte_stream::ByteStream;
pub use client::Client;
pub use credentials::{Credential, CredentialsProvider};
pub use error::{BoxError, Error, ErrorKind};
pub use generated::{OPERATIONS, api, types};
pub use open_enum::UnknownValue;
pub use operation::{Operation, Reply};
pub use request::Request;
pub use response::Response;

// Crates whose types are part of this API, so that a caller gets the same versions without naming them.
pub use bytes::{self, Bytes};
pub use chrono;
pub use reqwest::{self, Method, StatusCode, header::HeaderMap};
pub use serde_json;
pub use uuid;

//! A response body as a stream of chunks.

use std::io;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;

/// The pieces of a body, decoded.
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Broken>> + Send + Sync>>;

/// Why a body ends before it is complete.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// More bytes than the limit came.
    #[error("the body is too large")]
    TooLarge,
    /// The HTTP library gave an error.
    #[error(transparent)]
    Wire(#[from] reqwest::Error),
    /// Nothing was read: the body has a coding that this build cannot decode.
    #[error("the content coding `{0}` is not known")]
    UnknownCoding(String),
    /// The body is whole, but not what its coding says.
    #[cfg_attr(not(feature = "__decompress"), expect(dead_code))]
    #[error(transparent)]
    Coding(io::Error),
}

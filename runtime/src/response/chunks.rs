//! A response body as a stream of chunks.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

/// The chunks of a body, decoded.
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Broken>> + Send + Sync>>;

/// The reason why a body ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// More bytes arrived than the limit allows.
    #[error("the body is too large")]
    TooLarge,
    /// The HTTP library reported an error.
    #[error(transparent)]
    Wire(#[from] reqwest::Error),
    /// The server reset the HTTP/2 stream before the end of the body.
    #[error("the server reset the HTTP/2 stream")]
    Reset,
    /// Nothing was read: this build cannot decode the content coding of the body.
    #[error("the content coding `{0}` is not known")]
    UnknownCoding(String),
    /// The body is complete but cannot be decoded.
    #[cfg_attr(not(feature = "__decompress"), expect(dead_code))]
    #[error(transparent)]
    Coding(io::Error),
}

/// Chunks that were read before, and the rest.
#[derive(Default)]
pub(crate) struct Preceded {
    pub(crate) first: VecDeque<Result<Bytes, Broken>>,
    /// `None` if all chunks were read.
    pub(crate) rest: Option<Chunks>,
}

impl Stream for Preceded {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match (self.first.pop_front(), &mut self.rest) {
            (Some(chunk), _) => Poll::Ready(Some(chunk)),
            (None, Some(rest)) => rest.as_mut().poll_next(context),
            (None, None) => Poll::Ready(None),
        }
    }
}

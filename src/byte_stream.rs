//! The body of a reply as it comes in.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;

use crate::body;
use crate::call::Call;
use crate::content_coding::{Chunks, decoded};
use crate::error::Error;

/// The body of a reply, piece by piece, as the network delivers it: a piece may begin or end anywhere.
///
/// It has no size limit and no time limit. Dropping it closes the connection. After an error it is at its end.
#[must_use = "the reply is read as the stream is polled"]
pub struct ByteStream {
    /// `None` at the end, so that the connection is given back even if the stream is kept.
    chunks: Option<Chunks>,
    status: StatusCode,
    call: Call,
}

impl ByteStream {
    pub(crate) fn new(response: reqwest::Response, call: Call) -> Result<Self, Error> {
        let status = response.status();
        match decoded(response, None) {
            Ok(chunks) => Ok(Self {
                status,
                chunks: Some(chunks),
                call,
            }),
            Err(coding) => Err(body::unknown_coding(&call, status, &coding)),
        }
    }

    /// The next piece; `None` at the end of the body. The same as polling it as a [`Stream`], without an import.
    ///
    /// # Errors
    /// When the connection breaks before the body is complete.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(chunks) = &mut self.chunks else {
            return Poll::Ready(None);
        };
        let next = ready!(chunks.as_mut().poll_next(context));
        if !matches!(next, Some(Ok(_))) {
            self.chunks = None;
        }
        Poll::Ready(next.map(|chunk| {
            chunk
                .map_err(|broken| body::incomplete(&self.call, self.status, broken))
                .inspect_err(|error| self.call.record(error))
        }))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

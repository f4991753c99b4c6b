//! The future of a call whose response is decoded as a type of the caller.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;
use serde::de::DeserializeOwned;

use super::raw_response::RawResponse;
use crate::error::Error;

/// The future of `send_as` of a generated request. It sends the request and decodes the response as
/// `T`.
///
/// The future is `Send` for every `T`. It does nothing unless it is awaited.
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct SendAs<'c, T> {
    // Boxed without `T`, which may borrow.
    response: BoxFuture<'c, Result<RawResponse, Error>>,
    decode: fn(RawResponse) -> Result<T, Error>,
}

impl<'c, T: DeserializeOwned> SendAs<'c, T> {
    pub(super) fn new(response: BoxFuture<'c, Result<RawResponse, Error>>) -> Self {
        Self {
            response,
            decode: RawResponse::decode_value,
        }
    }
}

impl<T> Future for SendAs<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let decode = self.decode;
        let response = self.response.as_mut().poll(context);
        response.map(|response| response.and_then(decode))
    }
}

impl<T> fmt::Debug for SendAs<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendAs").finish_non_exhaustive()
    }
}

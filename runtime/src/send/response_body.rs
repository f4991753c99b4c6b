//! The forms in which the body of a 2xx response is received.

use std::future::Future;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use crate::call::context::Call;
use crate::error::Error;
use crate::response::byte_stream::ByteStream;
use crate::response::read_body;
use crate::text::media_type::essence;

/// A form in which the body of a 2xx response is received: read completely, or handed on as it
/// arrives.
pub trait ResponseBody: Send + Sized + 'static {
    /// `true` if a content coding may be requested. A body that is handed on keeps its length, and
    /// events are not delayed.
    const ENCODABLE: bool;

    /// Receives the body of a 2xx response. Its headers were taken out of `response`.
    fn receive(
        call: &Call,
        response: reqwest::Response,
        headers: &HeaderMap,
    ) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl ResponseBody for Bytes {
    const ENCODABLE: bool = true;

    fn receive(
        call: &Call,
        response: reqwest::Response,
        headers: &HeaderMap,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        read_body::whole(call, response, headers)
    }
}

impl ResponseBody for ByteStream {
    const ENCODABLE: bool = false;

    async fn receive(
        call: &Call,
        response: reqwest::Response,
        headers: &HeaderMap,
    ) -> Result<Self, Error> {
        let bytes = ByteStream::decoded_if_possible(response, headers, call.clone())?;
        match is_json_unexpected(call, headers) {
            true => bytes.unless_failure().await,
            false => Ok(bytes),
        }
    }
}

/// Returns whether a response is JSON, which the document of its operation does not list.
fn is_json_unexpected(call: &Call, headers: &HeaderMap) -> bool {
    let accept = call.endpoint.operation().map(|operation| operation.accept);
    let is_listed = accept.is_none_or(|it| it.contains("json") || it.contains('*'));
    let essence = essence(headers);
    !is_listed && (essence.ends_with(b"/json") || essence.ends_with(b"+json"))
}

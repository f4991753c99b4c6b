//! The forms in which the body of a 2xx response is received.

use std::future::{Future, ready};

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;

use crate::call::context::Call;
use crate::error::{Error, ErrorKind};
use crate::operation::ResponseKind;
use crate::response::byte_stream::ByteStream;
use crate::response::event_stream::EventStream;
use crate::response::read_body;
use crate::text::one_line::showable;

/// A form in which the body of a 2xx response is received: read completely, or handed on as it
/// arrives.
pub trait ResponseBody: Send + Sized {
    /// `true` if a content coding may be requested. A body that is handed on keeps its length, and
    /// events are not delayed.
    const ENCODABLE: bool;

    /// Receives the body of a 2xx response.
    fn receive(
        call: &Call,
        response: reqwest::Response,
    ) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl ResponseBody for Bytes {
    const ENCODABLE: bool = true;

    fn receive(
        call: &Call,
        response: reqwest::Response,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        read_body::whole(call, response)
    }
}

impl ResponseBody for ByteStream {
    const ENCODABLE: bool = false;

    fn receive(
        call: &Call,
        response: reqwest::Response,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        ready(ByteStream::decoded_if_possible(response, call.clone()))
    }
}

impl ResponseBody for EventStream {
    const ENCODABLE: bool = false;

    fn receive(
        call: &Call,
        response: reqwest::Response,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        ready(match check_is_events(call, &response) {
            Ok(()) => EventStream::new(response, call),
            Err(error) => Err(error),
        })
    }
}

fn check_is_events(call: &Call, response: &reqwest::Response) -> Result<(), Error> {
    let status = response.status();
    let media_type = response
        .headers()
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(ResponseKind::EventStream.accept()) {
        return Ok(());
    }
    let what =
        format!("{status} with content type `{media_type}` where an event stream was expected");
    let what = showable(&what, &call.secrets());
    Err(call.error(ErrorKind::Decode, what).status_is(status))
}

//! Reads the body of a response into memory, up to a size limit and a deadline.

use std::future::poll_fn;
use std::task::{Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, timeout_at};

use crate::call::context::Call;
use crate::call::transport_error;
use crate::error::api_error::ERROR_BODY_LIMIT;
use crate::error::{Error, ErrorKind};
use crate::response::chunks::Broken;
use crate::response::content_coding::{decoded, feature_of};
use crate::text::one_line::showable;

/// The maximum time for reading the body of an error response, whose status is known already.
const ERROR_BODY_TIME: Duration = Duration::from_secs(2);

/// The outcome of reading a body.
enum End {
    Complete,
    OutOfTime,
    Broken(Broken),
}

/// Reads at most `limit` bytes of the body, counted on the wire and after decoding. Returns the
/// bytes that arrived even if the rest did not.
async fn read(
    response: reqwest::Response,
    headers: &HeaderMap,
    limit: usize,
    deadline: Instant,
) -> (Bytes, End) {
    let wire_limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let mut chunks = match decoded(response, headers, Some(wire_limit)) {
        Ok(chunks) => chunks,
        Err(broken) => return (Bytes::new(), End::Broken(broken)),
    };
    // Most bodies are one chunk, which is not copied.
    let (mut first, mut body) = (Bytes::new(), Vec::new());
    let reading = poll_fn(|context| {
        loop {
            let chunk = match ready!(chunks.as_mut().poll_next(context)) {
                None => return Poll::Ready(End::Complete),
                Some(Err(broken)) => return Poll::Ready(End::Broken(broken)),
                Some(Ok(chunk)) => chunk,
            };
            let room = limit - first.len().max(body.len());
            let is_too_large = chunk.len() > room;
            let chunk = chunk.slice(..chunk.len().min(room));
            if first.is_empty() {
                first = chunk;
            } else {
                if body.is_empty() {
                    body.extend_from_slice(&first);
                }
                body.extend_from_slice(&chunk);
            }
            if is_too_large {
                return Poll::Ready(End::Broken(Broken::TooLarge));
            }
        }
    });
    let end = timeout_at(deadline, reading).await;
    let end = end.unwrap_or(End::OutOfTime);
    match body.is_empty() {
        true => (first, end),
        false => (body.into(), end),
    }
}

/// Reads the beginning of a body that only explains a failure: as much as is kept of an error
/// response, as far as it arrives soon.
pub(crate) async fn beginning(
    call: &Call,
    response: reqwest::Response,
    headers: &HeaderMap,
) -> Bytes {
    // Exceeds the limit by the length of one credential, so that no credential is cut in two before
    // it can be redacted.
    let room = call.secrets().iter().map(|it| it.len()).max().unwrap_or(0);
    let deadline = call
        .attempt_deadline()
        .min(Instant::now() + ERROR_BODY_TIME);
    let limit = ERROR_BODY_LIMIT + room;
    read(response, headers, limit, deadline).await.0
}

/// Reads the complete body of a 2xx response.
pub(crate) async fn whole(
    call: &Call,
    response: reqwest::Response,
    headers: &HeaderMap,
) -> Result<Bytes, Error> {
    let limit = call.options.response_limit;
    let status = response.status();
    let announced = response.content_length().unwrap_or_default();
    let (body, end) = match usize::try_from(announced) {
        Ok(length) if length <= limit => {
            read(response, headers, limit, call.attempt_deadline()).await
        }
        _ => (Bytes::new(), End::Broken(Broken::TooLarge)),
    };
    match end {
        End::Complete => Ok(body),
        End::OutOfTime => {
            call.abandon_connection();
            let what = format!("{status}, but the response was not complete");
            Err(call.out_of_time(&what).status_is(status))
        }
        End::Broken(broken) => Err(incomplete(call, status, broken)),
    }
}

/// Returns the error for a body that cannot be read to its end.
pub(crate) fn incomplete(call: &Call, status: StatusCode, broken: Broken) -> Error {
    let error = match broken {
        Broken::TooLarge => {
            let limit = call.options.response_limit;
            let what = format!(
                "{status} with a body of more than {limit} bytes, the client's `response_limit`"
            );
            call.error(ErrorKind::ResponseTooLarge, what)
        }
        Broken::Wire(error) => transport_error::broken(call, error),
        Broken::Reset => {
            let what = "the server ended the response before it was complete";
            call.error(ErrorKind::Transport, what).caused_by(broken)
        }
        Broken::UnknownCoding(coding) => {
            let coding = showable(&coding, &call.secrets());
            let remedy = match feature_of(&coding) {
                Some(feature) => format!("enable the Cargo feature `{feature}`, or read"),
                None => "read".to_owned(),
            };
            let what = format!(
                "{status} with the content coding `{coding}`, which this build cannot decode: \
                 {remedy} the response as a byte stream"
            );
            call.error(ErrorKind::Decode, what).explained()
        }
        Broken::Coding(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            let what = "the response ended before it was complete";
            call.error(ErrorKind::Transport, what).caused_by(error)
        }
        Broken::Coding(error) => {
            let what = format!("{status} with a body that its content coding does not fit");
            call.error(ErrorKind::Decode, what)
                .caused_by(error)
                .advised("read the bytes as a byte stream, or tell the operator of the API")
        }
    };
    error.status_is(status)
}

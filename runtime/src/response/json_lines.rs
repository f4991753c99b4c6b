//! Sequences of JSON values (JSON Lines, NDJSON, and the JSON text sequences of RFC 7464):
//! responses that are read value by value.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use futures_core::Stream;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::response::byte_stream::ByteStream;
use crate::response::drift_warnings::warn_of_drift;
use crate::response::event_stream::event_error::tells_error;
use crate::response::misfit::explain;
use crate::text::byte_order_mark::without_byte_order_mark;
use crate::text::media_type::essence;

/// The byte before each value of a JSON text sequence (RFC 7464 section 2.2).
const RECORD_SEPARATOR: u8 = 0x1E;

/// Returns the byte that separates the values of a response.
pub(crate) fn separator(headers: &HeaderMap) -> u8 {
    let essence = essence(headers).to_ascii_lowercase();
    match essence.ends_with(b"json-seq") {
        true => RECORD_SEPARATOR,
        false => b'\n',
    }
}

/// The JSON values of a response, as they arrive.
///
/// Each line is one value, and empty lines are skipped. In a JSON text sequence
/// (`application/json-seq`), each record is one value. A value that does not decode is an error,
/// and so is an object that reports an error, like such [data of an event](crate::EventStream). The
/// stream goes on behind both, and ends after any other error.
///
/// Only one value is held at a time, up to
/// [`CallOptions::event_limit`](crate::CallOptions::event_limit) bytes. Dropping the stream closes
/// the connection.
///
/// ```no_run
/// # async fn show(mut quotes: neo_client_runtime::JsonLines<serde_json::Value>)
/// # -> Result<(), neo_client_runtime::Error> {
/// while let Some(quote) = quotes.next_line().await {
///     println!("{}", quote?);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "the response is read as the stream is polled"]
pub struct JsonLines<T> {
    /// `None` at the end, so that the connection is closed even if the stream is kept.
    bytes: Option<ByteStream>,
    buffer: BytesMut,
    /// The number of bytes of the buffer that hold no separator.
    searched: usize,
    separator: u8,
    limit: usize,
    /// The number of the value, from 1, for errors.
    number: u64,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> JsonLines<T> {
    pub(crate) fn new(bytes: ByteStream, separator: u8) -> Self {
        Self {
            limit: bytes.item_limit(),
            bytes: Some(bytes),
            buffer: BytesMut::new(),
            searched: 0,
            separator,
            number: 0,
            of: PhantomData,
        }
    }

    /// Returns the next value, or `None` at the end. Equivalent to polling the [`Stream`], without
    /// an import.
    ///
    /// # Errors
    ///
    /// Fails if a value does not decode, if the connection breaks, if nothing arrives for the
    /// duration of the idle timeout, or if a value exceeds the limit.
    pub async fn next_line(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Removes the next value and its separator from the buffer.
    fn take(&mut self) -> Option<BytesMut> {
        let rest = self.buffer.get(self.searched..).unwrap_or_default();
        match rest.iter().position(|byte| *byte == self.separator) {
            Some(at) => {
                let value = self.buffer.split_to(self.searched + at);
                self.buffer.advance(1);
                self.searched = 0;
                Some(value)
            }
            None => {
                self.searched = self.buffer.len();
                None
            }
        }
    }

    /// Decodes a value. `None` for an empty line.
    fn decode(&mut self, value: &[u8]) -> Option<Result<T, Error>> {
        let value = match self.number {
            0 => without_byte_order_mark(value).trim_ascii(),
            _ => value.trim_ascii(),
        };
        if value.is_empty() {
            return None;
        }
        self.number += 1;
        if let Some(bytes) = &self.bytes
            && bytes.options().event_errors
            && tells_error(value)
        {
            return Some(Err(bytes.reported_error(value)));
        }
        let source = || match &self.bytes {
            Some(bytes) => bytes.endpoint().to_string(),
            None => "a JSON value".to_owned(),
        };
        let decoded = warn_of_drift(source, None, || serde_json::from_slice(value));
        Some(decoded.map_err(|failure| {
            // The message of serde may quote the value, which may be secret.
            let what = match explain::<T>(value, &failure) {
                Some(misfit) => format!("the JSON value {} {misfit}", self.number),
                None => format!("the line {} is not one JSON value", self.number),
            };
            self.error(ErrorKind::Decode, what)
                .advised("go on: the next call returns the next value")
        }))
    }

    fn error(&self, kind: ErrorKind, what: String) -> Error {
        match &self.bytes {
            Some(bytes) => bytes.error(kind, what),
            None => Error::new(kind, what),
        }
    }
}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(value) = this.take() {
                if let Some(decoded) = this.decode(&value) {
                    return Poll::Ready(Some(decoded));
                }
                continue;
            }
            if this.buffer.len() > this.limit {
                let what = format!(
                    "a JSON value of more than {} bytes, the client's `event_limit`",
                    this.limit
                );
                let error = this.error(ErrorKind::ResponseTooLarge, what);
                (this.bytes, this.buffer) = (None, BytesMut::new());
                return Poll::Ready(Some(Err(error)));
            }
            let Some(bytes) = &mut this.bytes else {
                return Poll::Ready(None);
            };
            match ready!(Pin::new(bytes).poll_next(context)) {
                Some(Ok(piece)) => this.buffer.extend_from_slice(&piece),
                Some(Err(error)) => {
                    (this.bytes, this.buffer) = (None, BytesMut::new());
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    // The last line need not end with a line feed.
                    let last = std::mem::take(&mut this.buffer);
                    let decoded = this.decode(&last);
                    (this.bytes, this.searched) = (None, 0);
                    return Poll::Ready(decoded);
                }
            }
        }
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn misfit_in_a_line_is_located_if_possible() {
        let mut lines = JsonLines::<BTreeMap<String, BTreeMap<String, u8>>> {
            bytes: None,
            buffer: BytesMut::new(),
            searched: 0,
            separator: b'\n',
            limit: 0,
            number: 0,
            of: PhantomData,
        };
        for (line, expected) in [
            (
                &br#"{"a":{"count":"x"}} junk"#[..],
                "expected at `a.count`, line 1 column 17 of",
            ),
            (
                br#"{"a":{"count":"x","note":"\ud800"}}"#,
                "expected at `a.count`, line 1",
            ),
            (
                br#"{"a":{"count":"x","n":NaN}}"#,
                "expected at `a.count`, line 1",
            ),
            (
                b"{\"a\":{\"count\":\"x\",\"site\":\"caf\xE9\"}}",
                "expected at `a.count`, line 1",
            ),
            (
                br#"{"a":{"count":"x"}"#,
                "expected at `a.count`, line 1 column 17 of",
            ),
            (
                br#"{"a":{"count":"x","count":1}}"#,
                "has another shape than expected, line 1",
            ),
            (b"[]", "expected at `.`, line 1"),
            (br#"{"a":{"count":1}} junk"#, "is not one JSON value"),
            (br#"{"a":{"count":NaN}}"#, "is not one JSON value"),
        ] {
            let error = lines.decode(line).unwrap().unwrap_err().to_string();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }
}

//! Content codings (RFC 9110 section 8.4.1): `Accept-Encoding`, and decoding of response bodies.
//!
//! reqwest's own decoding drops all members but the first of a gzip body, and counts no bytes on
//! the wire: see `docs/decisions/0044-decompress-in-the-runtime.md`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use reqwest::{Body, Version};

use crate::response::chunks::{Broken, Chunks};
#[cfg(feature = "__decompress")]
use crate::response::decompress::undo;
use crate::text::charset;

/// The codings that this build can decode, for `Accept-Encoding`; `None` if there are none.
pub(crate) const ACCEPTED: Option<&str> = match (
    cfg!(feature = "gzip"),
    cfg!(feature = "brotli"),
    cfg!(feature = "zstd"),
) {
    (false, false, false) => None,
    (true, false, false) => Some("gzip"),
    (false, true, false) => Some("br"),
    (true, true, false) => Some("gzip, br"),
    (false, false, true) => Some("zstd"),
    (true, false, true) => Some("gzip, zstd"),
    (false, true, true) => Some("br, zstd"),
    (true, true, true) => Some("gzip, br, zstd"),
};

/// Returns the decoded body of a response, whose headers were taken out of it. Reads at most
/// `wire_limit` bytes from the wire.
pub(crate) fn decoded(
    response: reqwest::Response,
    headers: &HeaderMap,
    wire_limit: Option<u64>,
) -> Result<Chunks, Broken> {
    let codings = codings(headers);
    if let Some(unknown) = codings.iter().find(|coding| !is_known(coding)) {
        return Err(Broken::UnknownCoding(unknown.clone()));
    }
    let wire = Wire::new(response, headers, wire_limit);
    // The last coding was applied last.
    Ok(codings
        .iter()
        .rev()
        .fold(Box::pin(wire), |chunks: Chunks, coding| {
            undo(coding, chunks)
        }))
}

/// Returns the body of a response as the server sent it.
pub(crate) fn coded(response: reqwest::Response, headers: &HeaderMap) -> Chunks {
    Box::pin(Wire::new(response, headers, None))
}

/// Returns whether a body has a coding.
pub(crate) fn is_coded(headers: &HeaderMap) -> bool {
    !codings(headers).is_empty()
}

/// Returns whether this build can undo the codings of a body.
pub(crate) fn is_decodable(headers: &HeaderMap) -> bool {
    codings(headers).iter().all(|coding| is_known(coding))
}

/// Returns the name of the format if `bytes` are compressed.
pub(crate) fn compressed_as(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, 0x08, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some("deflate"),
        _ => None,
    }
}

/// Returns the codings of a body in the order in which they were applied.
fn codings(headers: &HeaderMap) -> Vec<String> {
    let mut codings = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        for coding in value.as_bytes().split(|byte| *byte == b',') {
            let coding = String::from_utf8_lossy(coding.trim_ascii()).to_ascii_lowercase();
            if !is_no_coding(&coding) {
                codings.push(coding);
            }
        }
    }
    codings
}

/// Returns whether a name in `Content-Encoding` does not stand for a content coding.
///
/// Some servers name the character set, the transfer encoding or the media type, and encode
/// nothing.
fn is_no_coding(name: &str) -> bool {
    const NAMES: [&str; 8] = [
        "",
        "7bit",
        "8bit",
        "aws-chunked",
        "binary",
        "chunked",
        "identity",
        "none",
    ];
    NAMES.contains(&name) || name.contains('/') || charset::is_label(name)
}

/// Returns the Cargo feature that adds a coding.
pub(crate) fn feature_of(coding: &str) -> Option<&'static str> {
    match coding {
        "gzip" | "x-gzip" => Some("gzip"),
        "br" => Some("brotli"),
        "zstd" => Some("zstd"),
        _ => None,
    }
}

fn is_known(coding: &str) -> bool {
    let known = [
        ("gzip", cfg!(feature = "gzip")),
        ("x-gzip", cfg!(feature = "gzip")),
        ("br", cfg!(feature = "brotli")),
        ("zstd", cfg!(feature = "zstd")),
    ];
    known.contains(&(coding, true))
}

/// Is never called, because no coding is known.
#[cfg(not(feature = "__decompress"))]
fn undo(_: &str, chunks: Chunks) -> Chunks {
    chunks
}

/// The bytes as they arrive, counted.
struct Wire {
    body: Body,
    is_http2: bool,
    left: Option<u64>,
    /// The number of bytes that did not arrive yet, as `Content-Length` says.
    missing: Option<u64>,
}

impl Wire {
    fn new(response: reqwest::Response, headers: &HeaderMap, limit: Option<u64>) -> Self {
        let length = headers.get(CONTENT_LENGTH);
        Self {
            missing: length.and_then(|length| length.to_str().ok()?.parse().ok()),
            is_http2: response.version() == Version::HTTP_2,
            body: response.into(),
            left: limit,
        }
    }
}

impl Stream for Wire {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = loop {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                // hyper ends the body if the server resets the stream with NO_ERROR or CANCEL, also
                // before the last byte. A server may also reset a stream whose response is complete
                // (RFC 9113 section 8.1). Over HTTP/1, hyper checks the framing.
                None if self.is_http2 && self.missing != Some(0) && !self.body.is_end_stream() => {
                    // The next poll ends the stream.
                    self.is_http2 = false;
                    return Poll::Ready(Some(Err(Broken::Reset)));
                }
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(Broken::Wire(error)))),
                Some(Ok(frame)) => {
                    // Trailers are not used.
                    if let Ok(chunk) = frame.into_data() {
                        break chunk;
                    }
                }
            }
        };
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if let Some(missing) = &mut self.missing {
            *missing = missing.saturating_sub(length);
        }
        if let Some(left) = &mut self.left {
            match left.checked_sub(length) {
                Some(rest) => *left = rest,
                None => return Poll::Ready(Some(Err(Broken::TooLarge))),
            }
        }
        Poll::Ready(Some(Ok(chunk)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_codings_are_listed_in_order() {
        let list = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, value.parse().unwrap());
            }
            codings(&headers).join(" ")
        };
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["identity"]), "");
        assert_eq!(list(&["chunked", "Chunked, gzip"]), "gzip");
        assert_eq!(list(&["GZIP, br", " ,zstd"]), "gzip br zstd");
    }

    #[test]
    fn requested_coding_can_be_decoded() {
        for coding in ACCEPTED.into_iter().flat_map(|list| list.split(", ")) {
            assert!(is_known(coding), "{coding}");
        }
        assert!(!is_known("deflate"));
        for coding in ["gzip", "x-gzip", "br", "zstd"] {
            assert!(feature_of(coding).is_some(), "{coding}");
        }
        assert!(feature_of("deflate").is_none());
    }
}

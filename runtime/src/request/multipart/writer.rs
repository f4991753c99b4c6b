//! Writes multipart bodies. Names are encoded as the WHATWG HTML standard says (section "Multipart
//! form data"), so that no name can end its header.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use hyper::body::{Body as _, Frame};
use reqwest::Body;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::media_type::is_media_type;
use super::part::{Content, Part};
use crate::error::BoxError;
use crate::text::one_line::one_line;
use crate::text::random_id;

/// The bytes of a form, with streams between them.
pub(super) struct Writer {
    boundary: String,
    segments: VecDeque<Segment>,
    /// The bytes since the last stream.
    buffer: BytesMut,
    /// The number of bytes, if all streams have a known length.
    length: Option<u64>,
}

enum Segment {
    Bytes(Bytes),
    Stream {
        body: Body,
        /// The number of bytes that must still come, if that is known.
        left: Option<u64>,
    },
}

impl Writer {
    pub(super) fn new() -> Result<Self, String> {
        // No content can hold 128 random bits by accident.
        let boundary = random_id::hexadecimal().map_err(|why| format!("body: {why}"))?;
        Ok(Self {
            boundary,
            segments: VecDeque::new(),
            buffer: BytesMut::new(),
            length: Some(0),
        })
    }

    pub(super) fn boundary(&self) -> &str {
        &self.boundary
    }

    /// Adds a part.
    pub(super) fn add(&mut self, name: &str, part: Part) -> Result<(), String> {
        self.write(format!("--{}\r\n", self.boundary));
        if !part.headers.contains_key(CONTENT_DISPOSITION) {
            let file = part.file_name.as_deref();
            let file = file.map(|file| format!("; filename=\"{}\"", escaped(file)));
            let name = escaped(&line_breaks(name));
            self.write(format!(
                "Content-Disposition: form-data; name=\"{name}\"{}\r\n",
                file.unwrap_or_default()
            ));
        }
        if let Some(media_type) = &part.content_type {
            if !is_media_type(media_type) {
                let text = format!("{name}: `{media_type}` is not a media type");
                return Err(one_line(&text));
            }
            self.write(format!("Content-Type: {media_type}\r\n"));
        }
        for (header, value) in &part.headers {
            if header == CONTENT_TYPE && part.content_type.is_some() {
                continue;
            }
            self.write(format!("{header}: "));
            self.write(value.as_bytes());
            self.write("\r\n");
        }
        self.write("\r\n");
        match part.content {
            Content::Bytes(bytes) => self.write(bytes),
            Content::Streamed { body, length } => {
                let sum = |(before, more): (u64, u64)| before.checked_add(more);
                self.length = self.length.zip(length).and_then(sum);
                let bytes = self.buffer.split().freeze();
                self.segments.push_back(Segment::Bytes(bytes));
                self.segments
                    .push_back(Segment::Stream { body, left: length });
            }
        }
        self.write("\r\n");
        Ok(())
    }

    /// Returns the body, and its length if that is known.
    pub(super) fn finish(mut self) -> (Body, Option<u64>) {
        self.write(format!("--{}--\r\n", self.boundary));
        let bytes = self.buffer.freeze();
        if self.segments.is_empty() {
            return (bytes.into(), self.length);
        }
        self.segments.push_back(Segment::Bytes(bytes));
        (Body::wrap_stream(Segments(self.segments)), self.length)
    }

    fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.buffer.extend_from_slice(bytes);
        if let Some(length) = &mut self.length {
            *length += bytes.len() as u64;
        }
    }
}

/// Replaces what would end a quoted name: line breaks and the quote.
fn escaped(name: &str) -> String {
    name.replace("\r", "%0D")
        .replace("\n", "%0A")
        .replace("\"", "%22")
}

/// Makes each line break of a field's name CR LF. The names of files keep theirs.
fn line_breaks(name: &str) -> String {
    let lines = name.replace("\r\n", "\n").replace("\r", "\n");
    lines.replace("\n", "\r\n")
}

/// The body of a form, whose streams are read when it is their turn.
struct Segments(VecDeque<Segment>);

impl Stream for Segments {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let frame = match self.0.front_mut() {
                None => return Poll::Ready(None),
                Some(Segment::Bytes(bytes)) => {
                    let bytes = std::mem::take(bytes);
                    self.0.pop_front();
                    return Poll::Ready(Some(Ok(bytes)));
                }
                Some(Segment::Stream { body, left }) => {
                    let frame = ready!(Pin::new(body).poll_frame(context));
                    let frame = frame.map(|frame| Ok::<_, BoxError>(frame?));
                    checked(frame.transpose(), left)
                }
            };
            match frame {
                Ok(None) => drop(self.0.pop_front()),
                Err(error) => {
                    self.0.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                Ok(Some(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}

/// Counts the bytes of a streaming part. Another length would cut the form, or leave it open.
fn checked(
    frame: Result<Option<Frame<Bytes>>, BoxError>,
    left: &mut Option<u64>,
) -> Result<Option<Frame<Bytes>>, BoxError> {
    let frame = frame?;
    let Some(left) = left else {
        return Ok(frame);
    };
    let data = frame.as_ref().and_then(Frame::data_ref);
    let length = data.map_or(0, Bytes::len) as u64;
    match (left.checked_sub(length), &frame) {
        (None, _) => Err("a part is longer than its length says".into()),
        (Some(1..), None) => Err("a part is shorter than its length says".into()),
        (Some(rest), _) => {
            *left = rest;
            Ok(frame)
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderName;

    use super::*;

    /// The body of a form of one part, without its boundary.
    fn written(name: &str, part: Part) -> String {
        let mut writer = Writer::new().unwrap();
        writer.add(name, part).unwrap();
        let boundary = writer.boundary().to_owned();
        let (body, length) = writer.finish();
        let bytes = body.as_bytes().unwrap();
        assert_eq!(length, Some(bytes.len() as u64));
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.replace(&*boundary, "B")
    }

    #[test]
    fn hostile_name_stays_in_its_header() {
        let hostile = "a.txt\nContent-Type: text/html\r\nX: \"1\"\r";
        let text = written(hostile, Part::from("x").file_name(hostile));
        assert_eq!(
            text,
            "--B\r\nContent-Disposition: form-data; \
             name=\"a.txt%0D%0AContent-Type: text/html%0D%0AX: %221%22%0D%0A\"; \
             filename=\"a.txt%0AContent-Type: text/html%0D%0AX: %221%22%0D\"\r\n\r\nx\r\n--B--\r\n"
        );
    }

    #[test]
    fn other_characters_of_names_are_kept() {
        let text = written("é %22\\;'", Part::from("x").file_name("ü=1;b.txt"));
        assert!(
            text.contains("name=\"é %22\\;'\"; filename=\"ü=1;b.txt\""),
            "{text}"
        );
    }

    #[test]
    fn media_type_and_headers_are_written() {
        let id = HeaderName::from_static("content-id");
        let part = Part::from("x")
            .content_type("text/plain; charset=utf-8")
            .header(id, "<1>".parse().unwrap());
        let text = written("a", part);
        assert!(
            text.contains(
                "\r\nContent-Type: text/plain; charset=utf-8\r\ncontent-id: <1>\r\n\r\nx"
            ),
            "{text}"
        );
        for wrong in ["no media type", "text/plain\r\nX-A: 1", ""] {
            let part = Part::from("x").content_type(wrong);
            assert!(Writer::new().unwrap().add("a", part).is_err(), "{wrong}");
        }
    }
}

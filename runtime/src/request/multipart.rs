//! Multipart forms (`multipart/form-data`, RFC 7578): fields, JSON, and files that stream.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Request, multipart};
use serde::Serialize;
use serde_json::Value;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use crate::error::BoxError;
use crate::model::encode;
use crate::request::parameter_style::{Escape, Style, pairs, text};

/// A part of a [`Form`], usually a file.
///
/// Methods that take a part accept everything that implements `Into<Part>`: bytes, text, an open
/// file, a body.
///
/// A request with a part that streams is sent once. A form that is entirely in memory can be sent
/// again, after a failed attempt or a redirect.
///
/// ```no_run
/// # async fn show(bytes: Vec<u8>, socket: tokio::net::TcpStream) -> std::io::Result<()> {
/// use neo_client_runtime::Part;
///
/// let picture = Part::from(bytes).file_name("cat.png").content_type("image/png");
/// let film = Part::file("film.mp4").await?; // read from disk while it is sent
/// let live = Part::reader(socket).file_name("log.txt");
/// # Ok(())
/// # }
/// ```
pub struct Part {
    content: Content,
    file_name: Option<Cow<'static, str>>,
    content_type: Option<Cow<'static, str>>,
    headers: HeaderMap,
}

enum Content {
    Bytes(Bytes),
    Streamed { body: Body, length: Option<u64> },
}

impl Part {
    /// Creates a part from a file on disk, with its name, its size, and a content type by its
    /// extension.
    ///
    /// The file is opened now and read while it is sent.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be opened.
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let file = tokio::fs::File::open(path).await?;
        let metadata = file.metadata().await?;
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let kind = mime_guess::from_path(path).first_raw();
        Ok(Self {
            // A pipe or a device has no reliable size.
            content: Content::Streamed {
                body: file.into(),
                length: metadata.is_file().then_some(metadata.len()),
            },
            file_name: name.map(Cow::Owned),
            content_type: kind.map(Cow::Borrowed),
            headers: HeaderMap::new(),
        })
    }

    /// Creates a part from a reader, such as a socket or the output of a process.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::stream(ReaderStream::new(reader))
    }

    /// Creates a part from a stream of bytes, which are sent as they arrive.
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
        Bytes: From<B>,
    {
        Self::from(Body::wrap_stream(stream))
    }

    /// Sets the file name that the server sees. A path is not a name.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(Cow::Owned(name.into()));
        self
    }

    /// Sets the media type, such as `image/png`. Otherwise the media type of the OpenAPI document
    /// is sent, if there is one.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(Cow::Owned(media_type.into()));
        self
    }

    /// Sets the number of bytes of a streaming part, so that the request can state its length.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        if let Content::Streamed { length, .. } = &mut self.content {
            *length = Some(bytes);
        }
        self
    }

    /// Adds a header to the part.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Converts the part for reqwest, and returns whether it is in memory.
    fn into_inner(self, name: &str) -> Result<(multipart::Part, bool), String> {
        let (mut part, in_memory) = match self.content {
            Content::Bytes(bytes) => {
                let length = bytes.len() as u64;
                (multipart::Part::stream_with_length(bytes, length), true)
            }
            Content::Streamed { body, length: None } => (multipart::Part::stream(body), false),
            Content::Streamed {
                body,
                length: Some(length),
            } => (multipart::Part::stream_with_length(body, length), false),
        };
        if let Some(file_name) = self.file_name {
            part = part.file_name(file_name);
        }
        if let Some(media_type) = self.content_type {
            part = part
                .mime_str(&media_type)
                .map_err(|_| format!("{name}: `{media_type}` is not a media type"))?;
        }
        Ok((part.headers(self.headers), in_memory))
    }
}

impl From<Bytes> for Part {
    fn from(bytes: Bytes) -> Self {
        Self {
            content: Content::Bytes(bytes),
            file_name: None,
            content_type: None,
            headers: HeaderMap::new(),
        }
    }
}

impl From<Vec<u8>> for Part {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(Bytes::from(bytes))
    }
}

impl From<&[u8]> for Part {
    fn from(bytes: &[u8]) -> Self {
        Self::from(Bytes::copy_from_slice(bytes))
    }
}

impl<const N: usize> From<&[u8; N]> for Part {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::from(Bytes::from(text))
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Body> for Part {
    fn from(body: Body) -> Self {
        let in_memory = body.as_bytes().map(Bytes::copy_from_slice);
        let content = match in_memory {
            Some(bytes) => Content::Bytes(bytes),
            None => Content::Streamed { body, length: None },
        };
        Self {
            content,
            ..Self::from(Bytes::new())
        }
    }
}

impl From<tokio::fs::File> for Part {
    fn from(file: tokio::fs::File) -> Self {
        Self::from(Body::from(file))
    }
}

// The content may be secret and long.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// A multipart form, for a body whose fields the OpenAPI document does not describe.
///
/// Forms that the document describes are types of their own, and convert into this type.
#[derive(Default)]
pub struct Form {
    parts: Vec<(Cow<'static, str>, Part)>,
    /// The first error is kept until the form is sent.
    problem: Option<String>,
}

impl Form {
    /// Creates an empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part. Several parts may have the same name.
    #[must_use]
    pub fn part(mut self, name: impl Into<String>, part: impl Into<Part>) -> Self {
        self.parts.push((Cow::Owned(name.into()), part.into()));
        self
    }

    /// Adds files. `media_type` applies to files without one.
    #[doc(hidden)]
    pub fn files(
        &mut self,
        name: &'static str,
        media_type: Option<&'static str>,
        parts: impl IntoIterator<Item = Part>,
    ) {
        for mut part in parts {
            if part.content_type.is_none() {
                part.content_type = media_type.map(Cow::Borrowed);
            }
            self.parts.push((Cow::Borrowed(name), part));
        }
    }

    /// Adds a field: one part, one part for each element of a list, or no part for `None`.
    ///
    /// Texts and numbers are written unchanged, other values as JSON. With a JSON media type, all
    /// values are written as JSON.
    #[doc(hidden)]
    pub fn field(&mut self, name: &str, media_type: Option<&'static str>, value: &impl Serialize) {
        match encode::to_value(value) {
            Ok(Value::Array(items)) => {
                for item in items {
                    self.value(name, media_type, &item);
                }
            }
            Ok(value) => self.value(name, media_type, &value),
            Err(why) => self.fail(format!("{name}: {why}")),
        }
    }

    /// Adds a field in a serialization of the OpenAPI document: one part for each pair that a query
    /// would have.
    #[doc(hidden)]
    pub fn styled(&mut self, name: &str, style: Style, value: &impl Serialize) {
        match encode::to_value(value) {
            Ok(value) => {
                let pairs = pairs(name, style, Escape::Nothing, &value).into_iter();
                let parts = pairs.map(|(name, text)| (Cow::Owned(name), Part::from(text)));
                self.parts.extend(parts);
            }
            Err(why) => self.fail(format!("{name}: {why}")),
        }
    }

    /// Adds each field of a map or struct.
    #[doc(hidden)]
    pub fn fields(&mut self, values: &impl Serialize) {
        match encode::to_value(values) {
            Ok(Value::Object(fields)) => {
                for (name, value) in &fields {
                    self.field(name, None, value);
                }
            }
            Ok(_) => {}
            Err(why) => self.fail(format!("body: {why}")),
        }
    }

    fn fail(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    fn value(&mut self, name: &str, media_type: Option<&'static str>, value: &Value) {
        let is_json = media_type.is_some_and(|media_type| {
            let essence = media_type.split(';').next().unwrap_or_default().trim();
            essence == "application/json" || essence.ends_with("+json")
        });
        let (text, default) = match value {
            Value::Null => return,
            Value::Array(_) | Value::Object(_) => (value.to_string(), Some("application/json")),
            scalar if is_json => (scalar.to_string(), None),
            scalar => (text(scalar), None),
        };
        let mut part = Part::from(text);
        part.content_type = media_type.or(default).map(Cow::Borrowed);
        self.parts.push((Cow::Owned(name.to_owned()), part));
    }

    /// Sets the body of a request. `media_type` is `multipart/form-data` or another multipart type.
    ///
    /// A form in memory becomes one buffer, so that it can be sent again.
    #[doc(hidden)]
    pub fn send_with(
        self,
        http: &reqwest::Client,
        request: Request,
        media_type: &str,
    ) -> Result<Request, String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut form = multipart::Form::new();
        let mut in_memory = true;
        for (name, part) in self.parts {
            let (part, part_in_memory) = part.into_inner(&name)?;
            in_memory &= part_in_memory;
            form = form.part(name, part);
        }
        let boundary = format!("{media_type}; boundary={}", form.boundary());
        let boundary = HeaderValue::try_from(boundary)
            .map_err(|_| format!("body: `{media_type}` is not a media type"))?;
        let mut request = if in_memory {
            let mut request = request;
            let body = collect(form.into_stream()).ok_or("body: the form cannot be written")?;
            *request.body_mut() = Some(body.into());
            request
        } else {
            let built = reqwest::RequestBuilder::from_parts(http.clone(), request);
            let built = built.multipart(form).build();
            built.map_err(|_| "body: the form cannot be written")?
        };
        request.headers_mut().insert(CONTENT_TYPE, boundary);
        if in_memory {
            request.headers_mut().remove(CONTENT_LENGTH);
        }
        Ok(request)
    }
}

/// Reads all of a stream that never has to wait.
fn collect(stream: impl Stream<Item = reqwest::Result<Bytes>>) -> Option<Bytes> {
    let mut stream = pin!(stream);
    let mut context = Context::from_waker(Waker::noop());
    let mut all = BytesMut::new();
    loop {
        match stream.as_mut().poll_next(&mut context) {
            Poll::Ready(None) => return Some(all.freeze()),
            Poll::Ready(Some(Ok(piece))) => all.extend_from_slice(&piece),
            Poll::Ready(Some(Err(_))) | Poll::Pending => return None,
        }
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.parts.iter().map(|(name, _)| name))
            .finish()
    }
}

//! Parts of multipart forms: bytes, texts, and files that stream.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::Path;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::io::ReaderStream;

use super::media_type;
use crate::error::BoxError;

/// A part of a [`Form`](crate::Form), usually a file.
///
/// Methods that take a part accept everything that implements `Into<Part>`: bytes, text, an open
/// file, a body.
///
/// A request with a part that streams is sent once. A form that is entirely in memory can be sent
/// again, after a failed attempt or a redirect.
///
/// ```no_run
/// # use neo_client_runtime::Part;
/// # async fn show(bytes: Vec<u8>, socket: tokio::net::TcpStream) -> std::io::Result<()> {
/// let picture = Part::from(bytes).file_name("cat.png").content_type("image/png");
/// let film = Part::file("film.mp4").await?; // read from disk while it is sent
/// let live = Part::reader(socket).file_name("log.txt");
/// # Ok(())
/// # }
/// ```
pub struct Part {
    pub(super) content: Content,
    pub(super) file_name: Option<Cow<'static, str>>,
    pub(super) content_type: Option<Cow<'static, str>>,
    pub(super) headers: HeaderMap,
    /// The part is made of a text, which is no file unless the field holds only files.
    pub(super) is_text: bool,
}

pub(super) enum Content {
    Bytes(Bytes),
    Streamed { body: Body, length: Option<u64> },
}

impl Part {
    /// Creates a part from a file on disk, with its name, its size, and the media type of a common
    /// extension. For other extensions, set it with [`content_type`](Self::content_type).
    ///
    /// The file is opened now and read while it is sent, up to its size of now.
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
        let kind = media_type::of_file(path);
        // A pipe or a device has no reliable size.
        let length = metadata.is_file().then_some(metadata.len());
        let file = file.take(length.unwrap_or(u64::MAX));
        Ok(Self {
            content: Content::Streamed {
                body: Body::wrap_stream(ReaderStream::new(file)),
                length,
            },
            file_name: name.map(Cow::Owned),
            content_type: kind.map(Cow::Borrowed),
            headers: HeaderMap::new(),
            is_text: false,
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

    /// Sets the file name that the server sees. A path is not a name. Quotes and line breaks are
    /// percent-encoded, as browsers do. A part of a form that the OpenAPI document describes as a
    /// file has the name of its field otherwise, because many servers tell files by their names.
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

    /// Sets the number of bytes of a streaming part, so that the request can state its length. The
    /// call fails if the stream has another length.
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
}

impl From<Bytes> for Part {
    fn from(bytes: Bytes) -> Self {
        Self {
            content: Content::Bytes(bytes),
            file_name: None,
            content_type: None,
            headers: HeaderMap::new(),
            is_text: false,
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
        Self {
            is_text: true,
            ..Self::from(Bytes::from(text))
        }
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

//! Saves a response to a file, completely or not at all.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::response::byte_stream::ByteStream;
use crate::text::random_id;
use futures_core::future::BoxFuture;

/// Receives the number of bytes so far, and the total if the server sent it.
type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

impl ByteStream {
    /// Saves the body to a file. Await the result, which is the number of bytes.
    ///
    /// The file appears, or replaces an older file, only when the body is complete. Until then the
    /// bytes are in a temporary file in the same directory, which is removed if the response breaks
    /// off or the future is dropped.
    ///
    /// ```no_run
    /// # use neo_client_runtime::{Client, Error, Method};
    /// # async fn show(client: Client, path: &str) -> Result<(), Error> {
    /// let response = client.request(Method::GET, path).stream().await?;
    /// let bytes = response
    ///     .into_inner()
    ///     .save_to("report.pdf")
    ///     .limit(100_000_000)
    ///     .progress(|bytes, total| eprintln!("{bytes} of {total:?} bytes"))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails like [`chunk`](ByteStream::chunk), and if the file cannot be written or the limit is
    /// exceeded.
    pub fn save_to(self, path: impl Into<PathBuf>) -> SaveToFile {
        SaveToFile::new(self, path.into())
    }
}

/// A download to a file, made by [`ByteStream::save_to`](crate::ByteStream::save_to). Configure and
/// await it.
#[must_use = "nothing is saved until it is awaited"]
pub struct SaveToFile {
    stream: ByteStream,
    path: PathBuf,
    limit: u64,
    progress: Option<Progress>,
}

impl SaveToFile {
    pub(crate) fn new(stream: ByteStream, path: PathBuf) -> Self {
        Self {
            stream,
            path,
            limit: u64::MAX,
            progress: None,
        }
    }

    /// Limits the number of bytes. There is no limit by default. A larger response is an error and
    /// leaves no file.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Calls `progress` for each written chunk, with the number of bytes so far and the total if
    /// the server sent it.
    pub fn progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    async fn save(mut self) -> Result<u64, Error> {
        let total = self.stream.content_length();
        if total > Some(self.limit) {
            return Err(self.too_large());
        }
        let path = self.path.clone();
        let created = blocking(Box::new(move || PartialFile::create(&path))).await;
        let mut partial = created.map_err(|error| self.unwritable(error))?;
        let mut written = 0u64;
        while let Some(piece) = self.stream.chunk().await {
            let piece = piece?;
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            written = written.saturating_add(length);
            if written > self.limit {
                return Err(self.too_large());
            }
            let outcome = blocking(Box::new(move || partial.write(&piece))).await;
            partial = outcome.map_err(|error| self.unwritable(error))?;
            if let Some(progress) = &mut self.progress {
                progress(written, total);
            }
        }
        let path = self.path.clone();
        let persisted = blocking(Box::new(move || partial.persist(&path))).await;
        persisted.map_err(|error| self.unwritable(error))?;
        Ok(written)
    }

    fn too_large(&self) -> Error {
        let what = format!(
            "a response of more than {} bytes, the `limit` of the download",
            self.limit
        );
        self.stream.error(ErrorKind::ResponseTooLarge, what)
    }

    fn unwritable(&self, error: io::Error) -> Error {
        let what = format!("`{}` cannot be written", self.path.display());
        self.stream.error(ErrorKind::File, what).caused_by(error)
    }
}

/// A file in the directory of the target, so that renaming it replaces the target atomically. It is
/// removed when dropped before.
struct PartialFile {
    path: PathBuf,
    file: File,
}

impl PartialFile {
    fn create(target: &Path) -> io::Result<Self> {
        let random = random_id::hexadecimal().map_err(io::Error::other)?;
        let name = format!(".download-{random}");
        let path = target.with_file_name(name);
        let file = File::create_new(&path)?;
        Ok(Self { path, file })
    }

    fn write(mut self, piece: &[u8]) -> io::Result<Self> {
        self.file.write_all(piece)?;
        Ok(self)
    }

    fn persist(self, target: &Path) -> io::Result<Self> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, target)?;
        Ok(self)
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        // Fails if the file has been renamed.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A step of a download, on a thread that may wait for the disk.
type Step = Box<dyn FnOnce() -> io::Result<PartialFile> + Send>;

/// Takes a step. If the caller is dropped meanwhile, the file is removed after the step.
async fn blocking(work: Step) -> io::Result<PartialFile> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

impl IntoFuture for SaveToFile {
    type Output = Result<u64, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.save())
    }
}

impl fmt::Debug for SaveToFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SaveToFile")
            .field("path", &self.path)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

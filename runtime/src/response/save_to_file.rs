//! Saving a reply into a file: whole or not at all.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};
use tokio::io::AsyncWriteExt;

use crate::error::{Error, ErrorKind};
use crate::response::byte_stream::ByteStream;
use futures_core::future::BoxFuture;

/// Told how many bytes have come, and how many there will be if the server says so.
type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

impl ByteStream {
    /// Saves the body into a file, to be awaited; it gives the number of bytes.
    ///
    /// The file is there when the body is complete, in the place of an older one, and not before: until then the bytes are
    /// in a temporary file in the same directory, which is removed when the reply breaks off or nobody waits any more.
    ///
    /// ```no_run
    /// # async fn show(client: neo_client_runtime::Client, path: &str) -> Result<(), neo_client_runtime::Error> {
    /// let reply = client.request(neo_client_runtime::Method::GET, path).stream().await?;
    /// let bytes = reply
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
    /// As [`chunk`](ByteStream::chunk), and when the file cannot be written or the limit is exceeded.
    pub fn save_to(self, path: impl Into<PathBuf>) -> Save {
        Save::new(self, path.into())
    }
}

/// A reply on its way into a file, made by [`ByteStream::save_to`]; to be set up and awaited.
#[must_use = "nothing is saved until it is awaited"]
pub struct Save {
    stream: ByteStream,
    path: PathBuf,
    limit: u64,
    progress: Option<Progress>,
}

impl Save {
    pub(crate) fn new(stream: ByteStream, path: PathBuf) -> Self {
        Self {
            stream,
            path,
            limit: u64::MAX,
            progress: None,
        }
    }

    /// The most bytes that may be saved; no limit unless set. A reply that is larger is an error, and no file.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Calls `progress` for each piece that has been written, with the number of bytes so far, and in all if the server
    /// says so.
    pub fn progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    async fn save(mut self) -> Result<u64, Error> {
        let total = self.stream.content_length();
        if total > Some(self.limit) {
            return Err(self.too_large());
        }
        let file = temporary_beside(self.path.clone());
        let file = file.await.map_err(|error| self.unwritable(error))?;
        let handle = file.reopen().map_err(|error| self.unwritable(error))?;
        let mut handle = tokio::fs::File::from_std(handle);
        let mut written = 0u64;
        while let Some(piece) = self.stream.chunk().await {
            let piece = piece?;
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            written = written.saturating_add(length);
            if written > self.limit {
                return Err(self.too_large());
            }
            let outcome = handle.write_all(&piece).await;
            outcome.map_err(|error| self.unwritable(error))?;
            if let Some(progress) = &mut self.progress {
                progress(written, total);
            }
        }
        // Writing goes on in the background: an error of it comes out here.
        let flushed = async {
            handle.flush().await?;
            handle.sync_all().await
        };
        flushed.await.map_err(|error| self.unwritable(error))?;
        let persisted = persist(file, self.path.clone()).await;
        persisted.map_err(|error| self.unwritable(error))?;
        Ok(written)
    }

    fn too_large(&self) -> Error {
        let what = format!("a reply of more than {} bytes, the limit given", self.limit);
        self.stream.error(ErrorKind::ResponseTooLarge, what)
    }

    fn unwritable(&self, error: io::Error) -> Error {
        let what = format!("`{}` cannot be written", self.path.display());
        self.stream.error(ErrorKind::File, what).caused_by(error)
    }
}

/// A file of another name in the same directory, so that renaming it replaces the old one at once. It is removed when it
/// is dropped.
async fn temporary_beside(path: PathBuf) -> io::Result<NamedTempFile> {
    blocking(move || {
        let directory = path
            .parent()
            .filter(|directory| !directory.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut builder = Builder::new();
        builder.prefix(".download-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;

            // As for any new file: the rest is for the umask to say.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        builder.tempfile_in(directory)
    })
    .await
}

async fn persist(file: NamedTempFile, path: PathBuf) -> io::Result<File> {
    blocking(move || file.persist(path).map_err(|error| error.error)).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

impl IntoFuture for Save {
    type Output = Result<u64, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.save())
    }
}

impl fmt::Debug for Save {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Save")
            .field("path", &self.path)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

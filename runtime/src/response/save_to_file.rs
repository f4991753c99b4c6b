//! Saves a response to a file, completely or not at all.

use std::fmt;
use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_core::future::BoxFuture;

use crate::error::{Error, ErrorKind};
use crate::response::byte_stream::ByteStream;
use crate::text::random_id;

/// Receives the number of bytes so far, and the total if the server sent it.
type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

impl ByteStream {
    /// Saves the body to a file. Await the result, which is the number of bytes.
    ///
    /// The file appears, or replaces an older file, only when the body is complete. Until then the
    /// bytes are in a temporary file in the same directory, which is removed if the response breaks
    /// off or the future is dropped.
    ///
    /// The permissions of an older file are kept, except setuid and setgid. A symbolic link to a
    /// file stands for that file. The file replaces a link whose target does not exist. A path to a
    /// directory, a device or a pipe is an error, and nothing is read.
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
        let target = blocking(Box::new(move || Target::find(path))).await;
        let Target { path, permissions } = target.map_err(|it| self.unwritable(it))?;
        let temporary = TemporaryPath::beside(&path).map_err(|it| self.unwritable(it))?;
        // If the caller is dropped meanwhile, the step removes what it creates.
        let shared = Arc::clone(&temporary);
        let create = move || create_file(&shared.0, permissions);
        let created = blocking(Box::new(create)).await;
        let mut file = created.map_err(|error| self.unwritable(error))?;
        let mut written = 0u64;
        while let Some(piece) = self.stream.chunk().await {
            let piece = piece?;
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            written = written.saturating_add(length);
            if written > self.limit {
                return Err(self.too_large());
            }
            let step = move || file.write_all(&piece).map(|()| file);
            let outcome = blocking(Box::new(step)).await;
            file = outcome.map_err(|error| self.unwritable(error))?;
            if let Some(progress) = &mut self.progress {
                progress(written, total);
            }
        }
        let step = move || file.sync_all().map(|()| file);
        let outcome = blocking(Box::new(step)).await;
        file = outcome.map_err(|error| self.unwritable(error))?;
        // Syncing takes long. If the caller is dropped meanwhile, the target stays as it is.
        let (from, to) = (temporary.0.clone(), path);
        let step = move || std::fs::rename(from, to).map(|()| file);
        let outcome = blocking(Box::new(step)).await;
        outcome.map_err(|error| self.unwritable(error))?;
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
        match error.kind() {
            // The text says what to do.
            io::ErrorKind::InvalidInput => {
                let what = format!("{what}: {error}");
                self.stream.error(ErrorKind::File, what).explained()
            }
            _ => self.stream.error(ErrorKind::File, what).caused_by(error),
        }
    }
}

/// The file that a download creates or replaces.
struct Target {
    path: PathBuf,
    /// The permissions of the file that is replaced.
    permissions: Option<Permissions>,
}

impl Target {
    /// Finds the target, before anything is read. A symbolic link to a file stands for that file.
    ///
    /// # Errors
    /// Fails if the path cannot be that of a file. Renaming a file would replace a device or a
    /// pipe.
    fn find(path: PathBuf) -> io::Result<Self> {
        // `file_name` ignores `/` and `/.` at the end, which stand for a directory.
        let text = path.as_os_str().as_encoded_bytes();
        let name = path.file_name();
        let ends_with_name = name.is_some_and(|name| text.ends_with(name.as_encoded_bytes()));
        if !ends_with_name {
            return Err(unusable("the path does not end with the name of a file"));
        }
        match std::fs::metadata(&path) {
            Ok(old) if old.is_dir() => Err(unusable("it is a directory: add the name of a file")),
            Ok(old) if !old.is_file() => Err(unusable(
                "it is not a regular file: write the chunks of the stream to it",
            )),
            Ok(old) => Ok(Self {
                // `canonicalize` fails on some drives of Windows.
                path: match std::fs::symlink_metadata(&path)?.is_symlink() {
                    true => std::fs::canonicalize(path)?,
                    false => path,
                },
                permissions: Some(old.permissions()),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self {
                path,
                permissions: None,
            }),
            Err(error) => Err(error),
        }
    }
}

fn unusable(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// Creates a file with the permissions of the file that it replaces, except setuid and setgid.
#[cfg(unix)]
fn create_file(path: &Path, permissions: Option<Permissions>) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

    let Some(permissions) = permissions else {
        return File::create_new(path);
    };
    let mode = permissions.mode() & 0o777;
    // A later change of the mode would let other users read a private file until then.
    let mut options = File::options();
    let file = options.write(true).create_new(true).mode(mode).open(path)?;
    // The umask may have removed permissions.
    file.set_permissions(Permissions::from_mode(mode))?;
    Ok(file)
}

/// Creates a file with the permissions of the file that it replaces.
#[cfg(not(unix))]
fn create_file(path: &Path, permissions: Option<Permissions>) -> io::Result<File> {
    let file = File::create_new(path)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    Ok(file)
}

/// A path in the directory of the target, so that renaming the file replaces the target atomically.
/// The file is removed when the path is dropped before.
struct TemporaryPath(PathBuf);

impl TemporaryPath {
    fn beside(target: &Path) -> io::Result<Arc<Self>> {
        let random = random_id::hexadecimal().map_err(io::Error::other)?;
        let name = format!(".download-{random}");
        Ok(Arc::new(Self(target.with_file_name(name))))
    }
}

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        // Fails if the file has been renamed, or was never created.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A step of a download, on a thread that may wait for the disk.
type Step<T> = Box<dyn FnOnce() -> io::Result<T> + Send>;

/// Takes a step, to its end even if the caller is dropped meanwhile.
async fn blocking<T: Send + 'static>(step: Step<T>) -> io::Result<T> {
    tokio::task::spawn_blocking(step)
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

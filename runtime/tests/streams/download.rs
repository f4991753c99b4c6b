//! Downloads: byte streams that are saved to a file, or read as `AsyncRead`.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use neo_client_runtime::{ByteStream, ErrorKind, Method};
use tokio::io::AsyncReadExt;
use tokio::task::spawn_blocking;

use crate::support::connection_fault::until_closed;
use crate::support::server::{Server, response};

async fn download(server: &Server) -> ByteStream {
    let request = server.client().request(Method::GET, "/api/v1/x");
    request.stream().await.unwrap().into_inner()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[tokio::test]
async fn download_complete_is_saved_with_progress() {
    let body: Vec<u8> = (0..300_000u32).map(|it| (it % 251) as u8).collect();
    let server = Server::always(response(200, &["content-type: image/png"], &body));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.png");
    fs::write(&path, "old").unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let stream = download(&server).await;
    assert_eq!(stream.content_length(), Some(300_000));
    let told = Arc::clone(&seen);
    let written = stream
        .save_to(&path)
        .limit(300_000)
        .progress(move |bytes, total| told.lock().unwrap().push((bytes, total)))
        .await
        .unwrap();
    assert_eq!(written, 300_000);
    assert_eq!(fs::read(&path).unwrap(), body);
    assert_eq!(names(directory.path()), ["a.png"]);
    let seen = seen.lock().unwrap();
    assert!(seen.is_sorted_by(|a, b| a.0 < b.0), "{seen:?}");
    assert_eq!(seen.last(), Some(&(300_000, Some(300_000))));
}

#[tokio::test]
async fn download_incomplete_leaves_the_old_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a");
    fs::write(&path, "old").unwrap();

    let cut = Server::start(|_| b"HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\nhalf".to_vec());
    let error = download(&cut).await.save_to(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);

    let announced = Server::always(response(200, &[], "too much"));
    let endless = Server::start(|_| b"HTTP/1.1 200 -\r\n\r\ntoo much".to_vec());
    for server in [announced, endless] {
        let save = download(&server).await.save_to(&path).limit(7);
        let error = save.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
        assert!(error.to_string().contains("more than 7 bytes"), "{error}");
    }

    let stalled = Server::serve(|_, socket| {
        socket.write_all(b"HTTP/1.1 200 -\r\n\r\nhalf").unwrap();
        until_closed(socket);
    });
    let save = download(&stalled).await.save_to(&path).into_future();
    let dropped = tokio::time::timeout(Duration::from_millis(300), save).await;
    assert!(dropped.is_err());

    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(directory.path()), ["a"]);
}

#[test]
fn download_dropped_while_it_creates_leaves_no_file() {
    // One thread for blocking work, so that the test decides when the file is created.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    let server = Server::always(response(200, &[], "whole"));
    let directory = tempfile::tempdir().unwrap();
    runtime.block_on(async {
        let (release, released) = std::sync::mpsc::channel::<()>();
        let stream = download(&server).await;
        let busy = spawn_blocking(move || released.recv());
        let save = stream.save_to(directory.path().join("a")).into_future();
        let dropped = tokio::time::timeout(Duration::from_millis(50), save).await;
        assert!(dropped.is_err());
        release.send(()).unwrap();
        busy.await.unwrap().unwrap();
        // Runs after the creation.
        spawn_blocking(|| ()).await.unwrap();
        assert!(names(directory.path()).is_empty());
    });
}

#[tokio::test]
async fn download_to_unwritable_path_names_it() {
    let server = Server::always(response(200, &[], "x"));
    let directory = tempfile::tempdir().unwrap();
    for path in [
        directory.path().join("none").join("a"),
        directory.path().to_owned(),
    ] {
        let error = download(&server).await.save_to(&path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
        assert!(!error.is_retryable());
        let text = error.to_string();
        assert!(text.contains(&*path.to_string_lossy()), "{text}");
    }
}

#[tokio::test]
async fn download_to_no_file_fails_before_it_is_read() {
    // The body never ends.
    let server = Server::serve(|_, socket| {
        socket.write_all(b"HTTP/1.1 200 -\r\n\r\nhalf").unwrap();
        until_closed(socket);
    });
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| format!("{}/{name}", directory.path().display());
    for (path, why) in [
        (path(""), "name of a file"),
        (path("new/"), "name of a file"),
        (path("new/."), "name of a file"),
        (path("new/./"), "name of a file"),
        (path(".."), "name of a file"),
        (path("."), "name of a file"),
        (".".to_owned(), "name of a file"),
        (String::new(), "name of a file"),
        (directory.path().display().to_string(), "directory"),
        #[cfg(unix)]
        ("/dev/null".to_owned(), "not a regular file"),
    ] {
        let save = download(&server).await.save_to(&path).into_future();
        let outcome = tokio::time::timeout(Duration::from_secs(60), save).await;
        let error = outcome.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File, "{path}");
        assert!(error.to_string().contains(why), "{path}: {error}");
    }
    assert!(names(directory.path()).is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn download_keeps_the_link_and_the_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let server = Server::always(response(200, &[], "new"));
    let directory = tempfile::tempdir().unwrap();
    let (file, link) = (directory.path().join("file"), directory.path().join("link"));
    symlink("file", &link).unwrap();
    // The umask does not apply, and setuid is dropped.
    for (old, kept) in [(0o600, 0o600), (0o666, 0o666), (0o4755, 0o755)] {
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(old)).unwrap();
        download(&server).await.save_to(&link).await.unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, kept, "{mode:o} for {old:o}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn download_to_dangling_link_replaces_the_link() {
    let server = Server::always(response(200, &[], "new"));
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("link");
    std::os::unix::fs::symlink("absent", &link).unwrap();
    download(&server).await.save_to(&link).await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
    assert_eq!(fs::read(&link).unwrap(), b"new");
    assert_eq!(names(directory.path()), ["link"]);
}

#[tokio::test]
async fn download_as_async_read_is_read() {
    let server = Server::always(response(200, &[], "0123456789"));
    let mut reader = download(&server).await.into_async_read();
    let mut half = [0; 5];
    reader.read_exact(&mut half).await.unwrap();
    let mut rest = String::new();
    reader.read_to_string(&mut rest).await.unwrap();
    assert_eq!((&half, &*rest), (b"01234", "56789"));

    let cut = Server::start(|_| b"HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\nhalf".to_vec());
    let mut reader = download(&cut).await.into_async_read();
    let error = reader.read_to_end(&mut Vec::new()).await.unwrap_err();
    let error = error.downcast::<neo_client_runtime::Error>().unwrap();
    assert_eq!(error.kind(), ErrorKind::Transport);
}

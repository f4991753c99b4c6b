//! Gets an OpenAPI document from the web or from a file, as bytes that are still to be judged.

use std::{
    error::Error,
    fs::File,
    io::{self, IsTerminal, Read},
    path::PathBuf,
    time::{Duration, Instant},
};

use reqwest::{
    StatusCode, Url,
    blocking::{Client, RequestBuilder, Response},
    redirect::Policy,
};

use crate::Result;

/// Where the vendor publishes the document.
const LIVE: &str = "https://neo.api.projectdiscovery.io/api/openapi.json";

/// In bytes: far more than any OpenAPI document of one API has.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For the whole of a fetch, unless the command line says otherwise.
pub const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_REDIRECTS: usize = 5;

/// Where a document comes from.
pub enum Source {
    Web(String),
    File(PathBuf),
}

impl Source {
    pub fn live() -> Self {
        Self::Web(LIVE.to_owned())
    }

    /// A URL if it says so, else a file.
    pub fn named(name: String) -> Self {
        if name.contains("://") {
            Self::Web(name)
        } else {
            Self::File(name.into())
        }
    }

    /// The source as messages name it.
    pub fn name(&self) -> String {
        match self {
            Self::Web(url) => url.clone(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// How a document is fetched.
pub struct Fetching {
    pub source: Source,
    /// For all of it.
    pub timeout: Duration,
}

/// What came of it.
pub enum Fetched {
    /// The server says that we have it already.
    Same,
    Came {
        bytes: Vec<u8>,
        etag: Option<String>,
    },
}

impl Fetching {
    /// The bytes of the document, unless the server knows it under `etag`; an error does not repeat
    /// [`Source::name`].
    pub fn bytes(&self, etag: Option<&str>) -> Result<Fetched> {
        match &self.source {
            Source::Web(url) => download(url, self.timeout, etag),
            Source::File(path) => Ok(Fetched::Came {
                bytes: read(File::open(path)?)?,
                etag: None,
            }),
        }
    }
}

fn download(url: &str, timeout: Duration, etag: Option<&str>) -> Result<Fetched> {
    let url = Url::parse(url)?;
    let deadline = Instant::now() + timeout;
    let client = Client::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .timeout(timeout)
        .redirect(Policy::limited(MAX_REDIRECTS))
        // What is fetched becomes code: it must not be changed on the way, nor by a redirect to
        // another scheme.
        .https_only(!is_loopback(&url))
        .user_agent(concat!("neo-client-xtask/", env!("CARGO_PKG_VERSION")))
        .build()?;
    let mut request = client
        .get(url)
        .header("accept", "application/json, application/yaml;q=0.9");
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    let reply = send(&request, deadline)?;
    if reply.status() == StatusCode::NOT_MODIFIED && etag.is_some() {
        return Ok(Fetched::Same);
    }
    if reply.status() != StatusCode::OK {
        return Err(format!("replied {} instead of 200 OK", reply.status()).into());
    }
    if reply
        .content_length()
        .is_some_and(|length| length > MAX_SIZE)
    {
        return Err(too_large());
    }
    let etag = reply.headers().get("etag");
    let etag = etag.and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let bytes = read(Watched {
        from: reply,
        deadline,
        count: 0,
        shown: std::io::stderr().is_terminal(),
    })?;
    Ok(Fetched::Came { bytes, etag })
}

/// Sends a request, again after a while if there is no connection or the server is away.
fn send(request: &RequestBuilder, deadline: Instant) -> Result<Response> {
    const WAITS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
    const AWAY: [StatusCode; 3] = [
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    let mut waits = WAITS.into_iter();
    loop {
        let request = request
            .try_clone()
            .ok_or("the request cannot be repeated")?;
        let sent = request.send();
        let may_pass = match &sent {
            Ok(reply) => AWAY.contains(&reply.status()),
            Err(error) => error.is_connect(),
        };
        match waits.next() {
            Some(wait) if may_pass && Instant::now() + wait < deadline => std::thread::sleep(wait),
            _ => return Ok(sent.map_err(|error| in_one_line(&error))?),
        }
    }
}

/// A body that is read until a deadline, and tells a person at a terminal how far it is.
struct Watched<R> {
    from: R,
    /// reqwest begins to count anew with each piece.
    deadline: Instant,
    count: usize,
    shown: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() > self.deadline {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "timed out"));
        }
        let count = self.from.read(buffer)?;
        self.count += count;
        if self.shown {
            let end = if count == 0 { "\n" } else { "" };
            eprint!("\rfetching: {} KiB{end}", self.count >> 10);
        }
        Ok(count)
    }
}

/// Tests and a server on the maintainer's machine have no certificate.
fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn read(from: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_SIZE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            format!(
                "cut off after {} bytes: {}",
                bytes.len(),
                in_one_line(&error)
            )
        })?;
    if bytes.len() as u64 > MAX_SIZE {
        Err(too_large())
    } else {
        Ok(bytes)
    }
}

fn too_large() -> Box<dyn Error> {
    format!("larger than {} MiB", MAX_SIZE >> 20).into()
}

/// An error with its causes: reqwest says "error sending request", its source says why.
fn in_one_line(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let reason = error.to_string();
        if !text.contains(&reason) {
            text = format!("{text}: {reason}");
        }
        cause = error.source();
    }
    text
}

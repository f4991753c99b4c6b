//! Reads an OpenAPI document from the web or from a file.

use std::{error::Error, fs::File, io::Read, path::PathBuf, time::Duration};

use clap::Args;
use reqwest::{Client, StatusCode, Url, redirect, retry};

use crate::result::Result;

/// The vendor's address of the document.
const LIVE: &str = "https://neo.api.projectdiscovery.io/api/openapi.json";

/// The size limit in bytes. Documents of the largest APIs have about 10 MB.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_REDIRECTS: usize = 5;
const MAX_RETRIES: u32 = 2;

/// The origin of a document, and the time that reading it may take.
#[derive(Debug, Args)]
pub struct FetchArguments {
    /// Reads this document instead of the live one.
    #[arg(long, value_name = "URL|FILE")]
    from: Option<String>,

    /// The timeout of the whole download.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
}

/// The origin of a document.
pub enum Source {
    Web(String),
    File(PathBuf),
}

impl Source {
    /// Returns the source as messages name it.
    pub fn name(&self) -> String {
        match self {
            Self::Web(url) => url.clone(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

impl FetchArguments {
    pub fn source(&self) -> Source {
        match &self.from {
            None => Source::Web(LIVE.to_owned()),
            Some(name) if name.contains("://") => Source::Web(name.clone()),
            Some(name) => Source::File(name.into()),
        }
    }

    /// Reads the bytes of the document. An error does not repeat [`Source::name`].
    pub fn read(&self) -> Result<Vec<u8>> {
        match self.source() {
            Source::Web(url) => {
                let timeout = Duration::from_secs(self.timeout.into());
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                runtime.block_on(download(&url, timeout))
            }
            Source::File(path) => {
                let mut bytes = Vec::new();
                File::open(path)?
                    .take(MAX_SIZE + 1)
                    .read_to_end(&mut bytes)?;
                if bytes.len() as u64 > MAX_SIZE {
                    return Err(too_large());
                }
                Ok(bytes)
            }
        }
    }
}

async fn download(url: &str, timeout: Duration) -> Result<Vec<u8>> {
    let url = Url::parse(url)?;
    let client = Client::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        // The timeout of reqwest's async client covers the whole body.
        .timeout(timeout)
        .redirect(redirect::Policy::limited(MAX_REDIRECTS))
        .retry(retries(&url))
        // The document becomes code: nobody may change it on the way, nor may a redirect to another
        // scheme.
        .https_only(!is_loopback(&url))
        .user_agent(concat!("neo-client-xtask/", env!("CARGO_PKG_VERSION")))
        .build()?;
    let request = client
        .get(url)
        .header("accept", "application/json, application/yaml;q=0.9");
    let mut response = request.send().await.map_err(|error| with_causes(&error))?;
    if response.status() != StatusCode::OK {
        return Err(format!("responded {} instead of 200 OK", response.status()).into());
    }
    if response
        .content_length()
        .is_some_and(|length| length > MAX_SIZE)
    {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(bytes),
            Err(error) => {
                let (count, causes) = (bytes.len(), with_causes(&error));
                return Err(format!("cut off after {count} bytes: {causes}").into());
            }
        }
        if bytes.len() as u64 > MAX_SIZE {
            return Err(too_large());
        }
    }
}

/// Retries failed connections and the status codes of a server that is temporarily away.
fn retries(url: &Url) -> retry::Builder {
    retry::for_host(url.host_str().unwrap_or_default().to_owned())
        // The budget protects servers from busy clients. This client sends one request.
        .no_budget()
        .max_retries_per_request(MAX_RETRIES)
        .classify_fn(|attempt| match attempt.status() {
            None
            | Some(
                StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT,
            ) => attempt.retryable(),
            Some(_) => attempt.success(),
        })
}

/// Tests, and servers on the maintainer's machine, have no certificate.
fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn too_large() -> Box<dyn Error> {
    format!("larger than {} MiB", MAX_SIZE >> 20).into()
}

/// Returns an error with its causes: reqwest says "error sending request", its source says why.
fn with_causes(error: &dyn Error) -> String {
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

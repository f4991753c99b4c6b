//! Asks a proxy why it refuses to connect to the server.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::known_proxy::KnownProxy;

/// How long the proxy may take to respond.
const LIMIT: Duration = Duration::from_secs(3);

/// The maximum length of a status line that is read.
const LINE: usize = 256;

/// Sends `CONNECT` once more and returns the status of the response, which the HTTP library reads
/// and drops.
///
/// Returns `None` if the proxy does not respond, connects this time, is asked over TLS, or wants a
/// credential that is unknown here: the HTTP library reports a 407 itself.
pub(crate) async fn ask(proxy: &KnownProxy, host: &str, port: u16) -> Option<StatusCode> {
    let status = timeout(LIMIT, connect(proxy, host, port)).await.ok()??;
    let is_told = status.is_success() || status == StatusCode::PROXY_AUTHENTICATION_REQUIRED;
    (!is_told).then_some(status)
}

async fn connect(proxy: &KnownProxy, host: &str, port: u16) -> Option<StatusCode> {
    let uri = &proxy.uri;
    if uri.scheme_str() != Some("http") {
        return None;
    }
    let address = (uri.host()?, uri.port_u16().unwrap_or(80));
    let mut socket = TcpStream::connect(address).await.ok()?;
    let mut head = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some(credential) = &proxy.credential {
        let credential = credential.to_str().ok()?;
        head += &format!("Proxy-Authorization: {credential}\r\n");
    }
    socket
        .write_all(format!("{head}\r\n").as_bytes())
        .await
        .ok()?;
    let mut line = Vec::new();
    while !line.contains(&b'\n') && line.len() < LINE {
        if socket.read_buf(&mut line).await.ok()? == 0 {
            break;
        }
    }
    status_of(&line)
}

/// Returns the status of a status line (RFC 9112 section 4).
fn status_of(line: &[u8]) -> Option<StatusCode> {
    let line = std::str::from_utf8(line.get(..12)?).ok()?;
    StatusCode::from_bytes(line.strip_prefix("HTTP/1.")?.get(2..)?.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_line_is_read() {
        let status = |line: &str| status_of(line.as_bytes()).map(|status| status.as_u16());
        assert_eq!(status("HTTP/1.1 403 Forbidden\r\n"), Some(403));
        assert_eq!(status("HTTP/1.0 503\r\n"), Some(503));
        for wrong in [
            "",
            "HTTP/1.1 40",
            "HTTP/2.0 403 x",
            "SSH-2.0-OpenSSH",
            "HTTP/1.1 4x3",
        ] {
            assert_eq!(status(wrong), None, "{wrong}");
        }
    }
}

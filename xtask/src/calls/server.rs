//! A server that keeps the bytes of each request, and sends an error response.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::calls::received::find;
use crate::result::Result;

/// No client retries a request after this response.
const RESPONSE: &[u8] = b"HTTP/1.1 418 I'm a teapot\r\ncontent-type: application/json\r\n\
    content-length: 2\r\nconnection: close\r\n\r\n{}";

/// The size limit of a request in bytes.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// A server on the loopback interface, which ends with the program.
pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Server {
    /// Starts a server on a free port.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let (Ok(bytes), Ok(mut kept)) = (respond(stream), kept.lock()) {
                    kept.push(bytes);
                }
            }
        });
        Ok(Self { address, requests })
    }

    /// Returns the requests so far.
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.requests
            .lock()
            .map(|requests| requests.clone())
            .unwrap_or_default()
    }
}

/// Reads one request and responds.
fn respond(mut stream: TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    while !is_complete(&bytes) && bytes.len() < MAX_SIZE {
        match stream.read(&mut buffer)? {
            0 => break,
            count => bytes.extend_from_slice(buffer.get(..count).unwrap_or_default()),
        }
    }
    stream.write_all(RESPONSE)?;
    Ok(bytes)
}

fn is_complete(bytes: &[u8]) -> bool {
    let Some(end) = find(bytes, b"\r\n\r\n") else {
        return false;
    };
    let (head, body) = bytes.split_at(end + 4);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if head.contains("transfer-encoding: chunked") {
        return body.ends_with(b"0\r\n\r\n");
    }
    let length = head
        .split_once("content-length:")
        .and_then(|(_, rest)| rest.lines().next()?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

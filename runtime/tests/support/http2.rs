//! An HTTP/2 server that sends any frames: GOAWAY and RST_STREAM whenever a test wants them.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use neo_client_fixture::{Client, ClientBuilder};

use crate::support::clients::KEY;
use crate::support::server::{Connection, Server};

/// Frame types (RFC 9113 section 6).
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;

const END_STREAM: u8 = 0x1;
const END_HEADERS: u8 = 0x4;
const ACK: u8 = 0x1;

/// Error codes (RFC 9113 section 7).
pub const NO_ERROR: u32 = 0;
pub const REFUSED_STREAM: u32 = 7;

/// One connection, after its preface.
pub struct Http2<'c> {
    socket: &'c TcpStream,
    /// The number of connections before this one.
    pub number: usize,
    bodies: BTreeMap<u32, Vec<u8>>,
}

/// A request that arrived in whole.
pub struct Request {
    pub stream: u32,
    pub body: String,
}

impl<'c> Http2<'c> {
    fn new(connection: &'c Connection, max_streams: Option<u32>) -> Option<Self> {
        let mut preface = [0; 24];
        (&connection.socket).read_exact(&mut preface).ok()?;
        assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        let mut this = Self {
            socket: &connection.socket,
            number: connection.number,
            bodies: BTreeMap::new(),
        };
        let mut settings = Vec::new();
        if let Some(max) = max_streams {
            // SETTINGS_MAX_CONCURRENT_STREAMS
            settings.extend([0, 3]);
            settings.extend(max.to_be_bytes());
        }
        this.send(SETTINGS, 0, 0, &settings);
        Some(this)
    }

    /// Waits for the next request. Returns `None` once the client has closed the connection.
    pub fn request(&mut self) -> Option<Request> {
        loop {
            let (kind, flags, stream, payload) = self.frame()?;
            match kind {
                HEADERS => drop(self.bodies.insert(stream, Vec::new())),
                DATA => self.bodies.entry(stream).or_default().extend(payload),
                RST_STREAM => drop(self.bodies.remove(&stream)),
                SETTINGS if flags & ACK == 0 => self.send(SETTINGS, ACK, 0, &[]),
                PING if flags & ACK == 0 => self.send(PING, ACK, 0, &payload),
                _ => {}
            }
            let is_end = matches!(kind, HEADERS | DATA) && flags & END_STREAM != 0;
            if let Some(body) = self.bodies.remove(&stream).filter(|_| is_end) {
                let body = String::from_utf8(body).unwrap();
                return Some(Request { stream, body });
            }
        }
    }

    /// Waits for the head of the next request, and leaves its body unread.
    pub fn head(&mut self) -> Option<u32> {
        loop {
            let (kind, _, stream, _) = self.frame()?;
            if kind == HEADERS {
                return Some(stream);
            }
        }
    }

    /// Sends a whole response with status 200.
    pub fn respond(&mut self, stream: u32, body: &str) {
        self.send(HEADERS, END_HEADERS, stream, &[0x88]);
        self.send(DATA, END_STREAM, stream, body.as_bytes());
    }

    /// Sends the beginning of a response with status 200: `body` without the end of the stream.
    pub fn respond_in_part(&mut self, stream: u32, content_length: Option<usize>, body: &str) {
        // The status 200 from the static table of HPACK (RFC 7541 appendix A).
        let mut head = vec![0x88];
        if let Some(length) = content_length {
            let length = length.to_string();
            // A literal without indexing, with the name `content-length` from the table.
            head.extend([0x0f, 0x0d, u8::try_from(length.len()).unwrap()]);
            head.extend(length.bytes());
        }
        self.send(HEADERS, END_HEADERS, stream, &head);
        self.send(DATA, 0, stream, body.as_bytes());
    }

    /// Ends a response that was sent in part.
    pub fn end(&mut self, stream: u32) {
        self.send(DATA, END_STREAM, stream, &[]);
    }

    /// Sends the head of an event stream, and its first bytes.
    pub fn begin_events(&mut self, stream: u32, events: &str) {
        let mut head = vec![0x88];
        let media_type = b"text/event-stream";
        // A literal without indexing, with the name `content-type` from the table.
        head.extend([0x0f, 0x10, u8::try_from(media_type.len()).unwrap()]);
        head.extend(media_type);
        self.send(HEADERS, END_HEADERS, stream, &head);
        self.send(DATA, 0, stream, events.as_bytes());
    }

    /// Sends a whole response with this status and no body.
    pub fn refuse(&mut self, stream: u32, status: &str) {
        // A literal without indexing, with the name `:status` from the table.
        let head = [&[0x08, 3], status.as_bytes()].concat();
        self.send(HEADERS, END_HEADERS | END_STREAM, stream, &head);
    }

    /// Resets a stream.
    pub fn reset(&mut self, stream: u32, code: u32) {
        self.send(RST_STREAM, 0, stream, &code.to_be_bytes());
    }

    /// Announces the end of the connection. Streams after `last` are not processed.
    pub fn go_away(&mut self, last: u32, code: u32) {
        let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
        self.send(GOAWAY, 0, 0, &payload);
    }

    /// Reads until the client closes the connection, without a response to anything.
    pub fn swallow(&mut self) {
        while self.frame().is_some() {}
    }

    fn frame(&mut self) -> Option<(u8, u8, u32, Vec<u8>)> {
        let mut head = [0; 9];
        self.socket.read_exact(&mut head).ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.socket.read_exact(&mut payload).ok()?;
        Some((head[3], head[4], stream, payload))
    }

    /// Sends a frame. Ignores an error: the client may have closed the connection.
    fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = vec![length[1], length[2], length[3], kind, flags];
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        let _ = self.socket.write_all(&frame);
    }
}

/// Starts a server that calls `handle` for each connection, and closes the connection afterwards.
/// `max_streams` is the maximum number of concurrent streams.
pub fn serve(
    max_streams: Option<u32>,
    handle: impl Fn(&mut Http2) + Send + Sync + 'static,
) -> Server {
    Server::accept(move |connection| {
        if let Some(mut http2) = Http2::new(connection, max_streams) {
            handle(&mut http2);
        }
    })
}

/// Returns a builder of clients that speak HTTP/2 with `server`.
pub fn builder(server: &Server) -> ClientBuilder {
    let builder = server.builder().depot_key(KEY);
    builder.http(|http| http.http2_prior_knowledge())
}

/// Returns a client that speaks HTTP/2 with `server` and retries without waiting.
pub fn client(server: &Server) -> Client {
    let policy = crate::support::calls::quick();
    builder(server).retry_policy(policy).build().unwrap()
}

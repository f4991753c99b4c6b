//! A small HTTP server on a real socket: it responds with any bytes and records what it receives.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    /// The path and the query, as sent.
    pub target: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    /// Returns the value of a header. `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(it, _)| it == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "`{name}` came twice");
        value
    }

    /// Returns whether any part of the request contains `secret`.
    pub fn holds(&self, secret: &str) -> bool {
        format!("{self:?}").contains(secret)
    }
}

/// A connection that a client made.
pub struct Connection {
    /// The number of connections before this one.
    pub number: usize,
    pub socket: TcpStream,
    record: Arc<Mutex<Vec<Received>>>,
}

impl Connection {
    /// Waits for the next request and records it. Returns `None` once the client has closed its
    /// side.
    pub fn request(&mut self) -> Option<Received> {
        let request = read_request(&self.socket)?;
        self.record.lock().unwrap().push(request.clone());
        Some(request)
    }

    /// Sends bytes. Ignores an error: the client may have closed the connection.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.socket.write_all(bytes.as_ref());
    }
}

/// A server on its own port, which runs until the test ends.
#[derive(Clone)]
pub struct Server {
    address: SocketAddr,
    accepted: Arc<AtomicUsize>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// Responds to each request with the bytes that `answer` returns, then closes the connection.
    pub fn start(answer: impl Fn(&Received) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::serve(move |request, socket| {
            // The client may have closed the connection.
            let _ = socket.write_all(&answer(request));
        })
    }

    /// Calls `handle` for each connection once its request has arrived.
    pub fn serve(handle: impl Fn(&Received, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::accept(move |connection| {
            if let Some(request) = connection.request() {
                handle(&request, &mut connection.socket);
            }
        })
    }

    /// Calls `handle` for each connection before anything is read, then closes the connection.
    pub fn accept(handle: impl Fn(&mut Connection) + Send + Sync + 'static) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").unwrap(), handle)
    }

    /// Does what [`Server::accept`] does, on an existing socket.
    pub fn listen(
        listener: TcpListener,
        handle: impl Fn(&mut Connection) + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let (accepted, received) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<_>>::default());
        let (count, record) = (Arc::clone(&accepted), Arc::clone(&received));
        let handle = Arc::new(handle);
        thread::spawn(move || {
            for (number, socket) in listener.incoming().enumerate() {
                count.fetch_add(1, Ordering::SeqCst);
                let mut connection = Connection {
                    number,
                    socket: socket.unwrap(),
                    record: Arc::clone(&record),
                };
                let handle = Arc::clone(&handle);
                thread::spawn(move || handle(&mut connection));
            }
        });
        Self {
            address,
            accepted,
            received,
        }
    }

    /// Sends the same response to every request.
    pub fn always(answer: Vec<u8>) -> Self {
        Self::start(move |_| answer.clone())
    }

    /// Returns the base URL of the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the number of connections so far.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Returns the requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

/// Returns the bytes of a response that closes the connection. `headers` are whole lines.
pub fn response(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} -\r\nconnection: close\r\n");
    for header in headers {
        head += &format!("{header}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Returns the bytes of a JSON response.
pub fn json(status: u16, body: &str) -> Vec<u8> {
    response(status, &["content-type: application/json"], body)
}

fn read_request(socket: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(socket);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let mut request = Received {
        method,
        target,
        headers,
        body: String::new(),
    };
    let mut body = Vec::new();
    if request.header("transfer-encoding") == Some("chunked") {
        while read_chunk(&mut reader, &mut body)? > 0 {}
    } else {
        let length = request.header("content-length").unwrap_or("0");
        body.resize(length.parse().unwrap(), 0);
        reader.read_exact(&mut body).ok()?;
    }
    request.body = String::from_utf8(body).unwrap();
    Some(request)
}

/// Reads one chunk of a body (RFC 9112 section 7.1) and returns its length, which is 0 at the end.
fn read_chunk(reader: &mut impl BufRead, body: &mut Vec<u8>) -> Option<usize> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let length = usize::from_str_radix(line.trim_end(), 16).unwrap();
    let start = body.len();
    body.resize(start + length, 0);
    reader.read_exact(&mut body[start..]).ok()?;
    reader.read_line(&mut line).ok()?;
    Some(length)
}

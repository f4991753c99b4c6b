//! Faults of a connection, to precede a good response.

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use socket2::SockRef;

use crate::support::server::{Connection, Server, json, response};

/// A way for a connection to fail.
#[derive(Clone, Copy, Debug)]
pub enum ConnectionFault {
    /// The server closes the connection at once.
    ClosedAtOnce,
    /// The server resets the connection with the request unread.
    ResetUnread,
    /// The server resets the connection after the request.
    ResetAfterRead,
    /// The server closes the connection after the request.
    ClosedAfterRead,
    HeadEndsEarly,
    BodyEndsEarly,
    ChunksEndEarly,
    BadChunk,
    NotHttp,
    /// The server sends nothing until the client gives up.
    Silence,
    /// The server sends the head of a response, and then nothing.
    SilenceInBody,
    Status(u16),
}

impl ConnectionFault {
    /// Returns whether the client notices the fault by a timeout only.
    pub fn is_silent(self) -> bool {
        matches!(self, Self::Silence | Self::SilenceInBody)
    }

    /// Returns whether the client may notice the fault before it sends the request.
    pub fn may_precede_the_request(self) -> bool {
        matches!(self, Self::ClosedAtOnce | Self::ResetUnread)
    }

    /// Returns whether the fault is in the body of a response. `HEAD` has no body.
    pub fn is_in_body(self) -> bool {
        use ConnectionFault::*;
        matches!(
            self,
            BodyEndsEarly | ChunksEndEarly | BadChunk | SilenceInBody
        )
    }

    /// Starts a server whose first `times` connections fail. All others send `answer`.
    pub fn first(self, times: usize, answer: Vec<u8>) -> Server {
        Server::accept(move |connection| {
            if connection.number < times {
                self.happen(connection);
            } else if connection.request().is_some() {
                connection.send(&answer);
            }
        })
    }

    /// Starts a server whose connections all fail.
    pub fn always(self) -> Server {
        self.first(usize::MAX, Vec::new())
    }

    /// Lets the fault happen to `connection`.
    fn happen(self, connection: &mut Connection) {
        match self {
            ConnectionFault::ClosedAtOnce => return,
            ConnectionFault::ResetUnread => {
                connection.socket.peek(&mut [0]).unwrap();
                return reset(&connection.socket);
            }
            _ => drop(connection.request()),
        }
        match self {
            ConnectionFault::ResetAfterRead => reset(&connection.socket),
            ConnectionFault::HeadEndsEarly => connection.send("HTTP/1.1 200 -\r\ncontent-le"),
            ConnectionFault::BodyEndsEarly => {
                connection.send("HTTP/1.1 200 -\r\ncontent-length: 99\r\n\r\n{")
            }
            ConnectionFault::ChunksEndEarly => connection.send(chunked("9\r\n{")),
            ConnectionFault::BadChunk => connection.send(chunked("1\r\n{\r\nxyz\r\n")),
            ConnectionFault::NotHttp => connection.send("SSH-2.0-OpenSSH_9.7\r\n\r\n"),
            ConnectionFault::Silence => drop(until_closed(&mut connection.socket)),
            ConnectionFault::SilenceInBody => {
                connection.send("HTTP/1.1 200 -\r\ncontent-length: 99\r\n\r\n{");
                until_closed(&mut connection.socket);
            }
            ConnectionFault::Status(status) => {
                connection.send(json(status, r#"{"error": "not now"}"#))
            }
            ConnectionFault::ClosedAtOnce
            | ConnectionFault::ResetUnread
            | ConnectionFault::ClosedAfterRead => {}
        }
    }
}

/// Makes the connection end with a reset when it is dropped.
pub fn reset(socket: &TcpStream) {
    SockRef::from(socket)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
}

/// Waits until the client closes the connection. Returns whether it did.
pub fn until_closed(socket: &mut TcpStream) -> bool {
    socket
        .set_read_timeout(Some(Duration::from_secs(120)))
        .unwrap();
    let mut buffer = [0; 4096];
    loop {
        match socket.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

/// Returns a chunked response with `chunks` as its body, unchanged.
pub fn chunked(chunks: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 -\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{chunks}")
        .into()
}

/// Returns a response with a `Retry-After` header.
pub fn later(status: u16, retry_after: &str) -> Vec<u8> {
    response(status, &[&format!("retry-after: {retry_after}")], "")
}

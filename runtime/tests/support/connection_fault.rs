//! What can happen to a connection, to be put in front of a good answer.

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use socket2::SockRef;

use crate::server::{Connection, Server, json, reply};

#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Closed as soon as it was accepted.
    ClosedAtOnce,
    /// Reset when the request has come, with none of it read.
    ResetUnread,
    /// Reset when the request was read.
    ResetAfterRead,
    /// Closed without a word when the request was read.
    ClosedAfterRead,
    HeadEndsEarly,
    BodyEndsEarly,
    ChunksEndEarly,
    BadChunk,
    NotHttp,
    /// Nothing is sent until the client gives up.
    Silence,
    /// The same after the head of the reply.
    SilenceInBody,
    Status(u16),
}

impl Fault {
    /// Whether it is in the body of a reply, of which `HEAD` has none.
    pub fn is_in_body(self) -> bool {
        use Fault::*;
        matches!(
            self,
            BodyEndsEarly | ChunksEndEarly | BadChunk | SilenceInBody
        )
    }

    /// A server on which the first `times` connections fail and all others give `answer`.
    pub fn first(self, times: usize, answer: Vec<u8>) -> Server {
        Server::accept(move |connection| {
            if connection.number < times {
                self.happen(connection);
            } else if connection.request().is_some() {
                connection.send(&answer);
            }
        })
    }

    /// A server on which every connection fails.
    pub fn always(self) -> Server {
        self.first(usize::MAX, Vec::new())
    }

    fn happen(self, connection: &mut Connection) {
        match self {
            Fault::ClosedAtOnce => return,
            Fault::ResetUnread => {
                connection.socket.peek(&mut [0]).unwrap();
                return reset(&connection.socket);
            }
            _ => drop(connection.request()),
        }
        match self {
            Fault::ResetAfterRead => reset(&connection.socket),
            Fault::HeadEndsEarly => connection.send("HTTP/1.1 200 -\r\ncontent-le"),
            Fault::BodyEndsEarly => {
                connection.send("HTTP/1.1 200 -\r\ncontent-length: 99\r\n\r\n{")
            }
            Fault::ChunksEndEarly => connection.send(chunked("9\r\n{")),
            Fault::BadChunk => connection.send(chunked("1\r\n{\r\nxyz\r\n")),
            Fault::NotHttp => connection.send("SSH-2.0-OpenSSH_9.7\r\n\r\n"),
            Fault::Silence => drop(until_closed(&mut connection.socket)),
            Fault::SilenceInBody => {
                connection.send("HTTP/1.1 200 -\r\ncontent-length: 99\r\n\r\n{");
                until_closed(&mut connection.socket);
            }
            Fault::Status(status) => connection.send(json(status, r#"{"error": "not now"}"#)),
            Fault::ClosedAtOnce | Fault::ResetUnread | Fault::ClosedAfterRead => {}
        }
    }
}

/// Makes the connection end with a reset, not in order, when it is dropped.
pub fn reset(socket: &TcpStream) {
    SockRef::from(socket)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
}

/// Waits until the client has closed the connection; says whether it did.
pub fn until_closed(socket: &mut TcpStream) -> bool {
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
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

/// A reply in chunks, which are `chunks` as they are.
pub fn chunked(chunks: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 -\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{chunks}")
        .into()
}

/// 429 or another status that asks to come back.
pub fn later(status: u16, retry_after: &str) -> Vec<u8> {
    reply(status, &[&format!("retry-after: {retry_after}")], "")
}

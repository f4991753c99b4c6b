//! What can go wrong between a client and the API, to be done by the mock server on purpose.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::{CONTENT_LENGTH, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use super::body::{Body, Disconnected};
use super::response::{Reply, problem, response};

/// A fault that [`MockServer::fail_once`](super::MockServer::fail_once) lets happen.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An error with this status, in the shape of the API's own.
    Status(u16),
    /// An error with this status and `Retry-After`, which is in whole seconds.
    RetryAfter(u16, Duration),
    /// A proxy's page: status 502, HTML.
    Html,
    /// The right reply, but only after this time.
    Slow(Duration),
    /// The first half of the right reply, then the end of the connection.
    Truncated,
    /// The right reply up to this many bytes of its body, then the end of the connection: in the middle of an event, say.
    CutAtByte(usize),
    /// The first events of the right reply, so many of them, then the end of the connection.
    CutAfterEvents(usize),
    /// The end of the connection instead of a reply.
    Disconnect,
    /// A reset of the connection (TCP `RST`) instead of a reply, as by a crash or a firewall.
    Reset,
    /// No reply, for as long as the client waits.
    Hang,
    /// A page of [`respond_pages`](super::MockServer::respond_pages) that leads nowhere new: the reply has the cursor that
    /// it was asked with; where no cursor is, it is the page before once more. It waits for the first request that asks
    /// for another page than the first.
    RepeatedCursor,
}

/// What a browser would show; no client can make anything of it.
const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
     <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

impl Fault {
    /// The status, if it is none that a server can reply with.
    pub(super) fn impossible_status(self) -> Option<u16> {
        match self {
            Self::Status(status) | Self::RetryAfter(status, _) => {
                Some(status).filter(|status| !(200..600).contains(status))
            }
            _ => None,
        }
    }

    /// Whether nothing of the right reply is seen.
    pub(super) fn is_instead(self) -> bool {
        match self {
            Self::Status(_)
            | Self::RetryAfter(..)
            | Self::Html
            | Self::Disconnect
            | Self::Reset
            | Self::Hang => true,
            Self::Slow(_)
            | Self::Truncated
            | Self::CutAtByte(_)
            | Self::CutAfterEvents(_)
            | Self::RepeatedCursor => false,
        }
    }

    /// Does it to the right reply.
    pub(super) async fn befall(
        self,
        right: Response<Body>,
    ) -> Result<Response<Body>, Disconnected> {
        match self {
            Self::Status(status) => Ok(failure(status)),
            Self::RetryAfter(status, wait) => {
                let mut response = failure(status);
                let seconds = HeaderValue::from(wait.as_secs());
                response.headers_mut().insert(RETRY_AFTER, seconds);
                Ok(response)
            }
            Self::Html => Ok(response(Reply {
                status: StatusCode::BAD_GATEWAY,
                media_type: "text/html".to_owned(),
                body: Bytes::from_static(PAGE.as_bytes()),
            })),
            Self::Slow(time) => {
                tokio::time::sleep(time).await;
                Ok(right)
            }
            Self::Truncated => {
                let (mut head, body) = right.into_parts();
                let length = body.length();
                head.headers.insert(CONTENT_LENGTH, length.max(1).into());
                Ok(Response::from_parts(head, body.cut(length / 2)))
            }
            Self::CutAtByte(place) => Ok(right.map(|body| body.cut(place))),
            Self::CutAfterEvents(count) => Ok(right.map(|body| body.cut_after(count))),
            Self::Disconnect => Err(Disconnected::Closed),
            Self::Reset => Err(Disconnected::Reset),
            Self::Hang => std::future::pending().await,
            // The page was made so.
            Self::RepeatedCursor => Ok(right),
        }
    }
}

fn failure(status: u16) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response(problem(status, "fault", "failed on purpose"))
}

//! Simulated failures of the network and of servers.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::{CONTENT_LENGTH, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use super::body::{Disconnected, MockBody};
use super::error_responses::ErrorResponses;
use super::response::WholeResponse;

/// A failure for [`MockServer::fail_once`](super::MockServer::fail_once).
///
/// ```
/// # use neo_client_runtime::mock::{Fault, MockError, MockServer};
/// # fn show(server: &MockServer) -> Result<(), MockError> {
/// use std::time::Duration;
///
/// server.fail_once("cats.list_cats", Fault::RetryAfter(429, Duration::from_secs(1)))?;
/// server.fail_once("cats.list_cats", Fault::Disconnect)?; // the request after that
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An error response with this status and the API's own error body.
    Status(u16),
    /// An error response with this status and `Retry-After`, in whole seconds.
    RetryAfter(u16, Duration),
    /// The error page of a proxy: status 502, HTML.
    Html,
    /// The response after this time.
    Slow(Duration),
    /// The first half of the response, then the end of the connection.
    Truncated,
    /// This many bytes of the response body, then the end of the connection. For example, the end
    /// in the middle of an event.
    CutAtByte(usize),
    /// This many events of the response, then the end of the connection.
    CutAfterEvents(usize),
    /// A closed connection instead of a response.
    Disconnect,
    /// A reset connection (TCP `RST`) instead of a response, as after a crash or by a firewall.
    Reset,
    /// No response, for as long as the client waits.
    Hang,
    /// A page of [`respond_pages`](super::MockServer::respond_pages) that does not lead on: the
    /// response repeats the cursor of the request, or the page before if there are no cursors. The
    /// fault waits for the first request for another page than the first.
    RepeatedCursor,
}

/// The page of a browser, which is useless for a client.
const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
     <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

impl Fault {
    /// The status of the error that the fault is.
    pub(super) fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) | Self::RetryAfter(status, _) => Some(status),
            _ => None,
        }
    }

    /// Returns whether the client sees nothing of the response.
    pub(super) fn replaces_response(self) -> bool {
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

    /// Applies the fault to a response.
    pub(super) async fn apply(
        self,
        response: Response<MockBody>,
        errors: &ErrorResponses,
    ) -> Result<Response<MockBody>, Disconnected> {
        match self {
            Self::Status(status) => Ok(failure(status, errors)),
            Self::RetryAfter(status, wait) => {
                let mut response = failure(status, errors);
                let seconds = HeaderValue::from(wait.as_secs());
                response.headers_mut().insert(RETRY_AFTER, seconds);
                Ok(response)
            }
            Self::Html => {
                let page = WholeResponse {
                    status: StatusCode::BAD_GATEWAY,
                    media_type: "text/html".to_owned(),
                    body: Bytes::from_static(PAGE.as_bytes()),
                };
                Ok(page.into_http())
            }
            Self::Slow(time) => {
                tokio::time::sleep(time).await;
                Ok(response)
            }
            Self::Truncated => {
                let (mut head, body) = response.into_parts();
                let length = body.length();
                head.headers.insert(CONTENT_LENGTH, length.max(1).into());
                Ok(Response::from_parts(head, body.cut(length / 2)))
            }
            Self::CutAtByte(bytes) => Ok(response.map(|body| body.cut(bytes))),
            Self::CutAfterEvents(count) => Ok(response.map(|body| body.cut_after(count))),
            Self::Disconnect => Err(Disconnected::Closed),
            Self::Reset => Err(Disconnected::Reset),
            Self::Hang => std::future::pending().await,
            // The page was built so.
            Self::RepeatedCursor => Ok(response),
        }
    }
}

fn failure(status: u16, errors: &ErrorResponses) -> Response<MockBody> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let error = errors.response(status, "fault", "failed on purpose");
    error.into_http()
}

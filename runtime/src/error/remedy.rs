//! The next step after a failure that a retry does not mend, by the kind of the error.

use reqwest::StatusCode;

use super::{Error, ErrorKind};

impl Error {
    /// Sets the next step, if it differs from the usual one of the kind.
    pub(crate) fn advised(mut self, remedy: &'static str) -> Self {
        self.0.remedy = Some(remedy);
        self
    }

    /// Marks that the message says what to do next.
    pub(crate) fn explained(self) -> Self {
        self.advised("")
    }

    /// Returns what to do next; `None` if the message says so.
    pub(super) fn remedy(&self) -> Option<&'static str> {
        match self.0.remedy {
            Some("") => None,
            Some(remedy) => Some(remedy),
            None => usual(self),
        }
    }
}

/// Returns the usual next step after an error that is not retryable.
fn usual(error: &Error) -> Option<&'static str> {
    Some(match error.kind() {
        // Their messages name the setting and what it must be, or the method to call.
        ErrorKind::Configuration | ErrorKind::Proxy | ErrorKind::WorkFailed => return None,
        // The message about a missing credential names the setter.
        ErrorKind::Credentials if error.0.source.is_none() => return None,
        ErrorKind::Credentials => "check the credentials provider",
        ErrorKind::InvalidRequest => "nothing was sent: correct the request",
        ErrorKind::Tls => {
            "check the host, or trust its certificate authority with `ClientBuilder::http`"
        }
        ErrorKind::Cancelled => "it may have been started: check before you start it again",
        ErrorKind::Redirect => "check the base URL",
        ErrorKind::Api => of_status(error.status()?, error.request_id().is_some()),
        ErrorKind::ResponseTooLarge => "raise the limit, or ask for less",
        ErrorKind::File => "check the path, its permissions and the space that is left",
        ErrorKind::Decode => "read it as `serde_json::Value` with `send_as`, or update the client",
        ErrorKind::Pagination => "request single pages with the parameters of the operation",
        // Retryable, unless work is under way, of which the text says more.
        ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => return None,
    })
}

/// Returns the next step after an error response.
fn of_status(status: StatusCode, has_request_id: bool) -> &'static str {
    match status.as_u16() {
        _ if status.is_success() => "the status is a success: do what the text says",
        304 => "nothing changed: use the copy that you have",
        _ if status.is_redirection() => "check the base URL",
        401 => "check the credential",
        402 => "check the plan and the credit of the account",
        403 => "use a credential that may do this",
        404 => "check the ids in the request, and the base URL",
        405 | 501 => "check the base URL, or update the client",
        407 => "give the proxy a user and a password, as in `http://user:password@proxy:3128`",
        406 | 415 => "choose another media type",
        409 | 412 | 428 => "read the current state, and decide again",
        410 => "it is gone for good: drop the reference to it",
        413 => "send less at once",
        414 | 431 => "shorten the request",
        511 => "sign in to the network, as with a browser",
        500.. if has_request_id => "ask the operator of the API, and quote the request id",
        500.. => "ask the operator of the API",
        _ => "correct the request",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::api_error::Hidden;
    use crate::error::echo::Echo;
    use crate::error::{ApiError, ErrorBody};

    const ALL: [ErrorKind; 16] = [
        ErrorKind::Configuration,
        ErrorKind::Credentials,
        ErrorKind::InvalidRequest,
        ErrorKind::Connect,
        ErrorKind::Tls,
        ErrorKind::Proxy,
        ErrorKind::Transport,
        ErrorKind::Timeout,
        ErrorKind::Cancelled,
        ErrorKind::WorkFailed,
        ErrorKind::Redirect,
        ErrorKind::Api,
        ErrorKind::ResponseTooLarge,
        ErrorKind::File,
        ErrorKind::Decode,
        ErrorKind::Pagination,
    ];

    fn api_error(status: u16) -> Error {
        let hidden = Hidden {
            secrets: &[],
            words: &[],
            echo: &Echo::default(),
        };
        let status = StatusCode::from_u16(status).unwrap();
        let headers = reqwest::header::HeaderMap::new();
        let error = ApiError::new(&ErrorBody::new(), status, &headers, b"", hidden);
        Error::api_error(error)
    }

    #[test]
    fn error_of_any_kind_says_what_to_do_next() {
        for kind in ALL {
            let error = match kind {
                ErrorKind::Api => api_error(422),
                kind => Error::new(kind, "it failed"),
            };
            let text = error.to_string();
            let is_in_message = [
                ErrorKind::Configuration,
                ErrorKind::Proxy,
                ErrorKind::WorkFailed,
                ErrorKind::Credentials,
            ];
            assert_eq!(
                text.ends_with(')'),
                !is_in_message.contains(&kind),
                "{text}"
            );
        }
    }

    #[test]
    fn error_of_any_status_says_what_to_do_next() {
        for status in 100..1000 {
            let text = api_error(status).to_string();
            assert!(text.ends_with(')'), "{text}");
        }
        assert!(api_error(404).to_string().contains("ids"));
    }

    #[test]
    fn own_remedy_replaces_the_usual_one() {
        let error = Error::new(ErrorKind::Decode, "it failed").advised("wait for spring");
        assert_eq!(error.to_string(), "it failed (wait for spring)");
        let error = Error::new(ErrorKind::Decode, "it failed: do this").explained();
        assert_eq!(error.to_string(), "it failed: do this");
        let retried = Error::new(ErrorKind::Connect, "it failed").advised("start the server");
        assert_eq!(
            retried.to_string(),
            "it failed (start the server; trying again may help)"
        );
    }
}

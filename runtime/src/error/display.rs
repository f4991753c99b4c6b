//! The text of an error: one line, with a hint about what to do next.

use std::error::Error as StdError;
use std::fmt;

use reqwest::StatusCode;

use super::{Error, ErrorKind, Inner};
use crate::operation::Endpoint;
use crate::text::one_line::one_line;

impl Error {
    /// Returns whether the server may have carried out a request that must not be retried blindly.
    fn may_have_happened(&self) -> bool {
        let repeatable = self.0.endpoint.as_ref().is_none_or(Endpoint::is_idempotent);
        let unclear = match self.kind() {
            ErrorKind::Transport | ErrorKind::Timeout => {
                self.attempts() > 0 && self.0.unprocessed.is_none()
            }
            ErrorKind::Api => {
                self.status() != Some(StatusCode::SERVICE_UNAVAILABLE) && !self.is_undone()
            }
            _ => false,
        };
        unclear && !repeatable
    }

    /// Returns the hint in parentheses at the end of the text.
    fn advice(&self) -> Option<String> {
        if self.0.is_under_way {
            let advice = match self.run_id() {
                Some(_) => "do not start it again: ask for it by `run_id`",
                None => "it goes on: do not start it again before you know how it ended",
            };
            return Some(advice.to_owned());
        }
        if !self.is_retryable() {
            return None;
        }
        Some(match self.retry_after() {
            _ if self.may_have_happened() => {
                "it may have been carried out: check before trying again".to_owned()
            }
            Some(wait) => format!("try again in {} s", wait.as_secs_f64().ceil()),
            None => "trying again may help".to_owned(),
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            endpoint,
            attempts,
            message,
            api,
            source,
            ..
        } = &*self.0;
        if let Some(endpoint) = endpoint {
            write!(f, "{endpoint}: ")?;
        }
        match api {
            Some(api) => write!(f, "{api}")?,
            None => f.write_str(message)?,
        }
        if f.alternate() {
            let mut cause = source.as_deref().map(|it| it as &dyn StdError);
            while let Some(error) = cause {
                write!(f, ": {}", one_line(&error.to_string()))?;
                cause = error.source();
            }
        }
        if let Some(id) = self.request_id() {
            write!(f, " [request id {}]", one_line(id))?;
        }
        let mut notes = Vec::new();
        if *attempts > 1 {
            notes.push(format!("{attempts} attempts"));
        }
        #[cfg(feature = "poll")]
        if let Some(outcome) = self.0.outcome
            && self.kind() != ErrorKind::WorkFailed
        {
            notes.push(outcome.note().to_owned());
        }
        if let Some(given_up) = self.0.given_up {
            notes.push(given_up.to_owned());
        }
        // A retry is the usual remedy.
        let is_usual = self.0.remedy.is_none() && self.is_retryable();
        if let Some(remedy) = self.remedy().filter(|_| !is_usual && !self.0.is_under_way) {
            notes.push(remedy.to_owned());
        }
        notes.extend(self.advice());
        if !notes.is_empty() {
            write!(f, " ({})", notes.join("; "))?;
        }
        Ok(())
    }
}

/// Prints the fields, for logs and for `main() -> Result<(), Error>`. Like `Display`, the output
/// contains no credential and no complete body.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            message,
            endpoint,
            attempts,
            status,
            api,
            // Headers may hold cookies.
            headers: _,
            elapsed,
            last_event_id,
            resume_value,
            // The message contains them where they are relevant.
            run_id: _,
            #[cfg(feature = "poll")]
                outcome: _,
            is_under_way: _,
            is_temporary: _,
            unprocessed: _,
            given_up: _,
            remedy: _,
            source,
        } = &*self.0;
        let mut fields = f.debug_struct("Error");
        fields.field("kind", kind);
        if let Some(endpoint) = endpoint {
            fields.field("operation", &format_args!("{endpoint}"));
        }
        match api {
            Some(api) => fields.field("api", api),
            None => fields.field("message", message),
        };
        if let (Some(status), None) = (status, api) {
            fields.field("status", status);
        }
        if *attempts > 0 {
            fields.field("attempts", attempts);
        }
        if let Some(id) = self.request_id() {
            fields.field("request_id", &one_line(id));
        }
        if let Some(elapsed) = elapsed {
            fields.field("elapsed", elapsed);
        }
        // The server chose the value, which may contain anything.
        for (name, place) in [
            ("last_event_id", last_event_id),
            ("resume_value", resume_value),
        ] {
            if let Some(place) = place {
                fields.field(name, &format_args!("{} bytes", place.len()));
            }
        }
        if let Some(source) = source {
            fields.field("source", source);
        }
        fields.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::tests::PURCHASE;

    #[test]
    fn error_says_what_may_have_happened() {
        let purchase = || Endpoint::Operation(&PURCHASE);
        let text = |kind, attempts| {
            Error::new(kind, "no response came")
                .at(purchase())
                .after(attempts)
                .to_string()
        };
        assert_eq!(
            text(ErrorKind::Timeout, 1),
            "billing.purchase_credits: no response came (it may have been carried out: check before trying again)"
        );
        assert_eq!(
            text(ErrorKind::Timeout, 0),
            "billing.purchase_credits: no response came (trying again may help)"
        );
        assert_eq!(
            text(ErrorKind::Connect, 2),
            "billing.purchase_credits: no response came (2 attempts; trying again may help)"
        );
    }

    #[test]
    fn error_causes_are_shown_in_alternate_form() {
        let error = Error::new(ErrorKind::Connect, "it failed").caused_by("because\nof this");
        assert_eq!(error.to_string(), "it failed (trying again may help)");
        assert_eq!(
            format!("{error:#}"),
            "it failed: because of this (trying again may help)"
        );
        assert_eq!(error.source().unwrap().to_string(), "because\nof this");
    }
}

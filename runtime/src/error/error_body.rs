//! The shape of an API's error responses.

/// The names of the properties in which an API's error responses say what went wrong.
///
/// Of each list the first property that is there counts. Properties are looked for at the top of
/// the JSON body, and then in an object `error`, where some services nest them.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorBody {
    /// The properties that may hold the stable, machine-readable code.
    pub code: &'static [&'static str],
    /// The properties that may hold the text for a human.
    pub message: &'static [&'static str],
    /// The properties that may hold the id of this error on the server.
    pub id: &'static [&'static str],
    /// The codes that are public. They are not redacted even where they are part of a credential.
    pub known_codes: &'static [&'static str],
}

impl ErrorBody {
    /// Returns the usual shape: `code`, one of `message`, `detail`, `title` and `error`, and
    /// `error_id` or `request_id`.
    #[doc(hidden)]
    #[must_use]
    pub const fn new() -> Self {
        Self {
            code: &["code"],
            message: &["message", "detail", "title", "error"],
            id: &["error_id", "request_id"],
            known_codes: &[],
        }
    }

    /// Sets [`code`](ErrorBody::code).
    #[doc(hidden)]
    #[must_use]
    pub const fn code(mut self, properties: &'static [&'static str]) -> Self {
        self.code = properties;
        self
    }

    /// Sets [`message`](ErrorBody::message).
    #[doc(hidden)]
    #[must_use]
    pub const fn message(mut self, properties: &'static [&'static str]) -> Self {
        self.message = properties;
        self
    }

    /// Sets [`id`](ErrorBody::id).
    #[doc(hidden)]
    #[must_use]
    pub const fn id(mut self, properties: &'static [&'static str]) -> Self {
        self.id = properties;
        self
    }

    /// Sets [`known_codes`](ErrorBody::known_codes).
    #[doc(hidden)]
    #[must_use]
    pub const fn known_codes(mut self, codes: &'static [&'static str]) -> Self {
        self.known_codes = codes;
        self
    }

    pub(super) fn knows(&self, code: &str) -> bool {
        self.known_codes.contains(&code)
    }
}

impl Default for ErrorBody {
    fn default() -> Self {
        Self::new()
    }
}

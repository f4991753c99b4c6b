//! What the caller of code generation decides.

use crate::error::Error;

/// How to generate; knows nothing of any one API.
///
/// What is particular to a document stands in its overlay, as extensions: `x-method-name`,
/// `x-pagination` and `x-long-running` of an operation, `x-secret` of a schema, `x-reference` of the
/// document.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) runtime: String,
    pub(crate) reserved_accessors: Vec<String>,
}

impl Default for Settings {
    /// Generated code calls `crate::runtime`, whose client has the methods of this project's.
    fn default() -> Self {
        let reserved = [
            "attempt",
            "base",
            "builder",
            "call",
            "call_as",
            "call_events",
            "call_undecoded",
            "clone",
            "discard_credential",
            "exchange",
            "follow",
            "from",
            "from_env",
            "http",
            "into",
            "issue",
            "new",
            "next",
            "options",
            "prepare",
            "request",
            "settings",
            "with",
        ];
        Self {
            runtime: "crate::runtime".to_owned(),
            reserved_accessors: reserved.map(str::to_owned).to_vec(),
        }
    }
}

impl Settings {
    /// The module that generated code calls for everything that is not generated.
    #[must_use]
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.runtime = path.into();
        self
    }

    pub(crate) fn runtime_path(&self) -> Result<syn::Path, Error> {
        syn::parse_str(&self.runtime)
            .map_err(|error| Error::Refine(format!("runtime `{}`: {error}", self.runtime)))
    }

    /// Names of methods that the client has already, which no tag's accessor may take.
    #[must_use]
    pub fn reserved_accessors<S: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> Self {
        self.reserved_accessors = names.into_iter().map(Into::into).collect();
        self
    }
}

//! Settings of code generation.

use syn::parse_quote;

use crate::error::Error;

/// Settings of code generation, independent of any API.
///
/// Facts about one document belong into its overlay, as extensions: `x-method-name` and
/// `x-pagination` of an operation, `x-secret` of a schema, `x-setter-name` of a security scheme,
/// `x-reference` and `x-error-body` of the document.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) runtime: String,
    pub(crate) client: String,
    pub(crate) crate_path: Option<String>,
    pub(crate) credential_hint: String,
    pub(crate) reserved_accessors: Vec<String>,
}

impl Default for Settings {
    /// Generated code calls `::neo_client_runtime::codegen`; its client is `crate::Client`.
    fn default() -> Self {
        let reserved = [
            "builder",
            "clone",
            "from_env",
            "request",
            "with",
            "with_options",
        ];
        Self {
            runtime: "::neo_client_runtime::codegen".to_owned(),
            client: "crate::Client".to_owned(),
            crate_path: None,
            credential_hint: String::new(),
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

    /// The client whose methods give the handles of the tags: a newtype over the runtime's client.
    #[must_use]
    pub fn client(mut self, path: impl Into<String>) -> Self {
        self.client = path.into();
        self
    }

    /// The first remedy that an error about a missing credential names, such as environment
    /// variables. The text comes before "call `x` of the client's builder", so it ends with `, or
    /// `.
    #[must_use]
    pub fn credential_hint(mut self, hint: impl Into<String>) -> Self {
        self.credential_hint = hint.into();
        self
    }

    pub(crate) fn client_path(&self) -> Result<syn::Path, Error> {
        syn::parse_str(&self.client)
            .map_err(|error| Error::Refine(format!("client `{}`: {error}", self.client)))
    }

    /// Sets the path by which users name the generated code, such as `neo_client`.
    ///
    /// Examples in the documentation of methods use the path, and there are none without it. The
    /// module at the path must export `Client`, `types`, and the crates `chrono`, `serde_json` and
    /// `uuid`.
    #[must_use]
    pub fn crate_path(mut self, path: impl Into<String>) -> Self {
        self.crate_path = Some(path.into());
        self
    }

    /// The path of the runtime in generated code, whose files import it as `runtime`.
    pub(crate) fn runtime_path(&self) -> Result<syn::Path, Error> {
        self.runtime_import()?;
        Ok(parse_quote! { runtime })
    }

    /// The import that each file begins with.
    pub(crate) fn runtime_import(&self) -> Result<syn::Item, Error> {
        let path: syn::Path = syn::parse_str(&self.runtime)
            .map_err(|error| Error::Refine(format!("runtime `{}`: {error}", self.runtime)))?;
        Ok(parse_quote! {
            #[allow(unused_imports)]
            use #path as runtime;
        })
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

//! Settings of code generation.

use syn::parse_quote;

use crate::error::Error;

/// The methods of the generated `Client` and of its traits, and `from_env`, which crates add by
/// hand.
const CLIENT_METHODS: &[&str] = &[
    "as_ref",
    "borrow",
    "builder",
    "clone",
    "clone_into",
    "fmt",
    "from",
    "from_env",
    "into",
    "request",
    "to_owned",
    "try_into",
    "type_id",
    "with_options",
];

/// Settings of code generation, independent of any API.
///
/// Facts about one document belong into its overlay, as extensions: `x-method-name`,
/// `x-accessor-name`, `x-pagination` and `x-end-marker` of an operation, `x-secret` of a schema,
/// `x-setter-name` and `x-setter-by-hand` of a security scheme,
/// `x-reference` and `x-error-body` of the document.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) runtime: String,
    pub(crate) crate_path: Option<String>,
    pub(crate) credential_hint: String,
    pub(crate) reserved_accessors: Vec<String>,
    pub(crate) tag_features: bool,
    pub(crate) response_builders: Option<String>,
    pub(crate) source: Option<String>,
}

impl Default for Settings {
    /// Generated code calls `::neo_client_runtime::codegen`.
    fn default() -> Self {
        Self {
            runtime: "::neo_client_runtime::codegen".to_owned(),
            crate_path: None,
            credential_hint: String::new(),
            tag_features: false,
            response_builders: None,
            source: None,
            reserved_accessors: CLIENT_METHODS.iter().copied().map(str::to_owned).collect(),
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

    /// The first remedy that an error about a missing credential names, such as environment
    /// variables. The text comes before "call `x` of the client's builder", so it ends with
    /// "or".
    #[must_use]
    pub fn credential_hint(mut self, hint: impl Into<String>) -> Self {
        self.credential_hint = hint.into();
        self
    }

    /// Sets the path by which users name the generated code, such as `neo_client`.
    ///
    /// Examples in the documentation of methods use the path, and there are none without it. The
    /// module at the path must export `Client`, `types`, the crate `serde_json`, and the crates
    /// `chrono` and `uuid` if the code needs them
    /// ([`Output::runtime_features`](crate::Output::runtime_features)).
    #[must_use]
    pub fn crate_path(mut self, path: impl Into<String>) -> Self {
        self.crate_path = Some(path.into());
        self
    }

    /// Sets the URL at which the document was found.
    ///
    /// Relative URLs of servers, and a relative `$self`, are resolved against the URL. Without it,
    /// a relative server follows the host that the caller names.
    #[must_use]
    pub fn source(mut self, url: impl Into<String>) -> Self {
        self.source = Some(url.into());
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

    /// Compiles the operations of each tag, and the types that they need, only with the Cargo
    /// feature of the tag; see [`Output::features`](crate::Output::features). The feature of a tag
    /// must enable the features of the runtime that the tag needs
    /// ([`Output::runtime_features`](crate::Output::runtime_features)), by features of the crate
    /// with the same names: a type that no operation needs is compiled if these and all tags are
    /// enabled.
    #[must_use]
    pub fn tag_features(mut self, are_used: bool) -> Self {
        self.tag_features = are_used;
        self
    }

    /// Compiles the builders of types that no request holds only with a Cargo feature. Programs
    /// need them in tests alone.
    #[must_use]
    pub fn response_builders(mut self, feature: impl Into<String>) -> Self {
        self.response_builders = Some(feature.into());
        self
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

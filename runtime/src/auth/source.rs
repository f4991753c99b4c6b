//! The sources of credentials of a client: a fixed credential, or a provider with a cache.

use std::fmt;
use std::sync::Arc;

use super::credential::Credential;
use super::token_cache::TokenCache;

/// The source of the credential of a security scheme, or of one of several.
pub(crate) struct CredentialSource {
    /// The names of the schemes. A provider of several says with each credential which one it is
    /// for.
    pub(crate) schemes: Vec<&'static str>,
    pub(crate) kind: SourceKind,
}

/// A credential, or what provides one.
pub(crate) enum SourceKind {
    Fixed(Arc<Credential>),
    Provider(TokenCache),
}

impl CredentialSource {
    /// Returns the credential, or the last one of a provider.
    pub(crate) fn last(&self) -> Option<Arc<Credential>> {
        match &self.kind {
            SourceKind::Fixed(credential) => Some(Arc::clone(credential)),
            SourceKind::Provider(cache) => cache.last(),
        }
    }
}

impl fmt::Debug for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            SourceKind::Fixed(credential) => f.write_str(credential.kind_name()),
            SourceKind::Provider(_) => f.write_str("provider"),
        }
    }
}
